import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { S3BackupDeleter } from '../../adapters/aws/s3-backup-deleter.ts';
import { S3BackupStore } from '../../adapters/aws/s3-backup-store.ts';
import type { BucketSettings } from '../../adapters/aws/s3-bucket.ts';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { S3WorkStore } from '../../adapters/aws/s3-work-store.ts';
import { MissingKeyError } from '../../core/errors.ts';
import { describeBackupStore } from '../contracts/backup-store-contract.ts';
import { bytesOf, oddKeys, type StorePlace, times } from '../contracts/store-place.ts';
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

describe('deleting from a bucket', () => {
  async function bucketOf(hasLocks: boolean) {
    const client = createS3Client();
    const bucket = `delete-${crypto.randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: hasLocks }));
    const settings = { client, bucket, owner: account };
    return { client, bucket, store: new S3BackupStore(settings), deleter: new S3BackupDeleter(settings) };
  }

  it('takes away more than a thousand files, odd ones too, and no other', async () => {
    const { store, deleter } = await bucketOf(false);
    const keys = [...times(1_020, (index) => `b/${index}`), ...oddKeys];
    for (const key of [...keys, 'c/0']) await store.create(key, bytesOf('x'));
    await deleter.delete([...keys, 'b/none']);
    expect(await Array.fromAsync(store.list(''), ({ key }) => key)).toEqual(['c/0']);
  });

  it('sees locks, and lays a marker over a locked file without being refused', async () => {
    const { client, bucket, store, deleter } = await bucketOf(true);
    for (const key of ['free', 'kept', 'held']) await store.create(key, bytesOf(key));
    const until = new Date(Date.now() + 3_600_000);
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: until } as const;
    await client.send(new PutObjectRetentionCommand({ Bucket: bucket, Key: 'kept', Retention }));
    await client.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key: 'held', LegalHold: { Status: 'ON' } }));
    const locks = await Promise.all(['free', 'kept', 'held'].map((key) => deleter.lockedUntil(key)));
    expect([locks[0], locks[2]]).toEqual([null, 'for good']);
    // To the second.
    expect(Math.abs(Date.parse(locks[1] ?? '') - until.getTime())).toBeLessThanOrEqual(1_000);

    await deleter.delete(['free', 'kept', 'held']);
    expect(await Array.fromAsync(store.list(''))).toEqual([]);
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect([Versions.length, DeleteMarkers.length]).toEqual([3, 3]);
    await expect(deleter.lockedUntil('kept')).rejects.toThrow(MissingKeyError);
  });

  it('has no locks to see in a bucket without them', async () => {
    const { store, deleter } = await bucketOf(false);
    await store.create('file', bytesOf('x'));
    expect(await deleter.lockedUntil('file')).toBeNull();
  });
});
