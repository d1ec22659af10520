import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siteOfDump } from '../../simulator/site/dump.ts';
import {
  damagedReading,
  damageFile,
  damages,
  goOn,
  type LeftWork,
  leftWork,
  sizesOf,
  smallSite,
  workFiles,
  workOfBackup,
} from './damaged-work.ts';
import { folderWithIssueLinks, withIssues } from './issues-company.ts';
import { backUp, testSimulator } from './local-run.ts';

const ways: readonly (readonly [
  string,
  ((text: string, other: string | undefined) => string | undefined) | undefined,
])[] = [['removed', undefined], ...Object.entries(damages)];

/** What other runs go by: a new run reads nothing else of what was left. */
const shared = /^(journals\/|locks\/|restores\/[^/]+\/before\/)/;
const kindOf = (key: string) => key.split('/').at(-2) ?? '';

function sharedFiles({ directory, target }: LeftWork): string[] {
  const { workspaceId } = siteOfDump(target);
  const files = workFiles(join(directory, '.work')).filter((key) => shared.test(key));
  // The backup had a lock too: of another site, or the same file.
  return files.filter((key) => !key.startsWith('locks/') || key.includes(workspaceId));
}

const kindsOf = (left: LeftWork) => [...new Set(sharedFiles(left).map(kindOf))].sort();

/** Damages each of these files in each way, and gives what did not end as it should. */
async function unlawful(left: LeftWork, others: LeftWork, fine: readonly string[]): Promise<string[]> {
  const whole = await goOn(left);
  expect(whole.restored.error).toBeUndefined();
  const wrong: string[] = [];
  const strangers = sharedFiles(others);
  for (const key of sharedFiles(left)) {
    for (const [way, damage] of ways) {
      const stranger = strangers.find((other) => kindOf(other) === kindOf(key));
      const other = stranger && readFileSync(join(others.directory, '.work', stranger), 'utf8');
      let isDamaged = false;
      const { restored, simulator } = await goOn(left, (folder) => {
        isDamaged = damageFile(join(folder, key), damage && ((text) => damage(text, other)));
      });
      if (!isDamaged) continue;
      const { error } = restored;
      const name = `${kindOf(key)} ${way}`;
      const isRefused =
        ['DamagedWorkFileError', 'UnsupportedFormatError'].includes(error?.name ?? '') &&
        error?.message.includes(basename(key)) &&
        simulator.requests.writes.length === 0;
      const isGoneOnWith =
        fine.includes(name) &&
        error === undefined &&
        JSON.stringify(sizesOf(simulator.site)) === JSON.stringify(sizesOf(whole.simulator.site));
      if (!isRefused && !isGoneOnWith) wrong.push(`${name}: ${error ?? restored.result?.message}`);
    }
  }
  return wrong;
}

describe('a restore after one whose work files are damaged', () => {
  it('makes nothing twice and names the file, where that one came to its end', { timeout: 300_000 }, async () => {
    const left = await leftWork('elsewhere');
    expect(kindsOf(left)).toEqual(['comments', 'configuration', 'left', 'links', 'locks', 'objects']);
    expect(await unlawful(left, await leftWork('elsewhere'), ['locks removed'])).toEqual([]);
  });

  it.each([
    ['createObject', ['before', 'comments', 'configuration', 'links', 'locks', 'objects'], []],
    [
      'createComment',
      ['before', 'comments', 'configuration', 'links', 'locks', 'objects'],
      // What was there before is asked for where a create is open.
      ways.map(([way]) => `before ${way}`),
    ],
  ])(
    'makes nothing twice and names the file, where that one was killed at %s',
    { timeout: 300_000 },
    async (at, kinds, fine) => {
      const left = await leftWork('in place', at);
      expect(kindsOf(left)).toEqual(kinds);
      // The other one's lock is of this very site, and so the very file.
      const other = await leftWork('in place', at);
      expect(await unlawful(left, other, ['locks removed', 'locks swapped with another', ...fine])).toEqual([]);
    },
  );

  it('goes on and makes nothing twice, or names the file, wherever a journal is cut', {
    timeout: 300_000,
  }, async () => {
    const left = await leftWork('in place', 'createComment');
    const whole = sizesOf((await goOn(left)).simulator.site);
    const journals = workFiles(join(left.directory, '.work')).filter((key) => key.startsWith('journals/'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...journals), fc.double({ min: 0, max: 1, noNaN: true }), async (key, share) => {
        const { restored, simulator } = await goOn(left, (work) =>
          damageFile(join(work, key), (text) => text.slice(0, Math.floor(text.length * share))),
        );
        if (restored.error === undefined) {
          expect(sizesOf(simulator.site)).toEqual(whole);
          return;
        }
        expect(restored.error).toMatchObject({ name: 'DamagedWorkFileError', exitCode: 15 });
        expect(restored.error.message).toContain(basename(key));
        expect(simulator.requests.writes).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

/** Each kind of file that a run's steps leave for each other, with its numbers taken out. */
function kindsOfRun(keys: Iterable<string>, prefix: string): string[] {
  return [...new Set([...keys].filter((key) => key.startsWith(prefix) && key.endsWith('.json')).map(kindOfKey))].sort();
}

const kindOfKey = (key: string) =>
  key
    .split('/')
    .filter((_, index) => index !== 1)
    .join('/')
    .replace(/(?<=\/)[0-9a-f-]{36}(?=\.)/, 'N')
    .replaceAll(/\d+/g, 'N');

/** A way for each kind, in turn: every way with every kind stands in the tests of the door itself. */
const inTurn = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const unread = ['emptied', 'cut', 'not JSON', 'of another shape'] as const;

/** Read by nobody but the page of a run that is done: it ends as it is, and says that it has no page, and why. */
const onlyShown = new Set(['restores/report.json', 'restores/result.json']);

describe('a run whose work files are damaged while it goes on', () => {
  it('stops with the name of the file, and the next restore makes nothing twice', { timeout: 300_000 }, async () => {
    const left = await leftWork('in place');
    const start = await leftWork('in place', 'createObject');
    const whole = sizesOf((await goOn(start)).simulator.site);
    const wrong: string[] = [];
    const read: string[] = [];
    for (const [index, kind] of kindsOfRun(workFiles(join(left.directory, '.work')), 'restores/').entries()) {
      const way = inTurn(unread, index);
      const { decorate, damaged } = damagedReading(
        (key) => key.startsWith('restores/') && kindOfKey(key) === kind,
        (text) => damages[way]?.(text, undefined),
      );
      const { restored, simulator, again } = await goOn(start, undefined, { decorate });
      const key = damaged();
      if (key === undefined) continue;
      read.push(kind);
      const { error } = restored;
      const unreported = restored.reporter.events.find(({ name }) => name === 'report.failed')?.fields;
      const [name, message] = error ? [error.name, error.message] : [unreported?.error, `${unreported?.message}`];
      if (name !== 'DamagedWorkFileError' || !message.includes(basename(key)) || !error !== onlyShown.has(kind))
        wrong.push(`${kind} ${way}: ${error}`);
      const resumed = await again();
      if (resumed.error || JSON.stringify(sizesOf(simulator.site)) !== JSON.stringify(whole))
        wrong.push(`${kind} ${way}, then: ${resumed.error}`);
    }
    expect(read.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('is not a backup that counts, and says which file', { timeout: 300_000 }, async () => {
    const simulator = await testSimulator({ site: withIssues(smallSite()), quirks: { issuePageSize: 1 } });
    const files = await workOfBackup();
    const wrong: string[] = [];
    const read: string[] = [];
    for (const [index, kind] of kindsOfRun(files.keys(), 'backups/').entries()) {
      const way = inTurn(unread, index);
      const { decorate, damaged } = damagedReading(
        (key) => key.startsWith('backups/') && kindOfKey(key) === kind,
        (text) => damages[way]?.(text, undefined),
      );
      const options = { directory: folderWithIssueLinks(), decorate, remainingMilliseconds: () => 0 };
      const { error, result } = await backUp(simulator, options);
      const key = damaged();
      if (key === undefined) continue;
      read.push(kind);
      const isNamed = ['DamagedWorkFileError', 'States.ItemReaderFailed'].some((name) =>
        `${error?.name} ${error}`.includes(name),
      );
      if (!isNamed || !error?.message.includes(basename(key))) wrong.push(`${kind} ${way}: ${error ?? result?.status}`);
    }
    expect(read.length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  });
});
