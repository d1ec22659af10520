import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3BackupDeleter } from '../../../adapters/aws/s3-backup-deleter.ts';
import { createS3Client } from '../../../adapters/aws/s3-client.ts';
import { MissingKeyError, StorageError } from '../../../core/errors.ts';
import { oddKeys, times } from '../../contracts/store-place.ts';
import { PretendS3 } from './pretend-s3.ts';

let s3: PretendS3;
let deleter: S3BackupDeleter;
let pauses: number[];

beforeEach(async () => {
  s3 = await PretendS3.start();
  deleter = openDeleter();
});
afterEach(() => s3.stop());

function openDeleter(owner = '123456789012'): S3BackupDeleter {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = createS3Client({ endpoint: s3.address, region: 'us-east-1', forcePathStyle: true, credentials });
  pauses = [];
  return new S3BackupDeleter({ client, bucket: 'bucket', owner }, async (milliseconds) => pauses.push(milliseconds));
}

function store(...keys: string[]): void {
  for (const key of keys) s3.objects.set(key, Buffer.from('what was read'));
}

describe('deleting', () => {
  it('takes a thousand keys a request, and leaves what it was not given', async () => {
    const keys = times(2_345, (index) => `b/${index}`);
    store(...keys, 'b/other', 'c/0');
    await deleter.delete(keys);

    expect(s3.deletes.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([345, 1000, 1000]);
    expect([...s3.objects.keys()].toSorted()).toEqual(['b/other', 'c/0']);
    for (const { headers } of s3.requests) expect(headers['x-amz-expected-bucket-owner']).toBe('123456789012');
  });

  it('asks nothing where there is nothing to delete, and takes a key that is not there for deleted', async () => {
    await deleter.delete([]);
    expect(s3.requests).toEqual([]);
    await deleter.delete(['b/none']);
  });

  it('deletes the very keys, however odd, and never a version of one', async () => {
    store(...oddKeys);
    await deleter.delete(oddKeys);
    expect([...s3.objects.keys()]).toEqual([]);
  });

  it('tries again what is refused for a while, and that alone', async () => {
    const keys = times(5, (index) => `b/${index}`);
    store(...keys);
    let refusals = 3;
    s3.refuseDelete = (key) => {
      if (key !== 'b/3' || refusals === 0) return undefined;
      refusals -= 1;
      return refusals === 2 ? 'SlowDown' : 'InternalError';
    };
    await deleter.delete(keys);

    expect(s3.deletes).toEqual([keys, ['b/3'], ['b/3'], ['b/3']]);
    expect(pauses).toHaveLength(3);
    expect(s3.objects.size).toBe(0);
  });

  it.each([
    { status: 503, code: 'SlowDown' },
    { status: 500, code: 'InternalError' },
  ])('tries a whole request again where S3 asks for that ($code)', async (fault) => {
    store('b/1');
    let left = 2;
    s3.before = () => {
      left -= 1;
      return left >= 0 ? fault : undefined;
    };
    await deleter.delete(['b/1']);
    expect(s3.objects.size).toBe(0);
  });

  it('gives up in the end, and names what stays', async () => {
    store('b/1', 'b/2', 'b/3');
    s3.refuseDelete = (key) => (key === 'b/2' ? 'SlowDown' : undefined);
    const given = deleter.delete(['b/1', 'b/2', 'b/3']);
    await expect(given).rejects.toThrow(StorageError);
    await expect(given).rejects.toThrow('s3://bucket/b/2 could not be deleted (SlowDown:');
    expect(s3.deletes).toHaveLength(5);
    expect([...s3.objects.keys()]).toEqual(['b/2']);
  });

  it('says at once what may not be deleted, with what to do', async () => {
    store('b/1', 'b/2', 'b/3');
    s3.refuseDelete = (key) => (key === 'b/1' ? undefined : 'AccessDenied');
    const given = deleter.delete(['b/1', 'b/2', 'b/3']);
    await expect(given).rejects.toThrow(StorageError);
    await expect(given).rejects.toThrow(
      's3://bucket/b/2 and 1 other file could not be deleted (access denied: the role,',
    );
    await expect(given).rejects.toMatchObject({
      cause: { message: 'b/2: AccessDenied\nb/3: AccessDenied' },
    });
    expect(s3.deletes).toHaveLength(1);
  });

  it("is refused in a bucket that is somebody else's by now", async () => {
    store('b/1');
    const given = openDeleter('999999999999').delete(['b/1']);
    await expect(given).rejects.toThrow(StorageError);
    await expect(given).rejects.toThrow('s3://bucket/b/1 could not be deleted (access denied');
    expect(s3.objects.size).toBe(1);
  });
});

describe('a lock', () => {
  const until = '2027-03-01T02:00:00.000Z';

  it('is none where the bucket has no Object Lock, or the file none', async () => {
    store('b/1');
    expect(await deleter.lockedUntil('b/1')).toBeNull();
    s3.hasLocks = false;
    expect(await deleter.lockedUntil('b/1')).toBeNull();
  });

  it('is until its retention ends, or for good where the file is held', async () => {
    store('b/1', 'b/2', 'b/3');
    s3.retentions.set('b/1', until).set('b/2', until);
    s3.held.add('b/2').add('b/3');
    expect(await deleter.lockedUntil('b/1')).toBe(until);
    expect(await deleter.lockedUntil('b/2')).toBe('for good');
    expect(await deleter.lockedUntil('b/3')).toBe('for good');
  });

  it('is of a file that is there', async () => {
    await expect(deleter.lockedUntil('b/none')).rejects.toThrow(MissingKeyError);
    store('b/1');
    s3.before = () => ({ status: 405, code: 'MethodNotAllowed' });
    await expect(deleter.lockedUntil('b/1')).rejects.toThrow('There is no s3://bucket/b/1.');
  });

  it.each(['retention', 'legal-hold'])('is never taken for none where %s may not be seen', async (what) => {
    store('b/1');
    s3.before = (request) => (request.url?.includes(what) ? { status: 403, code: 'AccessDenied' } : undefined);
    await expect(deleter.lockedUntil('b/1')).rejects.toThrow(
      's3://bucket/b/1 could not be asked for its lock (access denied: the role,',
    );
  });

  it('is never taken for none where S3 finds fault with the request', async () => {
    store('b/1');
    s3.before = () => ({ status: 400, code: 'InvalidRequest' });
    await expect(deleter.lockedUntil('b/1')).rejects.toThrow(StorageError);
  });
});
