import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseBases } from '../../../../core/backup/activity/choose-base.ts';
import { recordFinish } from '../../../../core/backup/finish-records.ts';
import { backupName } from '../../../../core/backup-format/keys.ts';
import { openBackup } from '../../../../core/backup-format/open-backup.ts';
import type { Gap } from '../../../../core/model/outcome.ts';
import { runContract } from '../../../../core/model/run.ts';
import { openLocalStores } from '../../../../local/local-stores.ts';
import { damages } from '../../../end-to-end/damaged-files.ts';
import { testDirectory } from '../../../end-to-end/local-run.ts';
import { GoldenFolder } from '../../../golden/golden-folder.ts';
import { type PlantedNight, plantNight, testWorkspace } from '../planted-night.ts';

const startOf = (day: number) => `2026-11-${String(day).padStart(2, '0')}T02:00:00.000Z`;
const nameOf = (day: number) => backupName(startOf(day));
const tonight = 24;

const fac = [{ id: '1', objects: [{ id: '88', history: { read: startOf(1), records: 2 } }, { id: '89' }] }];
const users = [{ id: '2', objects: [{ id: '90' }] }];
const two = { FAC: fac, USERS: users };

/** A folder in real stores, and what the night of the 24th builds upon in it. */
function folder(directory = testDirectory()) {
  const stores = openLocalStores(directory);
  return {
    directory,
    ...stores,
    plant: (day: number, night: Partial<PlantedNight> = {}) =>
      plantNight(stores, { startedAt: startOf(day), schemas: two, ...night }),
    choose: ({ workspace = testWorkspace, ids = ['fac', 'users'] } = {}) => {
      const [backup, startedAt] = [nameOf(tonight), startOf(tonight)];
      return chooseBases(
        { ...stores, clock: { now: () => Date.parse(startedAt) + 60_000, sleep: async () => {} } },
        { contract: runContract, backup, executionId: 'tonight', startedAt, workspace },
        ids.map((id) => ({ id, key: id, name: id, folder: id })),
      );
    },
  };
}

const gap = (fields: Partial<Gap> = {}): Gap => ({
  kind: 'objects',
  what: 'a page',
  error: 'E',
  reason: 'r',
  ...fields,
});

/** What is said of both schemas where they have the same. */
const both = (backup: string | null, passedOver: readonly object[] = []) => ({
  fac: { backup, passedOver },
  users: { backup, passedOver },
});

describe('what a night builds upon', () => {
  it('is nothing where it is the first', async () => {
    const { said, bases } = await folder().choose();
    expect(said).toEqual(both(null));
    expect(bases.size).toBe(0);
  });

  it('is the newest before it, with all that it has', async () => {
    const { plant, choose } = folder();
    for (const day of [21, 23]) await plant(day);
    const { said, bases } = await choose();
    expect(said).toEqual(both(nameOf(23)));
    const base = bases.get('fac');
    const object = base?.object('88');
    expect(object).toMatchObject({ typeId: '1', history: { read: startOf(1), records: 2 }, comments: { records: 0 } });
    expect(object && base?.filesOf('history', object, 0).map(({ key }) => key)).toEqual([
      `${nameOf(23)}/FAC/objects/history/88.json`,
    ]);
    expect(base?.object('91')).toBeUndefined();
  });

  it('is told of each schema by itself, and a backup that a schema is not in is not spoken of', async () => {
    const { plant, choose } = folder();
    await plant(21);
    await plant(23, { schemas: { FAC: fac } });
    const { said, bases } = await choose();
    expect(said).toEqual({
      fac: { backup: nameOf(23), passedOver: [] },
      users: { backup: nameOf(21), passedOver: [] },
    });
    expect(bases.get('users')?.object('88')).toBeUndefined();
  });

  it.each([
    ['of another site', { manifest: { site: { ...testWorkspace, workspaceId: 'w2' } } }, 'It is of another site.'],
    ['without a record', { isRecorded: false }, 'There is no record that it was made here.'],
    [
      'without history and comments',
      {
        manifest: {
          options: {
            ...{ objectSchemaKeys: null, full: false, activity: false },
            ...{ activityMaxAgeDays: 14, activityFiles: 'object' as const, issueLinks: false },
          },
        },
      },
      'It was made without history and comments.',
    ],
    [
      'that ended after now',
      { manifest: { finishedAt: '2027-01-01T00:00:00.000Z' } },
      'Its times lie ahead of the clock.',
    ],
    ['that lacks what all schemas need', { manifest: { gaps: [gap()] } }, 'It is partial: it lacks a page.'],
  ] satisfies [string, Partial<PlantedNight>, string][])('is not one %s', async (_, night, reason) => {
    const { plant, choose } = folder();
    await plant(20);
    await plant(23, night);
    expect((await choose()).said).toEqual(both(nameOf(20), [{ backup: nameOf(23), reason }]));
  });

  it('is one that is partial in another schema only, or lacks only activity', async () => {
    const { plant, choose } = folder();
    await plant(20);
    const gaps = [
      gap({ schemaKey: 'USERS' }),
      gap({ kind: 'history', schemaKey: 'FAC', what: 'history of object 88' }),
    ];
    await plant(23, { manifest: { status: 'partial', gaps } });
    expect((await choose()).said).toEqual({
      fac: { backup: nameOf(23), passedOver: [] },
      users: {
        backup: nameOf(20),
        passedOver: [{ backup: nameOf(23), reason: 'It is partial: it lacks a page.' }],
      },
    });
  });

  it('is not one of the future, whatever its name', async () => {
    const { plant, choose } = folder();
    await plant(23);
    await plant(28);
    const passed = { backup: nameOf(28), reason: 'Its times lie ahead of the clock.' };
    expect((await choose()).said).toEqual(both(nameOf(23), [passed]));
  });

  it('is not one whose folder was renamed', async () => {
    const { directory, plant, choose } = folder();
    await plant(20);
    await plant(21);
    renameSync(join(directory, nameOf(21)), join(directory, nameOf(23)));
    const { said } = await choose();
    expect(said).toEqual(
      both(nameOf(20), [{ backup: nameOf(23), reason: 'There is no record that it was made here.' }]),
    );

    // And not with a record that somebody has given the new name either.
    const work = openLocalStores(directory).work;
    const manifest = await openBackup(openLocalStores(directory).backups, nameOf(23));
    await recordFinish(work, { backup: nameOf(23), executionId: 'x' }, manifest);
    const reason = `Its folder was renamed: it was ${nameOf(21)}.`;
    expect((await choose()).said).toEqual(both(nameOf(20), [{ backup: nameOf(23), reason }]));
  });

  const files = {
    'a manifest': 'manifest.json',
    'a list of files': 'manifest/files-00001.jsonl',
    'a list of activity': 'manifest/activity-00001.jsonl',
  };
  for (const [what, file] of Object.entries(files)) {
    it.each(Object.keys(damages) as (keyof typeof damages)[])(`is not one of which ${what} is %s`, async (damage) => {
      const { directory, plant, choose } = folder();
      await plant(20);
      await plant(23);
      damages[damage](join(directory, nameOf(23), file));
      const { said } = await choose();
      expect(said.fac?.backup).toBe(nameOf(20));
      expect(said).toEqual(both(nameOf(20), said.fac?.passedOver));
      // Without its manifest it never was a backup.
      const isNone = damage === 'removed' && file === 'manifest.json';
      expect(said.fac?.passedOver).toEqual(
        isNone ? [] : [{ backup: nameOf(23), reason: expect.stringContaining(`${nameOf(23)}/${file}`) }],
      );
    });
  }

  it('is not one of format 1, which does not say when what was read', async () => {
    const { directory, choose, backups, work } = folder();
    cpSync(join(new GoldenFolder('format-1').copy(), nameOf(23)), join(directory, nameOf(23)), { recursive: true });
    const golden = await openBackup(backups, nameOf(23));
    await recordFinish(work, { backup: nameOf(23), executionId: 'x' }, golden);
    const reason = 'It is of format version 1, which does not say when history and comments were read.';
    const { said } = await choose({ workspace: golden.site, ids: [golden.schemas[0]?.id ?? ''] });
    expect(Object.values(said)).toEqual([{ backup: null, passedOver: [{ backup: nameOf(23), reason }] }]);
  });

  it('is found below sixty others, and not further down', async () => {
    const { directory, plant, choose } = folder();
    await plant(1);
    const names = Array.from({ length: 60 }, (_, at) =>
      backupName(new Date(Date.parse(startOf(2)) + at * 60_000).toISOString()),
    );
    const [last = '', ...others] = names;
    const spoil = (name: string) => {
      cpSync(join(directory, nameOf(1)), join(directory, name), { recursive: true });
      writeFileSync(join(directory, name, 'manifest.json'), 'no manifest');
    };
    others.forEach(spoil);
    // A run that did not finish is no backup, and does not count.
    cpSync(join(directory, nameOf(1)), join(directory, nameOf(3)), { recursive: true });
    rmSync(join(directory, nameOf(3), 'manifest.json'));
    expect((await choose()).said.fac).toMatchObject({ backup: nameOf(1) });
    spoil(last);
    const { said } = await choose();
    expect(said.fac?.backup).toBeNull();
    expect(said.fac?.passedOver).toHaveLength(60);
  });
});
