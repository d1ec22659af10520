import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { backUpLocally, type LocalBackupOptions } from '../../local/local-backup.ts';
import { LocalRuns } from '../../local/local-runs.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testClock, testDirectory, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

/** The command, with the backups of the disk. */
const product = { ...pretendProduct().product, openBackups: async (name: string) => openLocalStores(name).backups };

/** The company's site with a backup of it, of which a laptop and a place were deleted. */
async function backedUp() {
  const { site, laptop, laptops, places } = companySite();
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  for (const object of [laptops[0], places[0]]) site.deleteObject(object as StoredObject);
  const backup = result?.backup ?? '';
  const status = async (...more: readonly string[]) => {
    const io = new RecordedIo();
    const exitCode = await runCommandLine(['status', '--local', directory, ...more], io, product);
    // Of the folder itself, and below it of its restores.
    const [, text = io.stdout.text] = io.stdout.text.split(
      /(?<=\n)(?:Nothing runs now|There is no good backup yet)\..*\n\n/,
    );
    return { exitCode, text, stdout: io.stdout.text, stderr: io.stderr.text };
  };
  return {
    ...{ site, laptop, laptops, directory, backup, simulator, status },
    run: (input = {}, options = {}) => restore(simulator, directory, { folder: backup, ...input }, options),
    documented: async () => JSON.parse((await status('--json')).text) as { restores: Record<string, unknown>[] },
  };
}

describe('status of a folder', () => {
  it('says what came of a restore that was interrupted, and the line that goes on, until one has gone on', async () => {
    const { directory, backup, simulator, status, run, documented } = await backedUp();
    const killer = new Killer(1, 'after', 'createObject');
    await run({ include: { objectTypes: ['Laptop'] } }, { decorate: killer.decorate });
    const line = `npx assets-backup restore ${backup} --local ${directory} --site target.json --only-type Laptop`;

    const interrupted = await status();
    expect(interrupted).toMatchObject({ exitCode: 0, stderr: '' });
    const [name, ...lines] = interrupted.text.split('\n');
    expect(name).toMatch(/^\d{4}-\d\d-\d\d_[\d-]+_[0-9a-f]{8}$/);
    expect(lines).toEqual([
      '  interrupted',
      `  of ${backup}`,
      `  to ${simulator.url}`,
      '  Go on:',
      `    ${line}`,
      '',
      `1 restore in ${directory}: 1 can be gone on with.`,
      "target.json stands for the file with the target's login.",
      '',
    ]);
    expect((await documented()).restores).toMatchObject([
      { state: 'interrupted', kind: 'restore', backup, outcome: null, lost: null, next: line },
    ]);

    const { result } = await run({ include: { objectTypes: ['Laptop'] } });
    expect(result?.outcome).toBe('restored-with-losses');
    const { restores } = await documented();
    expect(restores).toMatchObject([
      { name: result?.restore, state: 'finished', lost: result?.losses, next: line, input: { folder: backup } },
      { state: 'interrupted', goneOnBy: result?.restore, next: null },
    ]);
    const { text } = await status();
    expect(text).toContain(`${result?.restore}\n  restored, ${result?.losses} values still lost\n`);
    expect(text).toContain(`  Once more, when it is mended:\n    ${line}\n`);
    expect(text).toContain(`\n  interrupted\n  gone on with by ${result?.restore}\n`);
    expect(text).toContain(`, ${result?.losses} values still lost.`);
  });

  it('has no line for what ended before it had a plan, such as what was refused', async () => {
    const { site, laptop, laptops, directory, status, run, documented } = await backedUp();
    const edited = laptops[1] as StoredObject;
    site.objects.setValues(edited, new Map([...edited.values, ...site.storedValues(laptop, { Note: 'other' })]));
    const errors = [
      (await run({ include: { objectTypes: ['Nope'] } })).error?.name,
      (await run({ approve: '0'.repeat(64) })).error?.name,
      (await run({ onExisting: 'fail' })).error?.name,
    ];
    expect(errors).toEqual(['WrongInputError', 'PlanChangedError', 'ExistingDiffersError']);

    const { text } = await status();
    expect(text.match(/\n {2}ended before it had a plan, nothing was written\n/g)).toHaveLength(2);
    expect(text.match(/\n {2}ended at its plan, nothing was written\n/g)).toHaveLength(1);
    expect(text).not.toContain('Go on');
    expect(text).toContain(`3 restores in ${directory}: nothing is left to be done.`);
    expect((await documented()).restores).toMatchObject([
      { state: 'unplanned', next: null },
      { state: 'unplanned', next: null },
      { state: 'unplanned', next: null },
    ]);
  });

  it('says of a plan that it is one, of one that waits how it is approved, and of a whole one that nothing is lost', async () => {
    const { directory, backup, status, run, documented } = await backedUp();
    await run({ dryRun: true });
    expect((await status()).text).toMatch(
      /\n {2}only planned, nothing was written\n.*\n.*\n\n.*: nothing is left to be done\.\n$/,
    );

    const { result } = await run();
    expect(result?.outcome).toBe('restored');
    expect((await status()).text).toContain(`${result?.restore}\n  restored, nothing is lost\n`);
    expect((await documented()).restores).toMatchObject([
      { name: result?.restore, outcome: 'restored', lost: 0, differences: 0, next: null },
      { state: 'planned', outcome: 'planned', next: null },
    ]);
    expect((await status()).text).not.toContain(`--local ${directory} --site`);

    const waiting = await run({ dryRun: true, processComments: false });
    const file = join(directory, '.work', restoreKeys(waiting.result?.restore ?? '').outcome);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"planned"', '"outcome":"needs-approval"'));
    const { text } = await status();
    expect(text).toContain(`${waiting.result?.restore}\n  waits for approval, nothing was written\n`);
    expect(text).toContain(
      `  Approve and go on:\n    npx assets-backup restore ${backup} --local ${directory} --site target.json --no-comments --approve ${waiting.result?.hash}\n`,
    );
  });

  it('names restrictions that are taken off and not put back, and what an undo has taken back', async () => {
    const { directory, status, run, documented } = await backedUp();
    const { result } = await run();
    const name = result?.restore ?? '';
    const write = (restoreName: string, file: string, content: object) => {
      mkdirSync(join(directory, '.work/restores', restoreName), { recursive: true });
      writeFileSync(join(directory, '.work/restores', restoreName, file), JSON.stringify(content));
    };
    const attributes = [{ where: 'ASSETS / Laptop: Owner', id: '17' }];
    write(name, 'relaxed.json', { attributes, putBack: false });
    expect((await status()).text).toContain(
      '  Restrictions that are taken off and not put back (1):\n    - ASSETS / Laptop: Owner\n',
    );
    write(name, 'relaxed.json', { attributes, putBack: true });
    expect((await status()).text).not.toContain('Restrictions');

    const undo = '2099-01-01_00-00-00_0a1b2c3d';
    write(undo, 'undo.json', { undo: name, dryRun: false, approve: null });
    write(undo, 'plan-outcome.json', { next: null, go: true, result: null });
    expect((await status()).text).toContain(
      `  Go on:\n    npx assets-backup undo ${name} --local ${directory} --site target.json\n`,
    );
    write(undo, 'result.json', { ...result, restore: undo, losses: 2, outcome: 'restored-with-losses' });
    expect((await status()).text).toContain(`${undo}\n  undone, 2 things stay\n  undo of ${name}\n`);
    write(undo, 'result.json', { ...result, restore: undo, losses: 1, outcome: 'restored-with-losses' });
    expect((await status()).text).toContain(`${undo}\n  undone, 1 thing stays\n`);
    expect((await documented()).restores).toMatchObject([
      { kind: 'undo', undo: name },
      { name, undoneBy: undo, next: null },
    ]);
  });

  it('without a restore says so, and whether the folder is there; a damaged file is 15 and named', async () => {
    const [empty, missing] = [new RecordedIo(), new RecordedIo()];
    const directory = testDirectory();
    expect(await runCommandLine(['status', '--local', directory], empty, product)).toBe(0);
    expect(empty.stdout.text).toMatch(/\n {2}Last good backup {2}none\n {2}Runs now {10}nothing\n/);
    expect(empty.stdout.text).toContain(`\n\nThere are no restores in ${directory}.\n`);
    expect(await runCommandLine(['status', '--local', join(directory, 'no')], missing, product)).toBe(10);
    expect(missing.stderr.text).toContain(join(directory, 'no'));

    mkdirSync(join(directory, '.work/restores/2026-11-24_08-00-00_3f9a1c2e'), { recursive: true });
    writeFileSync(join(directory, '.work/restores/2026-11-24_08-00-00_3f9a1c2e/choices.json'), '{');
    const damaged = new RecordedIo();
    expect(await runCommandLine(['status', '--local', directory], damaged, product)).toBe(15);
    expect(damaged.stdout.text).toContain('choices.json is cut off');
  });

  it('lists the rest where files of one are damaged', async () => {
    const { directory, status, run, documented } = await backedUp();
    const [first, second] = [await run({ dryRun: true }), await run()].map(({ result }) => result?.restore ?? '');
    const file = join(directory, '.work', restoreKeys(first ?? '').choices);
    writeFileSync(file, '{');

    const { exitCode, text, stderr } = await status();
    expect({ exitCode, stderr }).toEqual({ exitCode: 15, stderr: '' });
    expect(text).toContain(`${second}\n  restored, nothing is lost\n`);
    const message = `${file} is cut off. Start again: each run makes its own. Where an undo reads it, it is of the restore that is undone: put its last whole copy back first.`;
    expect(text).toContain(`\n\n${first}\n  damaged: ${message}\n`);
    expect(text).toContain(`2 restores in ${directory}: 1 is damaged, nothing else is left to be done.\n`);
    expect(await documented()).toMatchObject({
      restores: [{ name: second, outcome: 'restored' }],
      damaged: [{ name: first, message }],
      exitCode: 15,
    });
  });

  it('says how the last runs ended, which backup is the last good one, what is none, and what runs now', async () => {
    const { simulator, directory, backup, status } = await backedUp();
    const run = async (credentials: object) => {
      const site = join(testDirectory(), 'site.json');
      const login = { siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials, ...credentials };
      writeFileSync(site, JSON.stringify(login), { mode: 0o600 });
      const backUp = (options: LocalBackupOptions) => backUpLocally({ ...options, clock: testClock });
      return runCommandLine(['backup', '--local', directory, '--site', site], new RecordedIo(), { ...product, backUp });
    };
    expect(await run({})).toBe(0);
    testClock.pass(1_000);
    await new Promise((later) => setTimeout(later, 1_100));
    expect(await run({ apiToken: 'another' })).toBe(12);
    mkdirSync(join(directory, '2026-01-01_00-00-00'), { mode: 0o700 });
    writeFileSync(join(directory, '2026-01-01_00-00-00/left.json'), '{}');

    const document = JSON.parse((await status('--json')).text);
    const good = document.lastGoodBackup.backup as string;
    expect(good > backup).toBe(true);
    expect(document).toMatchObject({
      lastGoodBackup: { status: 'complete', isRecorded: true, suspicions: [] },
      executions: [
        { machine: 'backup', status: 'FAILED', result: 'LoginRefusedError', message: expect.stringMatching(/refused/) },
        { machine: 'backup', status: 'SUCCEEDED', result: 'complete', message: null },
      ],
      notWhole: [{ backup: '2026-01-01_00-00-00', state: 'unfinished' }],
      running: [],
      exitCode: 0,
    });
    const { stdout } = await status();
    expect(stdout).toMatch(
      new RegExp(` {2}Last good backup {2}${good}, complete, [\\d,]+ objects, finished under a minute ago\n`),
    );
    expect(stdout).toMatch(/\n {2}backup {2}FAILED +LoginRefusedError .*\n {2}backup {2}SUCCEEDED +complete /);
    expect(stdout).toContain('\nNot whole (1):\n  - 2026-01-01_00-00-00, unfinished: ');
    expect(stdout).toContain(`Look into the last good backup: npx assets-backup show ${good} --local ${directory}\n`);

    const runs = new LocalRuns(openLocalStores(directory).work, testClock);
    const stop = await runs.startHeartbeat('it');
    const lock = { state: 'held', holder: runs.holder('it'), kind: 'restore', since: '2026-11-24T08:00:00.000Z' };
    mkdirSync(join(directory, '.work/locks'), { recursive: true });
    writeFileSync(join(directory, '.work/locks/w.json'), JSON.stringify(lock));
    expect((await status()).stdout).toMatch(
      /\n {2}Runs now +a restore, since 2026-11-24 08:00:00 UTC \(process \d+ on /,
    );
    await stop();
    expect((await status()).stdout).toMatch(/\n {2}Runs now +nothing\n/);
  });
});
