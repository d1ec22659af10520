import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayedText } from '../../../core/backup-format/object-values.ts';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import { BackupContents } from '../../../core/contents/backup-contents.ts';
import { heldValues } from '../../../core/contents/held-object.ts';
import { DamagedBackupError } from '../../../core/errors.ts';
import { activityKinds } from '../../../core/model/activity.ts';
import type { Json, JsonRecord } from '../../../core/model/json.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { damageAll, keysIn } from '../../end-to-end/damaged-files.ts';
import { type Anew, layOutAnew } from '../../end-to-end/laid-out-anew.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';

const byType: Anew = { layout: 'type', shards: 2, linesAPart: 1 };
const nights: readonly (readonly [folder: string, backup: string, anew: Anew | undefined])[] = [
  ['format-1', '2026-11-23_02-00-00', undefined],
  ['format-1', '2026-11-23_02-00-00', { layout: 'object' }],
  ['format-1', '2026-11-23_02-00-00', byType],
  ['format-2', '2026-11-23_02-00-00', undefined],
  ['format-2', '2026-11-24_02-00-00', undefined],
  ['format-2', '2026-11-25_02-00-00', undefined],
];

async function opened(directory: string, backup: string) {
  const { backups } = openLocalStores(directory);
  return BackupContents.open(backups, await openBackup(backups, backup));
}

async function placed(folder: string, backup: string, anew?: Anew) {
  const golden = new GoldenFolder(folder);
  const directory = golden.copy();
  if (anew) layOutAnew(directory, backup, anew);
  return { directory, backup, contents: await opened(directory, backup), written: golden.copy() };
}

/** What stands in the files of a folder, without anything of ours. */
class Files {
  readonly #directory: string;
  readonly #backup: string;

  constructor(directory: string, backup: string) {
    this.#directory = directory;
    this.#backup = backup;
  }

  json<T>(key: string): T {
    return JSON.parse(readFileSync(join(this.#directory, key), 'utf8')) as T;
  }

  keys(pattern: RegExp): string[] {
    return keysIn(this.#directory, this.#backup, pattern);
  }

  /** The lines of each file of objects, as they were written. */
  lines(key: string): string[] {
    const text = readFileSync(join(this.#directory, key), 'utf8');
    return text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => line.replace(/,$/, ''));
  }

  /** Histories or comments by object, in either layout. */
  activity(kind: string): Map<string, readonly JsonRecord[]> {
    const found = new Map<string, readonly JsonRecord[]>();
    for (const key of this.keys(new RegExp(`/objects/${kind}/`))) {
      const records = this.json<JsonRecord[]>(key);
      if (/^\d+\.json$/.test(basename(key))) found.set(basename(key, '.json'), records);
      else for (const line of records) found.set(String(line.object), line[kind] as readonly JsonRecord[]);
    }
    return found;
  }
}

async function allRecords(contents: BackupContents) {
  const records: { readonly id: string; readonly text: string; readonly type: string }[] = [];
  for (const type of contents.types)
    for await (const lines of contents.objects(type))
      for (const line of lines) records.push({ id: line.id, text: JSON.stringify(line.parse()), type: type.id });
  return records;
}

describe.each(nights)('what a backup of %s, %s holds (laid out %j)', (folder, night, anew) => {
  it('is every object of its files, as it stands there, and each by its id, its key and a key of another time', async () => {
    const { directory, backup, contents } = await placed(folder, night, anew);
    const files = new Files(directory, backup);
    const records = await allRecords(contents);
    const written = files.keys(/\/objectsmeta\//).flatMap((key) => files.lines(key));
    expect(records.map(({ text }) => text).sort()).toEqual(written.sort());
    expect(records.length).toBe(contents.manifest.counts.objects);
    for (const { id, text, type } of records) {
      const { objectKey } = JSON.parse(text) as { objectKey: string };
      for (const named of [id, objectKey, `ONCE-${id}`]) {
        const object = await contents.object(named);
        expect(JSON.stringify(object?.record)).toBe(text);
        expect(object).toMatchObject({ id, type: { id: type } });
      }
    }
    for (const named of ['9999', 'CFG-9999', 'CFG', '', '-1', '__proto__'])
      expect(await contents.object(named)).toBeUndefined();
    const ids = new Set(records.map(({ id }) => id));
    expect(await contents.present(new Set([...ids, '9999']))).toEqual(ids);
  });

  it('has the history and the comments of each object', async () => {
    const { contents, written, backup } = await placed(folder, night, anew);
    const files = new Files(written, backup);
    let told = 0;
    for (const kind of activityKinds) {
      const there = files.activity(kind);
      for (const { id } of await allRecords(contents)) {
        const object = await contents.object(id);
        if (!object) throw new Error('It is there.');
        const held = await contents.activity(kind, object);
        expect(held.records).toEqual(there.get(id) ?? []);
        told += held.records.length;
        if (held.readAt === null) expect(held.why).not.toBeNull();
      }
    }
    expect(told).toBe(contents.manifest.counts.historyEntries + contents.manifest.counts.comments);
  });

  it('shows values as the files for people do', async () => {
    const { directory, backup, contents } = await placed(folder, night, anew);
    const files = new Files(directory, backup);
    const forPeople = new Map(
      files.keys(/\/objects\/[^/]+$/).flatMap((key) => Object.entries(files.json<Record<string, JsonRecord>>(key))),
    );
    const plain = (value: Json): string => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return String(value);
      return String((value as JsonRecord).label ?? (value as JsonRecord).displayName);
    };
    let seen = 0;
    for (const type of contents.types) {
      const attributes = await contents.attributes(type);
      for await (const lines of contents.objects(type)) {
        for (const line of lines) {
          const shown = forPeople.get(line.id) ?? {};
          for (const { attribute, values } of heldValues(line.parse(), attributes)) {
            const expected = shown[attribute.name] ?? [];
            seen += values.length;
            // 0.1.0 showed another name of a status.
            if (folder === 'format-1' && attribute.name === 'Status') continue;
            expect(values.map(displayedText)).toEqual([expected].flat().map(plain));
          }
        }
      }
    }
    expect(seen).toBe(contents.manifest.counts.attributeValues);
  });

  it('has its types below each other, their attributes in order, and their icons', async () => {
    const { directory, backup, contents } = await placed(folder, night, anew);
    const files = new Files(directory, backup);
    for (const { key, folder, types } of contents.schemas) {
      const records = files.json<JsonRecord[]>(`${backup}/${folder}/config/objecttypes.json`);
      const nameOf = (id: Json | undefined): string => {
        const record = records.find((one) => one.id === id);
        if (!record) return '';
        const above = nameOf(record.parentObjectTypeId);
        return above === '' ? String(record.name) : `${above}/${record.name}`;
      };
      expect(types.map(({ id, path }) => [id, path]).sort()).toEqual(records.map(({ id }) => [id, nameOf(id)]).sort());
      for (const [index, { parentId, depth, path, schema }] of types.entries()) {
        expect(schema.key).toBe(key);
        expect(types.slice(0, index).map(({ id }) => id)).toEqual(
          parentId === undefined ? expect.anything() : expect.arrayContaining([parentId]),
        );
        expect(depth).toBe(path.split('/').length - 1);
      }
      const siblings = Map.groupBy(types, ({ parentId }) => parentId);
      const positions = (ids: readonly string[]) =>
        ids.map((id) => Number(records.find((one) => one.id === id)?.position));
      for (const those of siblings.values()) {
        const found = positions(those.map(({ id }) => id));
        expect(found).toEqual(found.toSorted((one, other) => one - other));
      }
      for (const type of types) {
        const listed = type.stored?.attributes ? files.json<JsonRecord[]>(type.stored.attributes) : [];
        const attributes = await contents.attributes(type);
        expect(attributes.map(({ name }) => name).sort()).toEqual(listed.map(({ name }) => name).sort());
        expect(attributes[0]?.name).toBe('Key');
        if (type.iconId === undefined) continue;
        const image = join(directory, backup, folder, 'config', 'icons', `${type.iconId}.png`);
        const icon = await contents.icon(type.schema, type.iconId);
        expect(icon).toEqual(
          existsSync(image) ? { bytes: new Uint8Array(readFileSync(image)), kind: 'png' } : undefined,
        );
      }
    }
    expect(contents.types.reduce((sum, { objects }) => sum + objects, 0)).toBe(contents.manifest.counts.objects);
    expect(await contents.icon({ folder: 'CFG' }, '9999')).toBeUndefined();
  });
});

describe('a backup that is damaged', () => {
  it.each(['flipped in a bit', 'removed'] as const)(
    'in the list of types of one schema (%s) opens, names it there, and has all else',
    async (damage) => {
      const directory = new GoldenFolder('format-2').copy();
      const backup = '2026-11-25_02-00-00';
      const whole = await opened(directory, backup);
      const records = await allRecords(whole);
      const [key = ''] = damageAll(directory, backup, /\/ASSETS\/config\/objecttypes/, damage);
      const contents = await opened(directory, backup);
      const damages = contents.schemas.map((schema) => [schema.key, schema.damage]);
      expect(damages).toEqual([
        ['FAC', null],
        ['ASSETS', expect.stringContaining(key)],
      ]);
      expect(contents.schemas[0]?.types).toEqual(whole.schemas[0]?.types);
      // The manifest knows them too, but not which is below which.
      expect(contents.schemas[1]?.types.map(({ id, path }) => [id, path])).toEqual([
        ['2', 'Hardware'],
        ['3', 'Laptop'],
        ['4', 'Dock'],
      ]);
      expect(await allRecords(contents)).toEqual(records);
      expect((await contents.object('ASSETS-4'))?.record.id).toBe('4');
    },
  );

  it.each([
    [/\/objectsmeta\/Laptop/, (contents: BackupContents) => contents.object('4')],
    [/\/objectsmeta\/Laptop/, (contents: BackupContents) => allRecords(contents)],
    [/\/manifest\/activity/, (contents: BackupContents) => contents.object('4')],
    [
      /\/objects\/history\/Laptop/,
      async (contents: BackupContents) => contents.activity('history', (await contents.object('4')) as never),
    ],
    [/\/attributes\/Laptop/, async (contents: BackupContents) => contents.attributes(contents.type('3') as never)],
    [/\/icons\/1/, (contents: BackupContents) => contents.icon({ folder: 'ASSETS' }, '1')],
  ])('at %s says so, where that is read', async (pattern, look) => {
    for (const damage of ['flipped in a bit', 'removed'] as const) {
      const directory = new GoldenFolder('format-2').copy();
      const backup = '2026-11-25_02-00-00';
      expect(damageAll(directory, backup, pattern, damage)).not.toEqual([]);
      const contents = await opened(directory, backup);
      await expect(look(contents)).rejects.toThrow(DamagedBackupError);
    }
  });
});
