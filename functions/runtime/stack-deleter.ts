import { S3BackupDeleter } from '../../adapters/aws/s3-backup-deleter.ts';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import type { BackupDeleter } from '../../core/ports/backup-deleter.ts';
import { environment } from '../environment.ts';
import { needed } from './stack-environment.ts';

let deleter: BackupDeleter | undefined;

/**
 * Deletes in the backups' bucket. It stands in no step's services: the one function that asks for it has it in its bundle, and
 * the right that it takes in its role.
 */
export function stackDeleter(): BackupDeleter {
  const where = { bucket: needed(environment.backupsBucket), owner: needed(environment.bucketOwner) };
  deleter ??= new S3BackupDeleter({ client: createS3Client(), ...where });
  return deleter;
}
