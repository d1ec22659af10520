import * as v from 'valibot';
import type { BackupRequest } from '../../core/backup-format/manifest.ts';
import { checkedInput, inputFields, yesOrNo } from './input-messages.ts';

/** What a person or a schedule gives a backup; all of it is optional. */
export interface BackupInput {
  readonly options: BackupRequest;
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

const scheduledTime = v.pipe(
  v.string('must be text'),
  v.isoTimestamp(
    'must be a time, as in "2026-11-23T02:00:00Z"; only a schedule gives it, so leave it out to start by hand',
  ),
);

const backupInput = v.pipe(
  inputFields('backup', {
    objectSchemaKeys: v.optional(v.nullable(keys), null),
    full: yesOrNo(false),
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
