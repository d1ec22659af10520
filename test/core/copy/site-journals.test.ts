import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../end-to-end/local-run.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';
import { copy, filesIn, withStore } from './copy-run.ts';

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
    expect(result?.journals).toEqual({ carried: journals.size + 1, renewed: 0, same: 0, left: 0 });
    expect((await copy(from, to, backup, { withJournals: true })).result).toMatchObject({
      there: 'copied',
      journals: { carried: 0, renewed: 0, same: journals.size + 1, left: 0 },
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
    expect(first.result?.journals).toEqual({ carried: 0, renewed: 0, same: 0, left });
    expect(journalsIn(to).size).toBe(0);

    const second = await copy(from, to, backup, { withJournals: true });

    expect(second.result).toMatchObject({ there: 'copied', journals: { carried: left, left: 0 } });
    expect(journalsIn(to)).toEqual(journalsIn(from));
    expect((await copy(from, to, backup)).result?.journals).toEqual({ carried: 0, renewed: 0, same: left, left: 0 });
  });

  it.each(['a journal', 'what was accepted'])(
    'refuses where %s is other there, before anything is copied',
    async (what) => {
      const { from, to } = prepared();
      const key = what === 'a journal' ? ([...journalsIn(from).keys()].at(-1) ?? '') : accepted;
      put(to, key, '{"restore":"another"}');

      const { error } = await copy(from, to, backup, { withJournals: true });

      expect(error).toMatchObject({ name: 'CopyRefusedError', exitCode: 1 });
      expect(error?.message).toContain(
        `${join(to, '.work', key)} is not what ${from} has, nor what was carried from there last: restores`,
      );
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
      ...{ carried: 0, renewed: 0, same: 0, left: 0 },
    });
    expect(journalsIn(to).size).toBe(0);
  });
});

describe('--with-journals, again', () => {
  /** A folder that was copied from, of which one journal has gone on since. */
  async function goneOn() {
    const { from, to } = prepared();
    await copy(from, to, backup, { withJournals: true });
    const key = [...journalsIn(from).keys()].find((one) => one.includes('/objects/')) ?? '';
    return { from, to, key: go(from, key) };
  }

  /** Writes a file of the work store anew, as a restore would that goes on. */
  function go(directory: string, key: string): string {
    put(directory, key, `${filesIn(directory, '.work').get(key)} `);
    return key;
  }

  it('brings what is still as it was carried to where the source is now, however often', async () => {
    const { from, to } = await goneOn();
    const { result } = await copy(from, to, backup, { withJournals: true });
    expect(result?.journals).toMatchObject({ carried: 0, renewed: 1, left: 0 });
    expect(journalsIn(to)).toEqual(journalsIn(from));

    go(from, accepted);
    expect((await copy(from, to, backup)).result?.journals).toMatchObject({ renewed: 0, left: 1 });
    const third = await copy(from, to, backup, { withJournals: true });
    expect(third.result?.journals).toMatchObject({ carried: 0, renewed: 1, left: 0 });
    expect(workIn(to).get(accepted)).toBe(workIn(from).get(accepted));
  });

  it('knows of what was the same already that it was', async () => {
    const { from, to } = prepared();
    cpSync(join(from, '.work'), join(to, '.work'), { recursive: true });
    await copy(from, to, backup, { withJournals: true });
    go(from, accepted);

    expect((await copy(from, to, backup, { withJournals: true })).result?.journals).toMatchObject({ renewed: 1 });
  });

  it.each([
    'was written there',
    'is older at the source than what was carried',
    'is other at another source',
    'is written there in the last moment',
  ])('refuses, and changes nothing, where one %s', async (what) => {
    const { from, to, key } = await goneOn();
    let source = from;
    if (what === 'was written there') go(to, go(to, key));
    if (what === 'is older at the source than what was carried') {
      const old = workIn(to).get(key) ?? '';
      await copy(from, to, backup, { withJournals: true });
      put(from, key, old);
    }
    if (what === 'is other at another source') {
      source = testDirectory();
      cpSync(from, source, { recursive: true });
    }
    const before = journalsIn(to);
    const { error } = await copy(source, to, backup, {
      withJournals: true,
      destination: (place) =>
        what !== 'is written there in the last moment'
          ? place
          : withStore(place, 'work', {
              replace: async (written: string, text: string, version: string) => {
                go(to, go(to, key));
                before.set(key, journalsIn(to).get(key) ?? '');
                return place.work.replace(written, text, version);
              },
            }),
    });

    expect(error).toMatchObject({ name: 'CopyRefusedError', exitCode: 1 });
    expect(error?.message).toContain(join(to, '.work', key));
    expect(journalsIn(to)).toEqual(before);
  });

  it('goes on where it was killed at any write', async () => {
    const { from, to: once } = await goneOn();
    go(from, accepted);
    for (let at = 0; at < 4; at += 1) {
      const to = testDirectory();
      cpSync(once, to, { recursive: true });
      let writes = 0;
      const write =
        <Given extends unknown[]>(real: (...given: Given) => unknown) =>
        (...given: Given) => {
          writes += 1;
          if (writes > at) throw new Error('The process was killed.');
          return real(...given);
        };
      const killed = await copy(from, to, backup, {
        withJournals: true,
        destination: (place) =>
          withStore(place, 'work', {
            create: write((key: string, text: string) => place.work.create(key, text)),
            replace: write((key: string, text: string, version: string) => place.work.replace(key, text, version)),
          }),
      });
      expect(killed.error === undefined, `write ${at}`).toBe(at === 3);
      const { error } = await copy(from, to, backup, { withJournals: true });
      expect(error, `write ${at}`).toBeUndefined();
      expect(journalsIn(to)).toEqual(journalsIn(from));
      expect(workIn(to).get(accepted)).toBe(workIn(from).get(accepted));
    }
  });
});

it('a damaged journal keeps nobody from copying the backup alone', async () => {
  const { from, to } = prepared();
  for (const key of journalsIn(from).keys()) appendFileSync(join(from, '.work', key), '}');

  expect((await copy(from, to, backup, { withJournals: true })).error).toMatchObject({ name: 'DamagedWorkFileError' });
  expect((await copy(from, to, backup)).result).toMatchObject({ there: 'nothing' });
});
