import { fork } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BrowseFolder } from '../../local/browse-folder.ts';
import type { ObjectsAnswer, SearchAnswer } from '../../pages/answers.ts';
import { keepRules, plantedNights, prune } from '../end-to-end/pruning.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { Browsed } from './browsed.ts';

const golden = new GoldenFolder('format-2');
const backup = '2026-11-25_02-00-00';
const folderIn = (directory: string) => join(directory, '.work', 'browse');
const filesIn = (directory: string) => readdirSync(folderIn(directory)).sort();

/** Finds the laptop, once the index is there. */
async function searched(directory: string, of = backup): Promise<number> {
  const browsed = await Browsed.of(directory);
  const { total } = await browsed.indexed<SearchAnswer>('search', { backup: of, words: 'laptop' });
  await browsed.close();
  return total;
}

describe('the index of a backup', () => {
  it('lies beside the backups for its owner alone, and is made once', async () => {
    const directory = golden.copy();
    await searched(directory);
    const [file = '', ...others] = filesIn(directory);
    expect(others).toEqual([]);
    expect(statSync(folderIn(directory)).mode & 0o777).toBe(0o700);
    const path = join(folderIn(directory), file);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const made = statSync(path);
    expect(await searched(directory)).toBeGreaterThan(0);
    expect(statSync(path).ino).toBe(made.ino);
    expect(statSync(path).mtimeMs).toBe(made.mtimeMs);
  });

  it('is made anew where the backup is another one by now, where somebody has written over it, or it is of another version', async () => {
    const directory = golden.copy();
    const total = await searched(directory);
    const [first = ''] = filesIn(directory);
    renameSync(join(directory, backup), join(directory, 'away'));
    renameSync(join(directory, '2026-11-23_02-00-00'), join(directory, backup));
    const other = await searched(directory);
    const [second = ''] = filesIn(directory);
    expect(second).not.toBe(first);
    expect(filesIn(directory)).toHaveLength(1);
    for (const bytes of ['', 'no database', readFileSync(join(folderIn(directory), second)).subarray(0, 5_000)]) {
      writeFileSync(join(folderIn(directory), second), bytes);
      expect(await searched(directory)).toBe(other);
    }
    renameSync(join(directory, backup), join(directory, '2026-11-23_02-00-00'));
    renameSync(join(directory, 'away'), join(directory, backup));
    expect(await searched(directory)).toBe(total);
  });

  it('goes where its backup is gone, and so does what was never finished', async () => {
    const directory = golden.copy();
    await searched(directory);
    await searched(directory, '2026-11-24_02-00-00');
    const [kept = '', gone = ''] = filesIn(directory);
    const old = join(folderIn(directory), `${kept}.1-2.new`);
    writeFileSync(old, 'half');
    writeFileSync(join(folderIn(directory), `${kept}.3-4.new`), 'of somebody who is at it');
    utimesSync(old, 1, 1);
    rmSync(join(directory, backup), { recursive: true });
    await (await BrowseFolder.beside(directory)).keepOnly(['2026-11-23_02-00-00', '2026-11-24_02-00-00']);
    expect(gone).toContain(backup);
    expect(filesIn(directory)).toEqual([kept, `${kept}.3-4.new`]);
  });

  it('leaves what another process is writing of the same backup', async () => {
    const directory = golden.copy();
    const total = await searched(directory);
    const [file = ''] = filesIn(directory);
    rmSync(join(folderIn(directory), file));
    const others = `${file}.3-4.new`;
    writeFileSync(join(folderIn(directory), others), 'of somebody who is at it');
    expect(await searched(directory)).toBe(total);
    expect(filesIn(directory)).toEqual([file, others]);
  });

  it('is pruned with its backup, and what was pruned is no more browsed', async () => {
    const { directory, names, clock } = await plantedNights(4);
    keepRules(directory, { last: 2 });
    for (const name of names) await searched(directory, name);
    expect(filesIn(directory)).toHaveLength(4);
    await prune(directory, { clock, dryRun: true });
    expect(filesIn(directory)).toHaveLength(4);
    await prune(directory, { clock });
    expect(filesIn(directory).map((file) => file.split('.')[0])).toEqual(names.slice(2));
  });

  it('is in a folder of the process where nobody may write beside the backups', async () => {
    const directory = golden.copy();
    // Nobody makes a folder there, whoever he is.
    const indexes = await BrowseFolder.beside('/proc');
    expect(indexes.areTemporary).toBe(true);
    const browsed = await Browsed.of(directory, { indexes });
    const found = await browsed.indexed<SearchAnswer>('search', { backup, words: 'laptop' });
    expect(found.total).toBeGreaterThan(0);
    const type = { backup, schema: 2, type: 3, sort: 18, filter: 'laptop' };
    expect((await browsed.indexed<ObjectsAnswer>('objects', type)).total).toBeGreaterThan(0);
    expect(existsSync(join(directory, '.work'))).toBe(false);
  });

  it('is whole or not there, at whichever reading its making is killed', async () => {
    const directory = golden.copy();
    const expected = await searched(golden.copy());
    const readings = await killedAt(directory, Number.POSITIVE_INFINITY);
    expect(readings).toBeGreaterThan(3);
    for (const stopAt of [0, Math.floor(readings / 2), readings - 1]) {
      rmSync(folderIn(directory), { recursive: true, force: true });
      expect(await killedAt(directory, stopAt)).toBe(stopAt);
      expect(filesIn(directory).filter((file) => file.endsWith('.sqlite'))).toEqual([]);
      // What the next one knows as unfinished, and clears away when it is old.
      expect(filesIn(directory).every((file) => file.endsWith('.new'))).toBe(true);
      expect(await searched(directory), `killed at reading ${stopAt}`).toBe(expected);
    }
  });
});

/** Makes the index in a process that is killed at a reading, or when it is made; how many readings there were till then. */
async function killedAt(directory: string, stopAt: number): Promise<number> {
  const program = join(import.meta.dirname, 'index-building.ts');
  const child = fork(program, [directory, backup, String(stopAt)], { stdio: 'inherit' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const message = await new Promise((resolve) => child.once('message', resolve));
  child.kill('SIGKILL');
  await ended;
  return Number(message);
}
