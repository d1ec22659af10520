import { saysOf } from '../backup/shard-writer.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { inOrder } from '../reading/stored-configuration.ts';
import { damageIn, namedFile } from './damage.ts';
import type { HeldAttribute, HeldType } from './held-object.ts';

/** Attributes of the objects of a type. */
export interface HeldAttributes {
  readonly listed: readonly HeldAttribute[];
  /** A sentence: they are damaged or missing, and told as far as another list names them; null where they are not. */
  readonly damage: string | null;
}

/** Inherited ones too, in the order of the site; none where the backup does not have their list. */
export async function heldAttributes(source: BackupSource, { id, path, stored }: HeldType): Promise<HeldAttributes> {
  const key = stored?.attributes ?? null;
  if (key === null) return { listed: [], damage: null };
  try {
    const records = await source.json<ApiRecord[]>(namedFile(source, key));
    return { listed: inOrder(records).map((record) => ({ id: idOf(record), ...saysOf(record) })), damage: null };
  } catch (error) {
    const listed = await namedElsewhere(source, id);
    const known = listed.length === 0 ? 'their ids' : 'their names';
    return { listed, damage: `Of the attributes of ${path} only ${known} can be told. ${damageIn(error)}` };
  }
}

/** Their names stand in lists of the whole backup as well, but for backups of format 1; those that are damaged are passed over. */
async function namedElsewhere(source: BackupSource, type: string): Promise<HeldAttribute[]> {
  const named: HeldAttribute[] = [];
  for await (const line of source.attributeLines(() => undefined))
    if (line.type === type) named.push({ id: line.id, name: line.name, kind: undefined });
  return named;
}
