import { type JsonRecord, textOf } from '../model/json.ts';

/**
 * What a schema that a drill makes says of itself: the beginning of its description. A backup leaves such a schema out, a restore writes
 * into none, and a drill removes none without it.
 */
export function scratchDescription({ drill, key, backup }: { drill: string; key: string; backup: string }): string {
  return `assets-backup drill ${drill}: a scratch copy of some objects of ${key} of the backup ${backup}, which the drill removes at its end. Nothing here is worth keeping.`;
}

/** The drill that made a schema, as its description says; undefined where it is no scratch schema. */
export function drillOf({ description }: JsonRecord): string | undefined {
  return /^assets-backup drill (\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}_[0-9a-f]{8}): /.exec(
    textOf(description) ?? '',
  )?.[1];
}
