import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3BackupStore } from '../../../adapters/aws/s3-backup-store.ts';
import type { BucketSettings } from '../../../adapters/aws/s3-bucket.ts';
import { createS3Client } from '../../../adapters/aws/s3-client.ts';
import { S3WorkStore } from '../../../adapters/aws/s3-work-store.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { KeyExistsError, MissingKeyError, StorageError, VersionConflictError } from '../../../core/errors.ts';
import { describeBackupStore } from '../../contracts/backup-store-contract.ts';
import { collected, type StorePlace } from '../../contracts/store-place.ts';
import { describeWorkStore } from '../../contracts/work-store-contract.ts';
import { PretendS3 } from './pretend-s3.ts';

const clientOf = (s3: PretendS3) =>
  createS3Client({
    endpoint: s3.address,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** Of the bucket. */
const owner = '123456789012';

async function pretendPlace<Store>(open: (settings: BucketSettings) => Store): Promise<StorePlace<Store>> {
  const s3 = await PretendS3.start();
  return { open: () => open({ client: clientOf(s3), bucket: 'bucket', owner }), dispose: () => s3.stop() };
}

describeBackupStore('S3 (pretend)', () => pretendPlace((settings) => new S3BackupStore(settings)));
describeWorkStore('S3 (pretend)', () => pretendPlace((settings) => new S3WorkStore(settings)));

describe('what S3 does besides', () => {
  let s3: PretendS3;
  let backups: S3BackupStore;
  let work: S3WorkStore;
  const bytes = Buffer.from('what was read from the site');

  beforeEach(async () => {
    s3 = await PretendS3.start();
    const settings = { client: clientOf(s3), bucket: 'bucket', owner };
    backups = new S3BackupStore(settings);
    work = new S3WorkStore(settings);
  });
  afterEach(() => s3.stop());

  /** A fault for the first `times` requests of a method. */
  const firstTimes = (method: string, times: number, fault: { status: number; code: string; bytes?: Uint8Array }) => {
    let left = times;
    return (request: { method?: string | undefined }) => {
      if (request.method !== method || left === 0) return undefined;
      left -= 1;
      return fault;
    };
  };

  it('stores a file with one write that demands a new key, and its SHA-256', async () => {
    await backups.create('b/file.json', bytes);

    expect(s3.requests).toHaveLength(1);
    expect(s3.requests[0]).toMatchObject({
      method: 'PUT',
      key: 'b/file.json',
      headers: {
        'if-none-match': '*',
        'content-type': 'application/json',
        'x-amz-checksum-sha256': createHash('sha256').update(bytes).digest('base64'),
      },
    });
  });

  it.each([
    { status: 500, code: 'InternalError' },
    { status: 503, code: 'SlowDown' },
    { status: 0, code: 'cut' },
  ])('takes its own write for its own where the answer was lost ($code)', async (fault) => {
    s3.after = firstTimes('PUT', 1, fault);
    await backups.create('b/file', bytes);

    s3.after = firstTimes('PUT', 1, fault);
    const version = await work.create('lock', 'mine');

    s3.after = firstTimes('PUT', 1, fault);
    const next = await work.replace('lock', 'mine still', version);
    expect(await work.read('lock')).toEqual({ text: 'mine still', version: next });
  });

  it("does not take a rival's write for its own where the answer was lost", async () => {
    s3.before = (request, key) => {
      if (request.method !== 'PUT') return undefined;
      s3.before = () => undefined;
      s3.objects.set(key, Buffer.from('rival'));
      return { status: 500, code: 'InternalError' };
    };
    await expect(work.create('lock', 'mine')).rejects.toThrow(KeyExistsError);
    expect((await work.read('lock'))?.text).toBe('rival');
  });

  it('tries again where another write of the same key was under way', async () => {
    s3.before = firstTimes('PUT', 2, { status: 409, code: 'ConditionalRequestConflict' });
    await backups.create('b/file', bytes);
    expect(Buffer.from(await backups.read('b/file')).toString()).toBe(bytes.toString());
  });

  it('is not the first where the version that was read is gone', async () => {
    await expect(work.replace('lock', 'mine', '"0123"')).rejects.toThrow(VersionConflictError);
  });

  it('asks again for an answer that is cut in the middle', async () => {
    const large = Buffer.from('0123456789'.repeat(20_000));
    await backups.create('b/large', large);
    s3.before = firstTimes('GET', 1, { status: 0, code: 'cut', bytes: large });
    expect(Buffer.compare(await backups.read('b/large'), large)).toBe(0);

    s3.before = firstTimes('GET', 1, { status: 0, code: 'cut', bytes: large });
    const pieces = await collected(backups.stream('b/large'));
    expect(Buffer.compare(Buffer.concat(pieces), large)).toBe(0);
    const ranges = s3.requests.flatMap(({ headers }) => headers.range ?? []);
    expect(ranges).toHaveLength(1);
    expect(s3.requests.at(-1)?.headers['if-match']).toBeDefined();
  });

  it.each([
    ['read', () => backups.read('b/file')],
    ['read', () => backups.copy({ key: 'b/file', bytes: 1, sha256: '' }, 'b/copy')],
    ['written', () => backups.create('b/file', bytes)],
    ['written', () => work.write('b/file', 'text')],
    ['listed', () => collected(backups.list('b/'))],
  ])('says what could not be %s, where and why', async (done, attempt) => {
    s3.before = () => ({ status: 403, code: 'AccessDenied' });
    const refused = attempt();
    await expect(refused).rejects.toThrow(StorageError);
    await expect(refused).rejects.toThrow(
      new RegExp(`s3://bucket/b/.* could not be ${done} \\(access denied: the role, .* another account\\)`),
    );
  });

  it('names the owner of the bucket in every request, and works with no other bucket of the name', async () => {
    const asked = async () => {
      await backups.create('b/file', bytes);
      await backups.copy({ key: 'b/file', bytes: bytes.length, sha256: sha256(bytes) }, 'b/copy');
      await backups.read('b/file');
      await collected(backups.stream('b/file'));
      await collected(backups.list('b/'));
      await collected(backups.folders());
      await work.replace('lock', 'next', await work.create('lock', 'first'));
      await work.write('lock', 'last');
      await work.read('nothing');
      await collected(work.list(''));
    };
    await asked();
    expect(s3.requests.length).toBeGreaterThan(9);
    for (const { headers } of s3.requests) expect(headers['x-amz-expected-bucket-owner']).toBe(owner);

    s3.owner = '210987654321';
    for (const attempt of [
      () => backups.create('b/other', bytes),
      () => backups.read('b/file'),
      () => work.read('lock'),
      () => collected(work.list('')),
    ])
      await expect(attempt()).rejects.toThrow(/the bucket belongs to another account/);
  });

  describe('where a role may list some prefixes only', () => {
    const mayList = (prefix: string) => (request: IncomingMessage, key: string) => {
      const url = new URL(request.url ?? '', s3.address);
      const denied = { status: 403, code: 'AccessDenied' };
      if (request.method !== 'GET') return undefined;
      if (key === '') return url.searchParams.get('prefix')?.startsWith(prefix) ? undefined : denied;
      // A read names no prefix, so no condition on one is met.
      return s3.objects.has(key) ? undefined : denied;
    };

    it('takes a key that is not there for missing, and finds one that is', async () => {
      s3.before = mayList('backups/');
      expect(await work.read('backups/none')).toBeUndefined();
      s3.objects.set('backups/none/deeper', bytes);
      expect(await work.read('backups/none')).toBeUndefined();
      await work.write('backups/one', 'text');
      expect((await work.read('backups/one'))?.text).toBe('text');
      await expect(backups.read('backups/none')).rejects.toThrow(MissingKeyError);
      await expect(collected(backups.stream('backups/none'))).rejects.toThrow(MissingKeyError);
    });

    it('takes one that it may not list, or not read, for no missing one', async () => {
      s3.before = mayList('backups/');
      await expect(work.read('journals/none')).rejects.toThrow(/access denied/);
      await work.write('backups/one', 'text');
      s3.before = (_, key) => (key === '' ? undefined : { status: 403, code: 'AccessDenied' });
      await expect(work.read('backups/one')).rejects.toThrow(/access denied/);
    });
  });

  it('takes a failure for no missing file', async () => {
    s3.before = () => ({ status: 404, code: 'NoSuchBucket' });
    await expect(work.read('lock')).rejects.toThrow(/there is no such bucket/);
    await expect(backups.read('b/file')).rejects.toThrow(StorageError);
  });
});
