import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { undoLocally } from '../../local/local-restore.ts';
import { pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { backUp, settingsFor, testClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';
import { wholeOf } from './undo-kills.ts';

/** A company with a restore in it, and the command line against its site. */
async function restored() {
  const { site, laptops, places } = companySite();
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  for (const object of [laptops[0], places[0]]) if (object) site.deleteObject(object);
  const before = wholeOf(site);
  const { result: done } = await restore(simulator, directory, { folder: result?.backup ?? '' });
  const name = done?.restore ?? '';
  const file = join(directory, 'target.json');
  const { requestBudget } = settingsFor(simulator);
  const login = { siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials };
  writeFileSync(file, JSON.stringify({ ...login, requestBudget }), { mode: 0o600 });
  const { product } = pretendProduct(undefined, {
    undo: (options) => undoLocally({ ...options, clock: testClock }),
  });
  const run = async (argv: readonly string[], answer?: string) => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer ?? '';
    };
    const io = new RecordedIo({ columns: 100, ...(answer !== undefined && { ask }) });
    const exitCode = await runCommandLine([...argv, '--local', directory, '--site', file], io, product);
    return { exitCode, questions, stdout: io.stdout.text, stderr: io.stderr.text, io };
  };
  return { site, before, name, directory, file, simulator, run };
}

describe('the command undo', () => {
  it('shows its plan and the line that approves it, which undoes the restore', async () => {
    const { site, before, name, run, directory, file } = await restored();
    const planned = await run(['undo', name]);
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('2 objects');
    const [, hash = ''] = /--approve ([0-9a-f]{64})\n$/.exec(planned.stdout) ?? [];
    expect(planned.stdout).toContain(
      `npx assets-backup undo ${name} --local ${directory} --site ${file} --approve ${hash}`,
    );
    expect(wholeOf(site)).not.toEqual(before);

    const undone = await run(['undo', name, '--approve', hash]);
    expect(undone.exitCode).toBe(0);
    expect(undone.stdout).toContain('Undone: 2 objects deleted');
    expect(wholeOf(site)).toEqual(before);
    const status = await runStatus(directory);
    expect(status).toContain(`undone by `);
  });

  it('asks once at a terminal: a no ends 1 with nothing written, a yes undoes', async () => {
    const { site, before, name, run } = await restored();
    const now = wholeOf(site);
    const no = await run(['undo', name], 'n');
    expect([no.exitCode, no.questions.length]).toEqual([1, 1]);
    expect(no.questions[0]?.replaceAll(/\s+/g, ' ')).toMatch(/will be deleted or set back; Jira automation may fire/);
    expect(wholeOf(site)).toEqual(now);
    const yes = await run(['undo', name], 'y');
    expect(yes.exitCode).toBe(0);
    expect(wholeOf(site)).toEqual(before);
  });

  it('asks nothing with --yes, and gives one document with --json', async () => {
    const { site, before, name, run } = await restored();
    const undone = await run(['undo', name, '--yes', '--json']);
    expect(undone.exitCode).toBe(0);
    expect(undone.io.document()).toMatchObject({
      type: 'undo',
      undo: name,
      deleted: 2,
      exitCode: 0,
      report: { stays: [] },
    });
    expect(wholeOf(site)).toEqual(before);
    const again = await run(['undo', name]);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('Nothing was left to undo');
  });

  it('ends with 3 where something stays, and names it', async () => {
    const { site, name, run } = await restored();
    const made = [...site.objects.all()].findLast((object) => site.label(object) === 'Laptop 0');
    if (!made) throw new Error('it was made');
    site.addComment({ object: made, text: 'mine' });
    const undone = await run(['undo', name, '--yes']);
    expect(undone.exitCode).toBe(3);
    expect(undone.stdout).toContain('somebody has commented on it');
  });

  it('says which restores there are where it knows none of that name', async () => {
    const { name, run } = await restored();
    const unknown = await run(['undo', 'nonsense']);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(`The newest here: ${name}`);
  });
});

async function runStatus(directory: string): Promise<string> {
  const io = new RecordedIo();
  await runCommandLine(['status', '--local', directory], io, pretendProduct().product);
  return io.stdout.text;
}
