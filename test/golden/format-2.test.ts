import { describe, expect, it } from 'vitest';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { runCommand } from '../cli/command-process.ts';
import { compareSites } from '../end-to-end/equal-sites.ts';
import { backUp, HurriedClock, testSimulator } from '../end-to-end/local-run.ts';
import { restore } from '../end-to-end/restore-run.ts';
import { readStored, truthOf } from '../end-to-end/stored-site.ts';
import { GoldenFolder } from './golden-folder.ts';

const golden = new GoldenFolder('format-2');
/** A day after the last night. */
const clock = () => new HurriedClock(Date.UTC(2026, 10, 26, 8));

interface GoldenNight {
  readonly backup: string;
  readonly site: string;
  readonly base: string | null;
  readonly objects: number;
  readonly history: { readonly read: number; readonly carried: number; readonly missing: number };
  readonly comments: { readonly read: number; readonly carried: number; readonly missing: number };
  /** Whose activity is older than the backup, and was other by then. */
  readonly stale: { readonly history: readonly string[]; readonly comments: readonly string[] };
  /** What a restore of it lacks of the site as it was that night. */
  readonly lacking: readonly string[];
  readonly gaps: number;
  readonly lost: readonly string[];
}

const all = (read: number) => ({ read, carried: 0, missing: 0 });
const nights: readonly GoldenNight[] = [
  {
    ...{ backup: '2026-11-23_02-00-00', site: 'site-1.json', base: null, objects: 10, gaps: 0, lost: [] },
    ...{ history: all(10), comments: all(10), stale: { history: [], comments: [] }, lacking: [] },
  },
  {
    ...{ backup: '2026-11-24_02-00-00', site: 'site-2.json', base: '2026-11-23_02-00-00', objects: 10, gaps: 1 },
    history: { read: 3, carried: 7, missing: 0 },
    comments: { read: 4, carried: 6, missing: 0 },
    // One that the site would not give anew, and one of a comment that nothing told of.
    stale: { history: ['4'], comments: ['5'] },
    lost: [
      'ASSETS: history of object 4: the backup holds only what was read on 2026-11-23 or later, and nothing newer',
    ],
    lacking: ['object ASSETS-4: history entry 2 is in no comment', 'object ASSETS-5: comment 9 is there 0 times'],
  },
  {
    ...{ backup: '2026-11-25_02-00-00', site: 'site-3.json', base: '2026-11-24_02-00-00', objects: 11, gaps: 2 },
    history: { read: 3, carried: 7, missing: 1 },
    comments: { read: 2, carried: 9, missing: 0 },
    stale: { history: ['12'], comments: ['5'] },
    lost: [
      'ASSETS: comments of object 6: the backup holds only what was read on 2026-11-23 or later, and nothing newer',
      'ASSETS: history of object 12: the backup does not hold it',
    ],
    lacking: ['object ASSETS-5: comment 9 is there 0 times'],
  },
];

it('is as it was written: a golden folder is never changed', () => {
  expect(golden.checksums()).toEqual(golden.writtenChecksums());
});

describe.each(nights)('the backup $backup of format 2', ({ backup, ...night }) => {
  it.each([
    ['list', {}],
    [
      'show',
      {
        manifest: {
          ...{ name: backup, formatVersion: 2, counts: { objects: night.objects } },
          activity: { history: night.history, comments: night.comments },
          schemas: [{ base: { backup: night.base } }, { base: { backup: night.base } }],
        },
      },
    ],
    [
      'verify',
      { isWhole: true, objects: night.objects, problems: [], strangers: [], activity: { history: night.history } },
    ],
  ])('is read by %s', async (command, document) => {
    const name = command === 'list' ? [] : [backup];
    const { exitCode, stdout } = await runCommand([command, ...name, '--local', golden.copy(), '--json']);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject(document);
    if (command === 'list') expect(answer.backups.map((one: { backup: string }) => one.backup)).toContain(backup);
    expect(exitCode).toBe(0);
  });

  it('holds what the site held, but for what was not read again', async () => {
    const directory = golden.copy();
    const manifest = await openBackup(openLocalStores(directory).backups, backup);
    const stored = await readStored(directory, manifest);
    const truth = truthOf(siteOf(night));
    expect(stored.objects).toEqual(truth.objects);
    for (const kind of ['history', 'comments'] as const) {
      const differs = [...stored.objects.keys()].filter(
        (id) => JSON.stringify(stored[kind].get(id)) !== JSON.stringify(truth[kind].get(id)),
      );
      expect(differs, kind).toEqual(night.stale[kind]);
    }
    expect(manifest.gaps).toHaveLength(night.gaps);
  });

  it('comes back into an empty site', async () => {
    const target = emptySiteLike(siteOf(night));
    const simulator = await testSimulator({ site: target });
    const restored = await restore(simulator, golden.copy(), { folder: backup }, { clock: clock() });
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ created: night.objects, losses: night.gaps, differences: 0 });
    expect(restored.report?.losses.map(({ where, reason }) => `${where}: ${reason.split(':')[0]}`).sort()).toEqual(
      night.lost,
    );
    const schemas = new Map(['FAC', 'ASSETS'].map((key) => [key, key]));
    const options = { schemas, objects: restored.objects, history: true };
    expect(compareSites(siteOf(night), target, options)).toEqual(night.lacking);
  });
});

it('is no base of a night in a place that has no record of having made it', async () => {
  const simulator = await testSimulator({ site: golden.sourceSite('site-3.json') });
  const { manifest } = await backUp(simulator, { directory: golden.copy(), clock: clock() });
  const [base] = manifest?.schemas.map((schema) => schema.base) ?? [];
  expect(base?.backup).toBeNull();
  expect(base?.passedOver.map(({ backup }) => backup)).toEqual(nights.map(({ backup }) => backup).reverse());
});

function siteOf({ site }: Pick<GoldenNight, 'site'>) {
  const then = golden.sourceSite(site);
  then.linkBase = 'https://api.atlassian.com';
  return then;
}
