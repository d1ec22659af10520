import { type JsonRecord, textOf } from '../model/json.ts';

/**
 * What a schema that a drill makes says of itself: the beginning of its description. A drill removes none without it.
 */
export function scratchDescription({ drill, key, backup }: { drill: string; key: string; backup: string }): string {
  return `assets-backup drill ${drill}: a scratch copy of some objects of ${key} of the backup ${backup}, which the drill removes at its end. Nothing here is worth keeping.`;
}

/** The drill that a schema's description names as the one that made it; undefined where it bears no mark. */
export function drillOf({ description }: JsonRecord): string | undefined {
  return /^assets-backup drill (\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}_[0-9a-f]{8}): /.exec(
    textOf(description) ?? '',
  )?.[1];
}

/** Keys of scratch schemas, which `scratchSchemas` makes. */
const scratchKey = /^ZD[0-9A-Z]{8}$/;

/**
 * Whether it is a scratch schema by its mark and by its key: a backup leaves it out, and a restore does not write into it. A description is
 * easily copied into a schema of one's own, which is to be backed up all the same; a key is there once.
 */
export function isScratch(schema: JsonRecord): boolean {
  return drillOf(schema) !== undefined && scratchKey.test(textOf(schema.objectSchemaKey) ?? '');
}
