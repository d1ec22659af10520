import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RestoreChoices } from '../../core/model/restore.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { backUp, testSimulator } from '../end-to-end/local-run.ts';
import { companySite } from '../end-to-end/restore-company.ts';
import { launcher, startProcess } from './command-process.ts';
import { backup } from './pretend-product.ts';
import { counts, hash, planCounts, planSummary } from './pretend-restore.ts';
import { run } from './restored.ts';
import { temporaryFolder } from './temporary-folder.ts';

const what = (choices: readonly RestoreChoices[]) =>
  choices.map(({ dryRun, approve }) => (dryRun ? 'planned' : (approve ?? 'carried out')));

/** Answers, and keeps what was asked. */
function person(answer: string) {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  return { questions, ask };
}

const ended = Object.assign(new Error('The input has ended.'), { name: 'AbortError' });
const approvals = ['make the attribute HR / Person: Badge'];

describe('restore at a terminal', () => {
  it('plans, shows the plan in short and asks once; a yes carries that very plan out', async () => {
    const { questions, ask } = person(' Yes');
    const summary = planSummary({
      approvals,
      counts: planCounts({ object: counts({ create: 5, update: 2, reuse: 10_000 }), attribute: counts({ create: 1 }) }),
    });
    const { exitCode, stdout, stderr, allAsked } = await run(['restore', backup], { summary, ask });

    expect(exitCode).toBe(0);
    expect(questions).toEqual([
      '7 objects on target.atlassian.net will be created or changed; Jira automation may fire on each. Go on? [y/N]',
    ]);
    expect(what(allAsked)).toEqual(['planned', hash]);
    expect(stderr).toMatch(/Target +https:\/\/target\.atlassian\.net\n/);
    expect(stderr).toMatch(/Objects +5 to create, 2 to change, 10,000 left as they are\n/);
    expect(stderr).toMatch(/To make or set +1 attribute\n/);
    expect(stderr).toContain(`Changes in what is there (1):\n  - ${approvals[0]}\n`);
    // The result alone goes to stdout.
    expect(stdout).not.toContain('Changes in what');
    expect(stdout).toMatch(/^Restored 2 schemas/m);
  });

  it.each([
    ['a no', async () => 'n'],
    ['Enter', async () => ''],
    ['any other word', async () => 'yesterday'],
    ['the end of the input', () => Promise.reject(ended)],
  ])('ends with 1 at %s, and nothing is carried out', async (_, ask) => {
    const { exitCode, stdout, stderr, allAsked } = await run(['restore', backup], { ask });

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(what(allAsked)).toEqual(['planned']);
    expect(stderr).toMatch(new RegExp(`Nothing was written. To carry it out: npx .* restore .* --approve ${hash}\n$`));
  });

  it('ends with 130 at Ctrl-C', async () => {
    const { exitCode, stderr, allAsked } = await run(['restore', backup], {
      ask: async (_, io) => {
        io.pressCtrlC();
        throw ended;
      },
    });

    expect(exitCode).toBe(130);
    expect(stderr).toContain('Interrupted. Nothing was written.');
    expect(what(allAsked)).toEqual(['planned']);
  });

  it('asks nothing where there is nothing to write, and checks it', async () => {
    const { questions, ask } = person('n');
    const nothing = planSummary({ writes: 0, counts: planCounts({ object: counts({ reuse: 3 }) }) });
    const { exitCode, allAsked } = await run(['restore', backup], { summary: nothing, ask });

    expect({ exitCode, questions }).toEqual({ exitCode: 0, questions: [] });
    expect(what(allAsked)).toEqual(['planned', hash]);
  });

  it('asks nothing where "fail" would end it, and says why', async () => {
    const { questions, ask } = person('y');
    const summary = planSummary({ clashes: { attributes: 2, objects: 1, places: [] } });
    const { exitCode, stderr, allAsked } = await run(['restore', backup, '--on-existing', 'fail'], { summary, ask });

    expect({ exitCode, questions }).toEqual({ exitCode: 1, questions: [] });
    expect(stderr).toContain('2 values of 1 object that is there differ from the backup');
    expect(what(allAsked)).toEqual(['planned']);
  });

  it('says so where no object would be written', async () => {
    const { questions, ask } = person('n');
    const summary = planSummary({ writes: 3, counts: planCounts({ attribute: counts({ create: 3 }) }) });
    await run(['restore', backup], { summary, ask });

    expect(questions).toEqual(['3 things on target.atlassian.net will be written, and no object. Go on? [y/N]']);
  });

  it('asks for a token once, however often it starts', async () => {
    let tokens = 0;
    const askSecret = async () => `token-${++tokens}`;
    const { exitCode, allAsked } = await run(['restore', backup], {
      env: { ASSETS_SITE_NAME: 'target.atlassian.net' },
      askSecret,
      ask: async () => 'y',
    });

    expect({ exitCode, tokens }).toEqual({ exitCode: 0, tokens: 1 });
    expect(allAsked).toHaveLength(2);
  });

  it.each([
    ['with --yes', ['restore', backup, '--yes'], ['carried out']],
    ['with --approve', ['restore', backup, '--approve', hash], [hash]],
    ['with --json', ['restore', backup, '--json'], ['carried out']],
    ['with --dry-run', ['restore', backup, '--dry-run'], ['planned']],
    ['for a plan', ['plan', backup], ['planned']],
  ])('asks nothing %s', async (_, argv, expected) => {
    const { questions, ask } = person('n');
    const { exitCode, allAsked } = await run(argv, { ask });

    expect({ exitCode, questions }).toEqual({ exitCode: 0, questions: [] });
    expect(what(allAsked)).toEqual(expected);
  });
});

describe('restore where nobody can be asked', () => {
  it('carries out what only creates, and ends with 1 at its plan where it changes what is there', async () => {
    const creates = await run(['restore', backup]);
    const changes = await run(['restore', backup], { summary: planSummary({ approvals }) });

    expect(creates.exitCode).toBe(0);
    expect(what(creates.allAsked)).toEqual(['carried out']);
    expect(changes.exitCode).toBe(1);
    expect(what(changes.allAsked)).toEqual(['carried out']);
    expect(changes.lastLine).toMatch(new RegExp(`Nothing was changed.*--approve ${hash}$`));
  });

  it.each([[[]], [['--json']]])('approves with --yes what it would wait for %j', async (json) => {
    const { exitCode, io, allAsked } = await run(['restore', backup, '--yes', ...json], {
      summary: planSummary({ approvals }),
    });

    expect(exitCode).toBe(0);
    expect(what(allAsked)).toEqual(['carried out', hash]);
    expect(json.length === 0 || io.document().type === 'restore').toBe(true);
  });
});

/** A company of which a laptop and an attribute are gone, and the command that restores them. */
async function accident() {
  const { site, laptops, laptop } = companySite();
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  site.deleteObject(laptops[0] as StoredObject);
  const note = site.typeAttributes(laptop.id).find(({ name }) => name === 'Note');
  site.attributes.delete(note?.id ?? 0);
  site.configurationChanged();
  const settings = join(temporaryFolder(), 'site.json');
  const { credentials, url } = simulator;
  const login = { siteName: url, apiUrl: url, username: credentials.username, apiToken: credentials.apiToken };
  writeFileSync(settings, JSON.stringify(login), { mode: 0o600 });
  const argv = ['restore', result?.backup ?? '', '--local', directory, '--site', settings];
  return { simulator, command: [process.execPath, launcher, ...argv] };
}

describe('the command itself', () => {
  it('does not take a yes that comes through a pipe', { timeout: 60_000 }, async () => {
    const { simulator, command } = await accident();
    const { child, ended } = startProcess(command, {}, 'pipe');
    child.stdin?.on('error', () => undefined);
    child.stdin?.write('y\n'.repeat(100));
    const { exitCode, stdout, stderr } = await ended;

    expect(exitCode).toBe(1);
    expect(stderr).not.toContain('Go on?');
    expect(stdout).toMatch(/1 thing above needs your approval\. Approve and go on: .* --approve [0-9a-f]{64}\n$/);
    expect(simulator.requests.writes).toEqual([]);
  });

  // `script` of util-linux gives a program a terminal.
  const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
  it.skipIf(!hasTerminal).each([
    { answer: '\r', exitCode: 1, created: undefined },
    { answer: '\u0004', exitCode: 1, created: undefined },
    { answer: '\u0003', exitCode: 130, created: undefined },
    { answer: 'y\r', exitCode: 3, created: 1 },
  ])('asks at a real terminal, and $answer gives $exitCode', { timeout: 60_000 }, async (expected) => {
    const { simulator, command } = await accident();
    const line = command.map((word) => `'${word}'`).join(' ');
    const { child, ended } = startProcess(['script', '-qec', line, '/dev/null'], { TERM: 'xterm' }, 'pipe');
    let isAnswered = false;
    child.stdout?.on('data', (text: string) => {
      if (isAnswered || !text.includes('[y/N]')) return;
      isAnswered = true;
      child.stdin?.write(expected.answer);
    });
    const { exitCode, stdout } = await ended;

    expect(stdout).toContain('Changes in what is there (2)');
    expect(exitCode).toBe(expected.exitCode);
    expect(simulator.requests.writesByEndpoint()['object-create']).toBe(expected.created);
  });
});
