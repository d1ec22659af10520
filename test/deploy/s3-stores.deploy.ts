import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { S3BackupStore } from '../../adapters/aws/s3-backup-store.ts';
import type { BucketSettings } from '../../adapters/aws/s3-bucket.ts';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { S3WorkStore } from '../../adapters/aws/s3-work-store.ts';
import { describeBackupStore } from '../contracts/backup-store-contract.ts';
import type { StorePlace } from '../contracts/store-place.ts';
import { describeWorkStore } from '../contracts/work-store-contract.ts';
import { account } from './deployed-stack.ts';

/** A new bucket of the emulator; every `open` has a client of its own. */
async function newBucket<Store>(open: (settings: BucketSettings) => Store): Promise<StorePlace<Store>> {
  const bucket = `contract-${crypto.randomUUID()}`;
  await createS3Client().send(new CreateBucketCommand({ Bucket: bucket }));
  return { open: () => open({ client: createS3Client(), bucket, owner: account }) };
}

// MiniStack copies over whatever is there: findings/ministack-conditional-copy.sh.
describeBackupStore('S3', () => newBucket((settings) => new S3BackupStore(settings)), { copiesAreConditional: false });
describeWorkStore('S3', () => newBucket((settings) => new S3WorkStore(settings)));
