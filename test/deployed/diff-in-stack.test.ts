import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { manifestFile } from '../../core/backup-format/manifest.ts';
import { backup, manifest } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import type { PretendAws } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const line = (id: number) => ({
  ...{ kind: 'object', change: 'changed', schema: 'ASSETS', type: 'Hardware/Laptop', id: String(id) },
  ...{ key: `ASSETS-${id}`, label: `Laptop ${id}` },
  attributes: [{ id: '7', name: 'Owner', before: ['Ann Lee'], after: ['Bob Ray'] }],
});

const summary = {
  ...{ left: backup, right: 'https://myorganization.atlassian.net', isEqual: false },
  configuration: { added: 0, removed: 0, changed: 0 },
  objects: [{ schema: 'ASSETS', type: 'Hardware/Laptop', added: 0, removed: 0, changed: 12, same: 3 }],
  notCompared: ['Comments and history are not compared with a site.'],
};

const file = 'diffs/one/lines/00001-00001.jsonl';

/** Of the function, one after the other; one with an error's name is a failure. */
function answering(aws: PretendAws, answers: readonly object[]): void {
  let asked = 0;
  aws.invoked = () => answers[asked++] ?? {};
}

const asked = (aws: PretendAws) => aws.inputsOf('Invoke').map(({ Payload }) => Payload as Record<string, unknown>);

/** A stack with a backup, whose function needs three invocations. */
async function prepared() {
  const stack = await pretendStack();
  stack.put(manifestKey(backup), manifestFile(manifest()));
  const lines = Array.from({ length: 12 }, (_, number) => `${JSON.stringify(line(number + 1))}\n`);
  stack.put(file, Buffer.from(lines.join('')));
  answering(stack.aws, [
    { next: 1, compared: 0, expected: 0, summary: null, files: [] },
    { next: 2, compared: 9, expected: 15, summary: null, files: [file] },
    { next: null, compared: 15, expected: 15, summary, files: [file] },
  ]);
  return stack;
}

describe('diff --live with a stack', () => {
  it('goes on until its function is through, and reads the lines from the work bucket', async () => {
    const { run, aws } = await prepared();

    const { exitCode, stdout, lastLine } = await run(['diff', backup, '--live', '--type', 'Laptop']);

    expect(exitCode).toBe(14);
    expect(stdout).toContain('  ~ ASSETS-1  Laptop 1\n      Owner: Ann Lee → Bob Ray\n');
    expect(stdout).toContain('  and 2 more changed\n');
    expect(stdout).toContain(`All of it, a line of JSON each: s3://assets-backup-work/${file}`);
    expect(lastLine).toBe('12 objects differ (12 changed); 3 objects are the same.');
    const given = asked(aws);
    expect(given.map(({ from }) => from)).toEqual([0, 1, 2]);
    expect(new Set(given.map(({ diff }) => diff)).size).toBe(1);
    expect(given[0]).toMatchObject({ backup, filters: { type: 'Laptop' } });
    expect(String(given[0]?.diff)).toMatch(/^[\w-]{1,64}$/);
  });

  it('with --json writes the same lines, and the counts', async () => {
    const { run } = await prepared();
    const { exitCode, stdout, stderr } = await run(['diff', backup, '--live', '--json']);
    expect(exitCode).toBe(14);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as object);
    expect(lines).toHaveLength(13);
    expect(lines[0]).toEqual(line(1));
    expect(lines.at(-1)).toEqual({
      ...{ type: 'diff', stack: 'assets-backup', region: 'eu-central-1', ...summary, exitCode: 14 },
    });
    expect(stderr).toBe('');
  });

  it.each([
    ['WrongInputError', 2, 'The backup is of another site.'],
    ['LoginRefusedError', 12, 'The backup is of another site.'],
    ['DamagedBackupError', 13, 'The backup is of another site.'],
    ['Runtime.OutOfMemory', 1, /The function assets-backup-DiffWithSite failed: Runtime\.OutOfMemory: .*CloudWatch/s],
  ])('ends as the function does: %s is %i', async (errorType, code, sentence) => {
    const { run, aws } = await prepared();
    answering(aws, [{ errorType, errorMessage: 'The backup is of another site.', trace: [] }]);
    const { exitCode, stderr } = await run(['diff', backup, '--live']);
    expect(exitCode).toBe(code);
    if (typeof sentence === 'string') expect(stderr).toContain(sentence);
    else expect(stderr).toMatch(sentence);
  });

  it.each([
    [{}],
    [{ next: 0, compared: 0, expected: 0, summary: null, files: [] }],
    [{ next: null, compared: 0, expected: 0, summary: null, files: [] }],
  ])('takes %j for no answer', async (answer) => {
    const { run, aws } = await prepared();
    answering(aws, [answer]);
    const { exitCode, stderr } = await run(['diff', backup, '--live']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('answered something else than was asked for');
  });

  it('ends at Ctrl-C', async () => {
    const { run, aws } = await prepared();
    const io = new RecordedIo();
    aws.fault = (operation) => {
      if (operation === 'Invoke') io.pressCtrlC();
      return undefined;
    };
    const { exitCode, stderr } = await run(['diff', backup, '--live'], io);
    expect(exitCode).toBe(130);
    expect(stderr).toContain('Comparing changes nothing');
  });
});
