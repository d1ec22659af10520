import { describe, expect, it } from 'vitest';
import { backupName, manifestKey } from '../../../core/backup-format/keys.ts';
import { findObjects } from '../../../core/find/find-objects.ts';
import type { FindRequest } from '../../../core/find/found.ts';
import type { Gap } from '../../../core/model/outcome.ts';
import { MemoryBackups } from '../../cli/pretend-product.ts';
import { RecordingReporter } from '../../end-to-end/local-run.ts';
import { type PlantedObjects, type PlantedThing, plantObjects } from './planted-objects.ts';

const startOf = (night: number) => new Date(Date.parse('2026-11-01T02:00:00.000Z') + night * 86_400_000).toISOString();
const nameOf = (night: number) => backupName(startOf(night));
const thing = (id: number, colour: string, type: PlantedThing['type'] = '11'): PlantedThing => ({
  ...{ id, type, colour, updated: '2026-01-01' },
});
const red = [thing(1, 'red'), thing(2, 'red'), thing(3, 'red', '21')];

/** Nights one after the other, each with these objects. */
async function planted(...nights: readonly Partial<PlantedObjects>[]): Promise<MemoryBackups> {
  const backups = new MemoryBackups();
  for (const [number, night] of nights.entries())
    await plantObjects(backups, { startedAt: startOf(number), things: red, ...night });
  return backups;
}

const find = (backups: MemoryBackups, request: FindRequest) =>
  findObjects({ backups, reporter: new RecordingReporter() }, request);

function damage(backups: MemoryBackups, pattern: RegExp): void {
  for (const [key, bytes] of backups.files) {
    if (!pattern.test(key)) continue;
    const damaged = bytes.slice();
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    backups.files.set(key, damaged);
  }
}

describe('a backup that cannot be read', () => {
  const gone = { things: red.slice(1) };

  it.each([
    ['manifest', '/manifest.json$'],
    ['list of files', '/manifest/files-'],
  ])('for its damaged %s is named, the others tell', async (_, pattern) => {
    const backups = await planted({}, {}, gone, gone);
    damage(backups, new RegExp(`${nameOf(1)}${pattern}`));
    const { unread, sites } = await find(backups, { words: ['one-1'] });
    expect(unread).toEqual([{ backup: nameOf(1), reason: expect.stringMatching(/damaged/) }]);
    expect(sites[0]?.objects[0]?.deleted).toEqual({ after: nameOf(0), by: nameOf(2) });
  });

  it('in a list of objects is named, and its files tell', async () => {
    const backups = await planted({}, {}, gone);
    damage(backups, new RegExp(`${nameOf(1)}/manifest/activity-`));
    const { unread, sites } = await find(backups, { words: ['one-1'] });
    expect(unread).toEqual([{ backup: nameOf(1), reason: expect.stringMatching(/activity-00001\.jsonl is damaged/) }]);
    expect(sites[0]?.objects[0]).toMatchObject({
      stands: { backups: 2, first: nameOf(0), last: nameOf(1) },
      deleted: { after: nameOf(1), by: nameOf(2) },
    });
  });

  it('in a file of objects is named, and does not hide what an older one shows to be the same', async () => {
    const backups = await planted({}, {}, gone);
    damage(backups, new RegExp(`${nameOf(1)}/ONE/objectsmeta/`));
    const { unread, sites } = await find(backups, { words: ['one-1'] });
    expect(unread).toEqual([{ backup: nameOf(1), reason: expect.stringMatching(/Type 11_11\.json is damaged/) }]);
    // The lists say that it is there on both nights, and the older one what it is.
    expect(sites[0]?.objects[0]).toMatchObject({
      stands: { backups: 2 },
      deleted: { after: nameOf(1), by: nameOf(2) },
    });
  });

  it('in a file of objects without lists does not show that anything is gone', async () => {
    const backups = await planted({}, { hasLists: false }, { things: [], of: ['TWO'] });
    damage(backups, new RegExp(`${nameOf(1)}/ONE/objectsmeta/Type 11`));
    const { sites } = await find(backups, { words: ['one-1'] });
    expect(sites[0]?.objects[0]).toMatchObject({ stands: { backups: 1 }, changes: [], deleted: null });
  });

  it('is all there is: then nothing can be told', async () => {
    const backups = await planted({});
    damage(backups, /manifest\.json$/);
    await expect(find(backups, { words: ['x'] })).rejects.toMatchObject({ name: 'DamagedBackupError' });
    await expect(find(new MemoryBackups(), { words: ['x'] })).rejects.toMatchObject({ name: 'NoSuchBackupError' });
  });

  it('because its run did not finish is counted by itself, and not before a time at which it was not begun', async () => {
    const backups = await planted({}, {});
    backups.files.delete(manifestKey(nameOf(1)));
    expect((await find(backups, { words: ['red'] })).unfinished).toEqual([nameOf(1)]);
    expect((await find(backups, { words: ['red'], at: Date.parse(startOf(0)) })).unfinished).toEqual([]);
  });
});

describe('what a backup lacks', () => {
  const partial: Gap = { kind: 'objects', what: 'objects', error: 'E', reason: 'r', schemaKey: 'ONE' };
  const { schemaKey: _, ...anywhere } = partial;
  const hidden: Gap = { ...partial, kind: 'not-visible', hidden: { number: 1, of: 'objects' } };
  const silent = (gap: Gap, status: 'partial' | 'complete-with-gaps') => ({
    things: [],
    manifest: { gaps: [gap], status },
  });
  const expectations: readonly (readonly [string, Partial<PlantedObjects>, string[]])[] = [
    ['is proven gone by a whole one', { things: [] }, ['ONE-1', 'ONE-2', 'TWO-3']],
    ['is not where it was not made of the schema', { things: [], of: ['TWO'] }, ['TWO-3']],
    ['is not in a schema that is partial', silent(partial, 'partial'), ['TWO-3']],
    ['is not where any schema may be partial', silent(anywhere, 'partial'), []],
    ['is not in a schema of which the account does not see all', silent(hidden, 'complete-with-gaps'), ['TWO-3']],
    [
      'is not in a type of which it does not see all',
      silent({ ...hidden, objectTypeId: '12' }, 'complete-with-gaps'),
      ['ONE-1', 'ONE-2', 'TWO-3'],
    ],
    ['is, where the schema went too', { things: [], schemas: ['ONE'] }, ['ONE-1', 'ONE-2', 'TWO-3']],
    [
      'is not where the schema went and the site hides one',
      { things: [], schemas: ['ONE'], manifest: { notices: [{ kind: 'schema-not-visible', message: '' }] } },
      ['ONE-1', 'ONE-2'],
    ],
    [
      'is not where the schema went and nobody knows whether the site hides one',
      { things: [], schemas: ['ONE'], manifest: { notOffered: [{ what: 'usage', reason: '404' }] } },
      ['ONE-1', 'ONE-2'],
    ],
  ];

  it.each(expectations)('%s', async (_, last, gone) => {
    const { sites } = await find(await planted({}, last), { words: [], deletedSince: Date.parse(startOf(0)) });
    expect(sites[0]?.objects.map(({ key }) => key)).toEqual(gone);
  });

  it('is not proven gone where somebody has accepted that it is hidden, until the same was hidden before', async () => {
    const notice = { kind: 'accepted', message: '1 object of ONE', schemaKey: 'ONE', objectTypeId: '11' } as const;
    const accepted = { notices: [{ ...notice, hidden: { number: 1, of: 'objects' } }] } as const;
    const backups = await planted(
      {},
      { ...silent(hidden, 'complete-with-gaps'), things: red.slice(1) },
      { things: red.slice(1), manifest: accepted },
      { things: red.slice(2), manifest: accepted },
    );
    const { sites } = await find(backups, { words: [], deletedSince: Date.parse(startOf(0)) });
    expect(sites[0]?.objects.map(({ key, deleted }) => [key, deleted])).toEqual([
      ['ONE-2', { after: nameOf(2), by: nameOf(3) }],
    ]);
    expect(sites[0]?.silences).toEqual([
      { why: 'hidden', schemas: ['ONE'], backups: [nameOf(1)] },
      { why: 'hidden', schemas: ['ONE/Type 11'], backups: [nameOf(2)] },
    ]);
    const all = await find(backups, { words: ['one-1'] });
    expect(all.sites[0]?.objects[0]).toMatchObject({ deleted: null, changes: [] });
  });

  it('is said once for all schemas and backups that are silent for one reason', async () => {
    const backups = await planted(
      {},
      silent(hidden, 'complete-with-gaps'),
      { of: ['TWO'] },
      { of: ['TWO'] },
      {
        things: red,
        schemas: ['ONE'],
      },
    );
    const { sites } = await find(backups, { words: ['red'] });
    expect(sites[0]?.silences).toEqual([
      { why: 'hidden', schemas: ['ONE'], backups: [nameOf(1)] },
      { why: 'not made of it', schemas: ['ONE'], backups: [nameOf(2), nameOf(3)] },
    ]);
    expect(sites[0]?.goneSchemas).toEqual([{ schema: 'TWO', by: nameOf(4) }]);
  });
});

describe('what was deleted since a day', () => {
  const deleted = async (backups: MemoryBackups, night: number) => {
    const { sites } = await find(backups, { words: [], deletedSince: Date.parse(startOf(night)) });
    return sites[0]?.objects.map(({ key, deleted }) => [key, deleted?.after, deleted?.by]);
  };

  it('stood in the last backup before it that tells of its schema, whatever the others do not say', async () => {
    const backups = await planted({}, { of: ['TWO'] }, { things: red.slice(1) });
    expect(await deleted(backups, 2)).toEqual([['ONE-1', nameOf(0), nameOf(2)]]);
  });

  it('is not what a backup before it does not have any more', async () => {
    const backups = await planted(
      {},
      { things: red.slice(1) },
      { of: ['TWO'], things: [] },
      { of: ['TWO'], things: [] },
      { things: red.slice(2, 2) },
    );
    // ONE-1 was gone at the second night, TWO-3 at the third; ONE-2 only the last night lacks.
    expect(await deleted(backups, 3)).toEqual([['ONE-2', nameOf(1), nameOf(4)]]);
    expect(await deleted(backups, 2)).toEqual([
      ['ONE-2', nameOf(1), nameOf(4)],
      ['TWO-3', nameOf(1), nameOf(2)],
    ]);
  });

  it('counts a backup that was begun at that very moment as since', async () => {
    const backups = await planted({}, { things: red.slice(1) });
    expect(await deleted(backups, 1)).toEqual([['ONE-1', nameOf(0), nameOf(1)]]);
    const later = await find(backups, { words: [], deletedSince: Date.parse(startOf(1)) + 1 });
    expect(later.sites[0]?.found).toBe(0);
  });
});

describe('folders', () => {
  it('of other names, and copies of other places, are nights by the time of their start', async () => {
    const backups = await planted({}, { things: [thing(1, 'blue')], folder: 'before the import' }, {});
    const { sites } = await find(backups, { words: ['one-1'] });
    expect(sites[0]?.backups).toEqual([nameOf(0), 'before the import', nameOf(2)]);
    expect(sites[0]?.objects[0]?.changes).toEqual([
      { kind: 'changed', after: nameOf(0), by: 'before the import' },
      { kind: 'changed', after: 'before the import', by: nameOf(2) },
    ]);
  });

  it('of two sites are looked into by site: an id of the one is none of the other', async () => {
    const other = { workspaceId: 'w2', siteName: 'https://other.atlassian.net', apiUrl: '', login: 'basic' } as const;
    const backups = await planted(
      {},
      { things: [thing(1, 'blue')], manifest: { site: other } },
      { things: red.slice(1) },
    );
    const { sites } = await find(backups, { words: ['one-1'] });
    expect(sites.map(({ site, backups: of, objects }) => [site, of, objects[0]?.deleted])).toEqual([
      ['https://myorganization.atlassian.net', [nameOf(0), nameOf(2)], { after: nameOf(0), by: nameOf(2) }],
      ['https://other.atlassian.net', [nameOf(1)], null],
    ]);
  });
});

describe('a mistake', () => {
  it.each([
    [{ words: [] }, /Nothing to find was named/],
    [{ words: ['x'], schema: 'THREE' }, 'No backup has a schema THREE. They have ONE, TWO.'],
    [{ words: ['x'], type: 'Tpye 11' }, /No backup has an object type Tpye 11: .* Did you mean Type 11\?$/],
    [{ words: ['x'], schema: 'two', type: '11' }, /No backup has an object type 11 in two: /],
  ] as const)('%j is said', async (request, message) => {
    const backups = await planted({});
    await expect(find(backups, request)).rejects.toMatchObject({
      name: 'WrongInputError',
      message: expect.stringMatching(message),
    });
  });

  it('is no filter in other capitals, or an id', async () => {
    const backups = await planted({});
    const keys = async (request: Partial<FindRequest>) =>
      (await find(backups, { words: ['red'], ...request })).sites[0]?.objects.map(({ key }) => key);
    expect(await keys({ schema: 'two' })).toEqual(['TWO-3']);
    expect(await keys({ type: 'TYPE 11' })).toEqual(['ONE-1', 'ONE-2']);
    expect(await keys({ type: '21' })).toEqual(['TWO-3']);
  });

  it('is no path of a type, with its schema or without, nor a name that it had once', async () => {
    const things = [...red, thing(4, 'red', '12')];
    const backups = await planted({ things, typeNames: { '11': 'Old name' } }, { things });
    for (const type of ['Type 11/Type 12', 'one/type 11/type 12']) {
      const { sites } = await find(backups, { words: ['red'], type });
      expect(sites[0]?.objects.map(({ key }) => key)).toEqual(['ONE-4']);
    }
    const { sites } = await find(backups, { words: ['one-1'], type: 'old name' });
    expect(sites[0]?.objects[0]).toMatchObject({ type: 'Type 11', withWords: { backups: 2 } });
    await expect(find(backups, { words: ['red'], type: 'Type 12/Type 11' })).rejects.toThrow(
      /No backup has an object type/,
    );
  });

  it('is no time before all backups, which is said as that', async () => {
    const backups = await planted({});
    await expect(find(backups, { words: ['red'], at: 0 })).rejects.toMatchObject({ name: 'NoSuchBackupError' });
  });
});
