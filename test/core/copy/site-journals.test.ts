import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../end-to-end/local-run.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';
import { copy, filesIn } from './copy-run.ts';

const golden = new GoldenFolder('format-1');
const backup = '2026-11-23_02-00-00';
const site = '90000000-0000-4000-8000-000000000001';
const accepted = `accepted/${site}.json`;

/** A folder whose backup was restored, or is being restored by a process that was killed, with something accepted. */
function prepared(run: 'finished' | 'killed-at-objects' = 'finished') {
  const from = golden.copy(run);
  put(from, accepted, JSON.stringify({ accepted: [] }));
  return { from, to: testDirectory() };
}

function put(directory: string, key: string, text: string): void {
  const path = join(directory, '.work', key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What the work folder holds but marks, by their keys. */
function workIn(directory: string): Map<string, string> {
  return new Map([...filesIn(directory, '.work')].filter(([key]) => !/^(readers|copied)\//.test(key)));
}

const journalsIn = (directory: string) => new Map([...workIn(directory)].filter(([key]) => /^journals\//.test(key)));

describe('--with-journals', () => {
  it('carries the journals of the site, and what was accepted, as they are, and nothing else of a finished restore', async () => {
    const { from, to } = prepared();
    const journals = journalsIn(from);

    const { result } = await copy(from, to, backup, { withJournals: true });

    expect(workIn(to)).toEqual(new Map(journals).set(accepted, workIn(from).get(accepted) ?? ''));
    expect(journals.size).toBeGreaterThan(1);
    expect(result?.journals).toEqual({ carried: journals.size + 1, same: 0, left: 0 });
    expect((await copy(from, to, backup, { withJournals: true })).result).toMatchObject({
      there: 'copied',
      journals: { carried: 0, same: journals.size + 1, left: 0 },
    });
  });

  it('of a restore that has not come to its end carries what was there before it as well', async () => {
    const { from, to } = prepared('killed-at-objects');

    await copy(from, to, backup, { withJournals: true });

    const carried = [...workIn(to).keys()].filter((key) => key.startsWith('restores/'));
    expect(carried.length).toBe(11);
    expect(carried.every((key) => /^restores\/[^/]+\/before\/\d+\.json$/.test(key))).toBe(true);
    expect(journalsIn(to)).toEqual(journalsIn(from));
  });

  it('leaves journals of other sites where they are', async () => {
    const { from, to } = prepared();
    put(from, 'journals/other/target/objects/x.00000.json', '{"restore":"x","entries":{}}');

    await copy(from, to, backup, { withJournals: true });

    expect(existsSync(join(to, '.work/journals/other'))).toBe(false);
  });

  it('brings what a copy without it has left behind', async () => {
    const { from, to } = prepared();
    const first = await copy(from, to, backup);
    const left = journalsIn(from).size + 1;
    expect(first.result?.journals).toEqual({ carried: 0, same: 0, left });
    expect(journalsIn(to).size).toBe(0);

    const second = await copy(from, to, backup, { withJournals: true });

    expect(second.result).toMatchObject({ there: 'copied', journals: { carried: left, left: 0 } });
    expect(journalsIn(to)).toEqual(journalsIn(from));
    expect((await copy(from, to, backup)).result?.journals).toEqual({ carried: 0, same: left, left: 0 });
  });

  it.each(['a journal', 'what was accepted'])(
    'refuses where %s is other there, before anything is copied',
    async (what) => {
      const { from, to } = prepared();
      const key = what === 'a journal' ? ([...journalsIn(from).keys()].at(-1) ?? '') : accepted;
      put(to, key, '{"restore":"another"}');

      const { error } = await copy(from, to, backup, { withJournals: true });

      expect(error).toMatchObject({ name: 'CopyRefusedError', exitCode: 1 });
      expect(error?.message).toContain(`${join(to, '.work', key)} is not what ${from} has: restores have gone on`);
      expect(error?.message).toContain('otherwise leave out --with-journals');
      expect(existsSync(join(to, backup))).toBe(false);
      expect([...workIn(to).keys()]).toEqual([key]);
      // Without it the backup itself goes over.
      expect((await copy(from, to, backup)).result).toMatchObject({ there: 'nothing' });
    },
  );

  it('refuses journals that are not whole, and copies nothing', async () => {
    const { from, to } = prepared();
    const lost = [...journalsIn(from).keys()].find((key) => key.includes('/configuration/')) ?? '';
    rmSync(join(from, '.work', lost));

    const { error } = await copy(from, to, backup, { withJournals: true });

    expect(error).toMatchObject({ name: 'DamagedWorkFileError', exitCode: 15 });
    expect(existsSync(join(to, backup))).toBe(false);
  });

  it.each(['source', 'destination'] as const)('waits for no restore that runs at the %s: it refuses', async (end) => {
    const { from, to } = prepared('killed-at-objects');
    const lock = filesIn(from, '.work').get(`locks/${site}.json`) ?? '';
    put(to, `locks/${site}.json`, lock);
    const runs = { holder: (executionId: string) => ({ executionId }), hasEnded: async () => false };

    const { error } = await copy(from, to, backup, {
      withJournals: true,
      [end]: (place: object) => ({ ...place, runs }),
    });

    expect(error).toMatchObject({ name: 'RunInProgressError', exitCode: 11 });
    expect(existsSync(join(to, backup))).toBe(false);
  });

  it('of a place that has none is a copy without any', async () => {
    const from = golden.copy();
    const to = testDirectory();
    expect((await copy(from, to, backup, { withJournals: true })).result?.journals).toEqual({
      ...{ carried: 0, same: 0, left: 0 },
    });
    expect(journalsIn(to).size).toBe(0);
  });
});

it('a damaged journal keeps nobody from copying the backup alone', async () => {
  const { from, to } = prepared();
  for (const key of journalsIn(from).keys()) appendFileSync(join(from, '.work', key), '}');

  expect((await copy(from, to, backup, { withJournals: true })).error).toMatchObject({ name: 'DamagedWorkFileError' });
  expect((await copy(from, to, backup)).result).toMatchObject({ there: 'nothing' });
});
