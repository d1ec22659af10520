import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../core/backup-format/manifest.ts';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { emptySiteLike } from '../../../simulator/seeds/empty.ts';
import { compareSites } from '../../end-to-end/equal-sites.ts';
import { RecordingReporter, testDirectory, testSimulator } from '../../end-to-end/local-run.ts';
import { valuesOf } from '../../end-to-end/restore-company.ts';
import { restore } from '../../end-to-end/restore-run.ts';
import { everyKindSite } from './displayed-company.ts';
import { type ScriptsFiles, scriptsFilesOf, type WrittenAs, writeScripts } from './written-scripts.ts';

type Json = Record<string, Record<string, unknown>>;

const name = '2022-06-16_10-41-30';

async function filesAs(as: WrittenAs = {}): Promise<ScriptsFiles> {
  return scriptsFilesOf(await testSimulator({ site: everyKindSite() }), as);
}

/** Converts files, and sees that what they are converted into is whole in itself. */
async function converted(files: ScriptsFiles, prepare: (folder: string) => void = () => {}) {
  const directory = testDirectory();
  writeScripts(join(directory, name), files);
  prepare(join(directory, name));
  const { backups } = openLocalStores(directory);
  const manifest = await openBackup(backups, name);
  expect((await verifyBackup({ backups, reporter: new RecordingReporter() }, name)).problems).toEqual([]);
  return { directory, manifest, backups };
}

const told = ({ notices }: Manifest, kind: string) =>
  notices.filter((notice) => notice.kind === kind).map(({ message }) => message);
const named = ({ gaps }: Manifest) => gaps.map(({ kind, what, reason }) => ({ kind, what, reason }));

/** The path of a type's file. */
function fileIn(files: ScriptsFiles, beginning: string): string {
  const path = [...files.keys()].find((key) => key.startsWith(beginning));
  if (path === undefined) throw new Error(`no file ${beginning}`);
  return path;
}

describe('a converted backup', () => {
  it.each<[what: string, as: WrittenAs]>([
    ['as the scripts write them', {}],
    ['with the names of their README', { plainNames: true }],
    ['as objects keyed by ids', { keyed: true }],
    ['without displayed values', { displayed: false }],
  ])('is complete of files %s, and is restored equal, with an attribute of each kind', async (_, as) => {
    const { directory, manifest } = await converted(await filesAs(as));
    const source = everyKindSite();
    const target = emptySiteLike(source);

    const restored = await restore(await testSimulator({ site: target }), directory, { folder: name });

    expect(named(manifest)).toEqual([]);
    expect(manifest).toMatchObject({ status: 'complete', counts: { objects: 3, comments: 1 } });
    expect(restored.report?.losses).toEqual([]);
    expect(compareSites(source, target, { objects: restored.objects, history: true, icons: false })).toEqual([]);
  });

  it('has what was displayed where nothing else is there, and names each guess with its count', async () => {
    const { directory, manifest } = await converted(await filesAs({ raw: false }));
    const source = everyKindSite();
    const target = emptySiteLike(source);

    const restored = await restore(await testSimulator({ site: target }), directory, { folder: name });

    expect(manifest.status).toBe('complete');
    expect(manifest.originalScripts?.objects).toEqual({ both: 0, raw: 0, displayed: 3 });
    expect(told(manifest, 'displayed-values-read')).toEqual([
      '15 texts were taken as they were displayed.',
      '2 dates were read from displayed texts; a year of two digits was taken for one of this century.',
      '2 moments were read from displayed texts, which name neither a time zone nor seconds: taken as of UTC.',
      '4 numbers were read from displayed texts.',
      '2 values of yes or no were read from displayed texts.',
      '2 users are known by the displayed name alone, which more than one person may have.',
      '2 groups were taken by the displayed name.',
      '2 statuses were found by the displayed name among the statuses of the schema and of the site.',
      '6 references were found by the key of the object among the objects of this backup.',
    ]);
    expect(told(manifest, 'displayed-value-unknown')).toEqual([]);
    expect(restored.report?.losses).toEqual([]);
    expect(compareSites(source, target, { objects: restored.objects, history: true, icons: false })).toEqual([]);
  });

  it('leaves what nobody can know as it was displayed: a restore names it as lost', async () => {
    const files = await filesAs({ raw: false });
    const path = fileIn(files, 'ASSETS/objects/Laptop__new_');
    const objects = files.get(path) as Record<string, Record<string, unknown>>;
    const [id = ''] = Object.keys(objects);
    Object.assign(objects[id] ?? {}, {
      'of date': '03/04/2023',
      'of double': '1,234',
      'of integer': 'some',
      State: 'Gone',
      User: 'Grace',
    });
    const { directory, manifest } = await converted(files);
    const target = emptySiteLike(everyKindSite());

    const restored = await restore(await testSimulator({ site: target }), directory, { folder: name });

    expect(told(manifest, 'displayed-value-unknown')).toEqual([
      '1 date is written with numbers alone, and nothing proves which of them is the day: not read, and a restore names each as lost.',
      '1 number is ambiguous, as 1,234 is, of which the comma may be a point: not read, and a restore names each as lost.',
      '1 displayed value could not be read as what their attributes hold: a restore names each as lost.',
      '1 displayed status is none of the backup, or several by name: left as displayed.',
      '1 reference names no key, only a label: a restore names each as lost.',
    ]);
    const losses = restored.report?.losses.map(({ attribute }) => attribute).sort();
    expect(losses).toEqual(['State', 'User', 'of date', 'of double', 'of integer']);
    expect(restored.report?.differences).toEqual([]);
  });

  it('reads ambiguous dates in the order that another one proves', async () => {
    const files = await filesAs({ raw: false });
    const objects = files.get(fileIn(files, 'ASSETS/objects/Laptop__new_')) as Record<string, Record<string, unknown>>;
    const [one = '', other = ''] = Object.keys(objects);
    Object.assign(objects[one] ?? {}, { 'of date': '03/04/2023' });
    Object.assign(objects[other] ?? {}, { 'of date': '13/04/2023' });
    const { directory, manifest } = await converted(files);
    const target = emptySiteLike(everyKindSite());

    const restored = await restore(await testSimulator({ site: target }), directory, { folder: name });

    expect(told(manifest, 'displayed-value-unknown')).toEqual([]);
    const made = [one, other].map((id) => valuesOf(target, restored.objects.get(id) ?? '', 'of date'));
    expect(made).toEqual([['2023-04-03'], ['2023-04-13']]);
  });

  it('has the objects that stand only as displayed beside the others, and says how many', async () => {
    const files = await filesAs();
    const path = fileIn(files, 'ASSETS/objectsmeta/');
    files.set(path, (files.get(path) as unknown[]).slice(1));

    const { manifest } = await converted(files);

    expect(manifest.originalScripts?.objects).toEqual({ both: 2, raw: 0, displayed: 1 });
    expect(manifest).toMatchObject({
      status: 'complete',
      counts: { objects: 3 },
      references: { inside: 6, outside: 0 },
    });
  });

  it.each<[what: string, change: (objects: Json) => unknown, notice: string | undefined]>([
    [
      'a list with ids',
      (objects) => Object.entries(objects).map(([id, one]) => ({ id: Number(id), ...one })),
      undefined,
    ],
    [
      'a list without ids',
      (objects) => Object.values(objects),
      '1 displayed object has no id but the number in its key, which is taken for it.',
    ],
    [
      'objects by their keys',
      (objects) => Object.fromEntries(Object.values(objects).map((one) => [one.Key, one])),
      '1 displayed object has no id but the number in its key, which is taken for it.',
    ],
  ])('reads displayed objects that are %s', async (_, change, notice) => {
    const files = await filesAs({ raw: false });
    const path = fileIn(files, 'USERS/objects/Person');
    files.set(path, change(files.get(path) as Json));

    const { manifest } = await converted(files);

    expect(named(manifest)).toEqual([]);
    expect(manifest).toMatchObject({ status: 'complete', counts: { objects: 3, comments: 1 } });
    expect(told(manifest, 'displayed-values-read').filter((one) => one.includes('its key, which'))).toEqual(
      notice === undefined ? [] : [notice],
    );
  });

  it('reads objects in pages, as answers of the API one after another, and one that stands in two of them once', async () => {
    const files = await filesAs();
    const path = fileIn(files, 'ASSETS/objectsmeta/');
    const objects = files.get(path) as unknown[];
    files.set(path, [
      { objectEntries: objects, pageNumber: 1, pageSize: 2 },
      { objectEntries: objects.slice(0, 1), pageNumber: 2, pageSize: 2 },
    ]);

    const { manifest } = await converted(files);

    expect(named(manifest)).toEqual([]);
    expect(manifest).toMatchObject({
      status: 'complete',
      counts: { objects: 3 },
      originalScripts: { objects: { both: 3, raw: 0 } },
    });
    expect(told(manifest, 'moved-while-reading')).toEqual([
      expect.stringContaining('1 object of ASSETS stood on two pages'),
    ]);
  });

  it('goes by what stands in a file, and not by its name', async () => {
    const files = await filesAs();
    const swap = (one: string, other: string) => {
      const [first, second] = [fileIn(files, one), fileIn(files, other)];
      const value = files.get(first);
      files.set(first, files.get(second));
      files.set(second, value);
    };
    const simple = await filesAs({ schemas: ['ASSETS'] });
    simple.set('ASSETS/objectsmeta/whatever.json', simple.get(fileIn(simple, 'ASSETS/objectsmeta/')));
    simple.delete(fileIn(simple, 'ASSETS/objectsmeta/Laptop'));
    simple.set('ASSETS/config/attributes/whatever.json', simple.get(fileIn(simple, 'ASSETS/config/attributes/')));
    simple.delete(fileIn(simple, 'ASSETS/config/attributes/Laptop'));
    swap('ASSETS/objects/history/', 'USERS/objects/history/');

    const { manifest } = await converted(simple);
    const swapped = await converted(files);

    expect(manifest).toMatchObject({ status: 'complete', counts: { objects: 2 } });
    expect(told(swapped.manifest, 'files-not-read')).toHaveLength(2);
  });

  it.each<[what: string, change: (files: ScriptsFiles) => void, status: string, gap: object]>([
    [
      'a file of objects that was cut',
      (files) => files.set(fileIn(files, 'USERS/objectsmeta/'), '[ { "id": "1", '),
      'partial',
      { kind: 'objects', what: 'objects of Person', reason: expect.stringContaining('is no JSON: it was cut') },
    ],
    [
      'a list of schemas that was cut',
      (files) => files.set('config/objectschemas.json', '[ {'),
      'partial',
      { kind: 'configuration', what: 'list of schemas', reason: expect.stringContaining('is no JSON') },
    ],
    [
      'a type without a file of objects',
      (files) => {
        files.delete(fileIn(files, 'USERS/objectsmeta/'));
        files.delete(fileIn(files, 'USERS/objects/Person'));
      },
      'partial',
      { kind: 'objects', what: 'objects of Person', reason: expect.stringContaining('has no file of its objects') },
    ],
    [
      'a displayed object that is none',
      (files) => {
        const path = fileIn(files, 'USERS/objects/Person');
        files.delete(fileIn(files, 'USERS/objectsmeta/'));
        files.set(path, { ...(files.get(path) as Json), 99: null });
      },
      'partial',
      {
        kind: 'objects',
        what: 'objects of Person',
        reason: expect.stringContaining('holds entries that are no objects'),
      },
    ],
    [
      'a type without its attributes',
      (files) => files.delete(fileIn(files, 'USERS/config/attributes/')),
      'partial',
      { kind: 'configuration', what: 'attributes of object type Person', reason: expect.any(String) },
    ],
    [
      'no list of statuses',
      (files) => files.delete('ASSETS/config/statustypes.json'),
      'partial',
      {
        kind: 'configuration',
        what: 'status types',
        reason: expect.stringContaining('has no ASSETS/config/statustypes'),
      },
    ],
    [
      'no history of an object',
      (files) => files.delete(fileIn(files, 'USERS/objects/history/')),
      'complete-with-gaps',
      { kind: 'history', what: 'history of 1 object of USERS', reason: expect.stringContaining('has no file of it') },
    ],
    [
      'comments that are no JSON',
      (files) => files.set(fileIn(files, 'ASSETS/objects/comments/'), 'oops'),
      'complete-with-gaps',
      { kind: 'comments', what: expect.stringContaining('comments of object'), reason: expect.any(String) },
    ],
  ])('names %s, and is what is left', async (_, change, status, gap) => {
    const files = await filesAs();
    change(files);

    const { manifest } = await converted(files);

    expect(manifest.status).toBe(status);
    expect(named(manifest)).toContainEqual(gap);
  });

  it('of an old version, without histories, comments and properties, is complete with gaps that say so', async () => {
    const files = await filesAs();
    for (const path of files.keys()) if (/history|comments|properties/.test(path)) files.delete(path);

    const { manifest } = await converted(files);

    expect(manifest.status).toBe('complete-with-gaps');
    expect(named(manifest).map(({ what }) => what)).toEqual([
      'history of 2 objects of ASSETS',
      'comments of 2 objects of ASSETS',
      'history of 1 object of USERS',
      'comments of 1 object of USERS',
    ]);
    expect(told(manifest, 'not-held').filter((message) => message.includes('properties'))).toHaveLength(2);
  });

  it('follows no links, and names what is no part of it', async () => {
    const files = await filesAs();
    files.set('createdObjects.json', {});
    files.set('.DS_Store', 'x');

    const { manifest } = await converted(files, (folder) => {
      symlinkSync('/etc/passwd', join(folder, 'USERS', 'objects', 'history', '7.json'));
    });

    expect(manifest.status).toBe('partial');
    expect(named(manifest)[0]?.reason).toBe('USERS/objects/history/7.json is a symbolic link, which is not followed.');
    expect(told(manifest, 'files-not-read')).toEqual([
      '1 file is no part of a backup of the scripts, and not read: createdObjects.json.',
    ]);
  });

  it('is of the time of its newest file where its name tells none, and says so', async () => {
    const files = await filesAs();
    const directory = testDirectory();
    const folder = join(directory, 'old backup');
    writeScripts(folder, files);
    for (const path of files.keys()) utimesSync(join(folder, path), 1_000_000, 1_000_000);
    utimesSync(join(folder, 'config/objectschemas.json'), 1_600_000_000, 1_600_000_000);

    const manifest = await openBackup(openLocalStores(directory).backups, 'old backup');

    expect(manifest).toMatchObject({
      startedAt: '2020-09-13T12:26:40.000Z',
      activity: { history: { oldest: '2020-09-13T12:26:40.000Z' } },
    });
    expect(told(manifest, 'not-held')).toContainEqual(expect.stringContaining('Its name tells no time'));
  });

  it('is of the site that its records name', async () => {
    const files = await filesAs();
    const types = files.get('USERS/config/objecttypes.json') as { icon: Record<string, string> }[];
    for (const { icon } of types) icon.url16 = 'https://myorganization.atlassian.net/icon.png';

    const { manifest } = await converted(files);

    expect(manifest.site).toMatchObject({
      siteName: 'myorganization.atlassian.net',
      workspaceId: everyKindSite().workspaceId,
    });
  });

  it('is made once, anew when a file has changed, and always of the same bytes', async () => {
    const files = await filesAs();
    const { directory, manifest } = await converted(files);
    const again = await converted(files, (folder) => {
      for (const path of files.keys()) utimesSync(join(folder, path), new Date(0), new Date(0));
    });
    const path = fileIn(files, 'USERS/objectsmeta/');
    writeFileSync(
      join(directory, name, path),
      readFileSync(join(directory, name, path), 'utf8').replace('Grace', 'Hopper'),
    );

    const changed = await openBackup(openLocalStores(directory).backups, name);

    expect(changed.originalScripts?.fingerprint).not.toBe(manifest.originalScripts?.fingerprint);
    expect({ ...again.manifest, seal: '', originalScripts: {} }).toEqual({
      ...manifest,
      seal: '',
      originalScripts: {},
    });
  });

  it('reads text of Windows where a file is no UTF-8', async () => {
    const files = await filesAs();
    const path = fileIn(files, 'USERS/objects/history/');
    const { manifest } = await converted(files, (folder) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      const history = JSON.stringify([{ id: '1', newValue: 'Zürich', type: 0, created: '2022-01-01T00:00:00Z' }]);
      writeFileSync(file, Buffer.from(history, 'latin1'));
    });

    expect(told(manifest, 'displayed-values-read')).toEqual([`Not in UTF-8, and read as text of Windows: ${path}.`]);
  });
});
