import { schemaKeys } from '../backup-format/keys.ts';
import type { ManifestSchema } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { type TypeInTree, typeTree } from '../reading/type-tree.ts';
import { damageIn } from './damage.ts';
import type { HeldSchema, HeldType } from './held-object.ts';

/** The schemas of a backup with their types. Where a list of types is damaged the manifest names the types as well. */
export async function heldSchemas(source: BackupSource): Promise<HeldSchema[]> {
  const schemas: HeldSchema[] = [];
  for (const schema of source.manifest.schemas) {
    const { records, damage } = await listedTypes(source, schema);
    schemas.push(heldSchema(schema, records, damage));
  }
  return schemas;
}

interface ListedTypes {
  readonly records: readonly ApiRecord[];
  readonly damage: string | null;
}

async function listedTypes(source: BackupSource, { key, folder }: ManifestSchema): Promise<ListedTypes> {
  const list = schemaKeys(source.manifest.name, folder).config('objecttypes');
  try {
    const records = await source.configuration<ApiRecord[]>(list);
    // A backup may be without it; but then all lists that could name it are whole.
    if (!records && source.damagedLists.length > 0)
      throw new DamagedBackupError(`${list} is named by no list of files that can be read.`);
    return { records: records ?? [], damage: null };
  } catch (error) {
    return {
      records: [],
      damage: `Of the object types of ${key} only what the manifest tells is known, and not which is below which. ${damageIn(error)}`,
    };
  }
}

/** What is told of types by their list, where the backup has it, and of their objects by the manifest. */
function heldSchema(
  { objectTypes, id, key, name, folder }: ManifestSchema,
  records: readonly ApiRecord[],
  damage: string | null,
): HeldSchema {
  const schema = { id, key, name, folder, damage };
  const stored = new Map(objectTypes.map((type) => [type.id, type]));
  const listed = new Set(records.map((record) => idOf(record) as string));
  const unlisted = objectTypes.filter((type) => !listed.has(type.id)).map((type) => ({ id: type.id, name: type.name }));
  const heldType = ({ id, record, parentId, path }: TypeInTree): HeldType => ({
    ...{ id, parentId, schema },
    name: textOf(record.name) ?? '',
    path: path.join('/'),
    depth: path.length - 1,
    iconId: isRecord(record.icon) ? textOf(record.icon.id) : undefined,
    objects: stored.get(id)?.stored ?? 0,
    stored: stored.get(id),
  });
  return { ...schema, types: typeTree([...records, ...unlisted]).map(heldType) };
}
