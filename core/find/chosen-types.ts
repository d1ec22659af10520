import { schemaKeys } from '../backup-format/keys.ts';
import type { ManifestSchema } from '../backup-format/manifest.ts';
import { DamagedBackupError, WrongInputError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import { didYouMean } from '../near-names.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { pathOfType } from '../reading/type-path.ts';
import type { FindRequest } from './found.ts';
import type { Night, TypePlace } from './night.ts';

/** Tells of a type of a site whether its objects are looked for. */
export type IsAsked = (type: TypePlace) => boolean;

/**
 * What of all that any night has is looked for: what once had the name that is given is meant under every name, since ids stay. A schema
 * or a type that no backup has is a mistake, and not a thing that nothing was found of. Throws WrongInputError.
 * @param nights the newest first
 */
export async function chosenTypes(
  backups: BackupStore,
  nights: readonly Night[],
  { schema, type }: FindRequest,
): Promise<(workspaceId: string) => IsAsked> {
  const all = nights.flatMap((night) => night.manifest.schemas.map((of) => ({ night, of })));
  const named = all.filter(({ of }) => schema === undefined || isAlike(schema, of.key));
  // The backup of a site without schemas is one in which there is nothing to find.
  if (schema !== undefined && named.length === 0) {
    const keys = [...new Set(all.map(({ of }) => of.key))].sort().join(', ');
    throw new WrongInputError(`No backup has a schema ${schema}. They have ${keys === '' ? 'none' : keys}.`);
  }
  const schemas = new Set(named.map(({ night, of }) => placeIn(night, of.id)));
  const types = type === undefined ? undefined : await typesNamed(backups, { nights, schemas }, type);
  if (types?.size === 0) {
    const where = schema === undefined ? '' : ` in ${schema}`;
    const names = new Set(named.flatMap(({ of }) => of.objectTypes.map(({ name }) => name)));
    const near = didYouMean(type ?? '', names);
    throw new WrongInputError(
      `No backup has an object type ${type}${where}: --type is the name of one, its path (Hardware/Laptop) or its id.${near || ' `assets-backup show` names them.'}`,
    );
  }
  return (workspaceId) =>
    ({ schemaId, typeId }) =>
      schemas.has(`${workspaceId} ${schemaId}`) && (types?.has(`${workspaceId} ${typeId}`) ?? true);
}

/** Ids of two sites may be the same. */
const placeIn = ({ manifest }: Night, id: string) => `${manifest.site.workspaceId} ${id}`;

interface Where {
  readonly nights: readonly Night[];
  readonly schemas: ReadonlySet<string>;
}

/** By their id or name in any night; else by their path in the newest one that has it. */
async function typesNamed(backups: BackupStore, { nights, schemas }: Where, type: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const night of nights) {
    for (const { id: schemaId, objectTypes } of night.manifest.schemas) {
      for (const { id, name } of schemas.has(placeIn(night, schemaId)) ? objectTypes : [])
        if (id === type || isAlike(name, type)) ids.add(placeIn(night, id));
    }
  }
  for (const night of nights) {
    if (ids.size > 0 || !type.includes('/')) break;
    const { manifest } = night;
    const source = await opened(() => BackupSource.open(backups, manifest));
    for (const schema of manifest.schemas) {
      if (!source || !schemas.has(placeIn(night, schema.id))) continue;
      const key = schemaKeys(manifest.name, schema.folder).config('objecttypes');
      const records = (await opened(() => source.configuration<ApiRecord[]>(key))) ?? [];
      for (const id of idsOfPath(records, schema, type)) ids.add(placeIn(night, id));
    }
  }
  return ids;
}

/** What is damaged is named when objects are looked for. */
async function opened<Opened>(open: () => Promise<Opened>): Promise<Opened | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DamagedBackupError)) throw error;
    return undefined;
  }
}

function idsOfPath(records: readonly ApiRecord[], { key }: ManifestSchema, path: string): string[] {
  const byId = new Map(records.map((record) => [idOf(record) as string, record]));
  return records.flatMap((record) => {
    const id: string = idOf(record);
    const names = pathOfType(id, byId);
    const isIt = isAlike(names.join('/'), path) || isAlike([key, ...names].join('/'), path);
    return isIt ? [id] : [];
  });
}

const isAlike = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
