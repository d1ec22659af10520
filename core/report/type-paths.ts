import { schemaKeys } from '../backup-format/keys.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { pathOfType } from '../reading/type-path.ts';

/** What the types of a backup are called, by their ids: `Hardware/Laptop`. Throws DamagedBackupError. */
export async function typePaths(source: BackupSource): Promise<ReadonlyMap<string, string>> {
  const { name: backup, schemas } = source.manifest;
  const paths = new Map<string, string>();
  for (const { folder, objectTypes } of schemas) {
    const records = (await source.configuration<ApiRecord[]>(schemaKeys(backup, folder).config('objecttypes'))) ?? [];
    const byId = new Map(records.map((record) => [idOf(record) as string, record]));
    for (const { id, name } of objectTypes) {
      const path = pathOfType(id, byId);
      // Where the list of types could not be read, only the manifest names them.
      paths.set(id, path.length === 0 ? name : path.join('/'));
    }
  }
  return paths;
}
