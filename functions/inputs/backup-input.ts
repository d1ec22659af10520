import * as v from 'valibot';
import type { BackupOptions } from '../../core/backup-format/manifest.ts';
import { checkedInput, inputFields, yesOrNo } from './input-messages.ts';

/** What a person or a schedule gives a backup; all of it is optional. */
export interface BackupInput {
  readonly options: BackupOptions;
  /** The time of the schedule that started it (ISO 8601); null where a person did. */
  readonly scheduledTime: string | null;
}

/** A backup's input with every default filled in. Throws WrongInputError with all that is wrong, in one sentence. */
export function parseBackupInput(input: unknown): BackupInput {
  return checkedInput('backup', backupInput, input);
}

const keys = v.array(
  v.pipe(v.string('must be a key, which is text'), v.trim(), v.nonEmpty('is empty')),
  'must be a list of keys, as in ["FAC", "USERS"]',
);

/** Kept for the day on which a night may take over what the last one stored; the manifest says it. */
const full = v.optional(
  v.pipe(
    v.boolean('must be true or false'),
    v.check((value) => value, 'can only be true in this version, in which every backup reads the whole site'),
  ),
  true,
);

const scheduledTime = v.pipe(
  v.string('must be text'),
  v.isoTimestamp(
    'must be a time, as in "2026-11-23T02:00:00Z"; only a schedule gives it, so leave it out to start by hand',
  ),
);

const backupInput = v.pipe(
  inputFields('backup', {
    objectSchemaKeys: v.optional(v.nullable(keys), null),
    full,
    activity: yesOrNo(true),
    scheduledTime: v.optional(v.nullable(scheduledTime), null),
  }),
  v.transform(
    ({ objectSchemaKeys, scheduledTime, ...others }): BackupInput => ({
      options: { objectSchemaKeys: objectSchemaKeys?.length ? objectSchemaKeys : null, ...others },
      scheduledTime,
    }),
  ),
);
