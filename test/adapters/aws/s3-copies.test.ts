import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3BackupStore } from '../../../adapters/aws/s3-backup-store.ts';
import { createS3Client } from '../../../adapters/aws/s3-client.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { ChangedFileError, KeyExistsError, MissingKeyError, StorageError } from '../../../core/errors.ts';
import type { FileToCopy } from '../../../core/ports/backup-store.ts';
import { times } from '../../contracts/store-place.ts';
import { type Fault, PretendS3 } from './pretend-s3.ts';

const bytes = Buffer.from('what was read last night');
const others = Buffer.from('what has the same length');
const from: FileToCopy = { key: 'old/file', bytes: bytes.length, sha256: sha256(bytes) };
const base64 = (of: Uint8Array) => Buffer.from(sha256(of), 'hex').toString('base64');

let s3: PretendS3;
let backups: S3BackupStore;

beforeEach(async () => {
  s3 = await PretendS3.start();
  backups = openBackups();
  await backups.create(from.key, bytes);
  s3.requests.length = 0;
});
afterEach(() => s3.stop());

function openBackups(): S3BackupStore {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = createS3Client({ endpoint: s3.address, region: 'us-east-1', forcePathStyle: true, credentials });
  return new S3BackupStore({ client, bucket: 'bucket', owner: '123456789012' });
}

const isCopy = ({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>) =>
  method === 'PUT' && 'x-amz-copy-source' in headers;
/** `HEAD`, `COPY`, `GET` and `PUT`, in the order in which they came. */
const asked = () => s3.requests.map((request) => (isCopy(request) ? 'COPY' : request.method));
const stored = (key: string) => s3.objects.get(key)?.toString();

/** Does something before each copy that is asked for, by its number from 1, and gives its answer where that is a fault. */
function beforeCopies(act: (number: number, key: string) => Fault | undefined): void {
  let number = 0;
  s3.before = (request, key) => {
    if (!isCopy(request)) return undefined;
    number += 1;
    return act(number, key);
  };
}

describe('a copy inside a bucket', () => {
  it('is looked at, and made by S3 on both conditions; nothing travels', async () => {
    await backups.copy(from, 'new/file');

    expect(asked()).toEqual(['HEAD', 'COPY']);
    const [head, copy] = s3.requests;
    expect(head).toMatchObject({ key: 'old/file', headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    expect(copy).toMatchObject({
      key: 'new/file',
      headers: {
        'x-amz-copy-source': 'bucket/old/file',
        'x-amz-copy-source-if-match': expect.stringMatching(/^"[0-9a-f]{32}"$/),
        'if-none-match': '*',
        'x-amz-checksum-algorithm': 'SHA256',
        'x-amz-expected-bucket-owner': '123456789012',
        'x-amz-source-expected-bucket-owner': '123456789012',
        'x-amz-tagging-directive': 'REPLACE',
        'x-amz-object-annotation-directive': 'EXCLUDE',
      },
    });
  });

  it('names its source as S3 reads it', async () => {
    const key = 'old/what? 100%/%41+ü.json';
    await backups.create(key, bytes);
    await backups.copy({ ...from, key }, 'new/file');

    const source = s3.requests.at(-1)?.headers['x-amz-copy-source'];
    expect(source).toBe('bucket/old/what%3F%20100%25/%2541%2B%C3%BC.json');
  });

  it('is not asked for where S3 knows that the file has changed', async () => {
    s3.sums.set(from.key, base64(others));
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(ChangedFileError);
    s3.sums.delete(from.key);
    await expect(backups.copy({ ...from, bytes: from.bytes + 1 }, 'new/file')).rejects.toThrow(ChangedFileError);

    expect(asked()).toEqual(['HEAD', 'HEAD']);
  });

  it('counts by the sum that S3 gives with it', async () => {
    // As if the file had no sum of its own, because somebody has put it there again.
    s3.objects.set(from.key, others);
    s3.sums.delete(from.key);
    await expect(backups.copy(from, 'new/changed')).rejects.toThrow(ChangedFileError);

    s3.objects.set(from.key, bytes);
    await backups.copy(from, 'new/file');
    expect(asked()).toEqual(['HEAD', 'COPY', 'HEAD', 'COPY']);
  });

  it.each([
    ['no sum', () => undefined],
    ['the sum of the sums of its parts', (of: Uint8Array) => `${base64(of)}-3`],
  ])('is read back where S3 gives %s', async (_, sumOfCopy) => {
    s3.sumOfCopy = sumOfCopy;
    await backups.copy(from, 'new/file');
    expect(asked()).toEqual(['HEAD', 'COPY', 'GET']);

    s3.objects.set(from.key, others);
    s3.sums.delete(from.key);
    await expect(backups.copy(from, 'new/changed')).rejects.toThrow(ChangedFileError);
  });
});

describe('a file that changes while it is copied', () => {
  beforeEach(() => s3.sums.clear());

  it('is looked at once more, and copied where it is the one to copy', async () => {
    s3.objects.set(from.key, others);
    beforeCopies(() => {
      s3.objects.set(from.key, bytes);
      return undefined;
    });
    await backups.copy(from, 'new/file');

    expect(asked()).toEqual(['HEAD', 'COPY', 'HEAD', 'COPY']);
    expect(stored('new/file')).toBe(bytes.toString());
  });

  it('is not copied where it never rests', async () => {
    beforeCopies((number) => {
      s3.objects.set(from.key, number % 2 === 1 ? others : bytes);
      return undefined;
    });
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(ChangedFileError);

    expect(asked().filter((one) => one === 'COPY')).toHaveLength(2);
    expect(stored('new/file')).toBeUndefined();
  });

  it('is missing where it goes', async () => {
    beforeCopies(() => {
      s3.objects.delete(from.key);
      return undefined;
    });
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(MissingKeyError);
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(/old\/file/);
  });
});

describe('an answer that is lost', () => {
  const lost = (fault: Fault) => {
    let isLost = false;
    s3.after = (request) => {
      if (!isCopy(request) || isLost) return undefined;
      isLost = true;
      return fault;
    };
  };

  it.each([
    { status: 500, code: 'InternalError' },
    { status: 503, code: 'SlowDown' },
    { status: 0, code: 'cut' },
    // What S3 does where it has begun to answer before the copy was made.
    { status: 200, code: 'InternalError' },
  ])('leaves a copy that counts as ours ($status $code)', async (fault) => {
    lost(fault);
    await backups.copy(from, 'new/file');
    expect(stored('new/file')).toBe(bytes.toString());

    s3.sumOfCopy = () => undefined;
    lost(fault);
    await backups.copy(from, 'new/without a sum');
    expect(asked().slice(-4)).toEqual(['COPY', 'COPY', 'HEAD', 'GET']);
  });

  it("does not make a rival's file ours", async () => {
    beforeCopies((number, key) => {
      if (number > 1) return undefined;
      s3.objects.set(key, others);
      return { status: 500, code: 'InternalError' };
    });
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(KeyExistsError);
    expect(stored('new/file')).toBe(others.toString());
  });

  it('may be one that began well and then says that the key is not new', async () => {
    s3.objects.set('new/file', others);
    beforeCopies(() => ({ status: 200, code: 'PreconditionFailed' }));
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(KeyExistsError);
  });
});

it('tries again where another write of the same key was under way', async () => {
  beforeCopies((number) => (number < 3 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined));
  await backups.copy(from, 'new/file');
  expect(asked()).toEqual(['HEAD', 'COPY', 'COPY', 'COPY']);
});

describe.each([
  { status: 403, code: 'AccessDenied' },
  { status: 501, code: 'NotImplemented' },
])('a bucket that refuses copies ($status)', (refusal) => {
  beforeEach(() => beforeCopies(() => refusal));

  it('is asked for one only: all files are read and written, on the same condition', async () => {
    for (const number of times(5, (index) => index)) await backups.copy(from, `new/${number}`);

    expect(asked()).toEqual(['HEAD', 'COPY', ...times(5, () => ['GET', 'PUT']).flat()]);
    for (const number of times(5, (index) => index)) expect(stored(`new/${number}`)).toBe(bytes.toString());
    const writes = s3.requests.filter((request) => request.method === 'PUT' && !isCopy(request));
    expect(writes.map(({ headers }) => headers['if-none-match'])).toEqual(times(5, () => '*'));
    expect(writes.map(({ headers }) => headers['x-amz-checksum-sha256'])).toEqual(times(5, () => base64(bytes)));
  });

  it('is told apart from a file that is missing, changed, or there already', async () => {
    await backups.copy(from, 'new/file');

    await expect(backups.copy({ ...from, key: 'old/none' }, 'new/other')).rejects.toThrow(MissingKeyError);
    await expect(backups.copy(from, 'new/file')).rejects.toThrow(KeyExistsError);
    for (const changed of [others, Buffer.concat([bytes, bytes]), bytes.subarray(1)]) {
      s3.objects.set(from.key, changed);
      await expect(backups.copy(from, 'new/other')).rejects.toThrow(ChangedFileError);
    }
    expect(stored('new/other')).toBeUndefined();
  });
});

it.each(['GET', 'PUT'])('takes what a %s meets as well for no refusal of copies', async (method) => {
  const denied = { status: 403, code: 'AccessDenied' };
  s3.before = (request) => (isCopy(request) || request.method === method ? denied : undefined);
  for (let time = 1; time <= 2; time += 1) {
    const copy = backups.copy(from, 'new/file');
    await expect(copy).rejects.toThrow(StorageError);
    await expect(copy).rejects.toThrow(/access denied/);
  }
  s3.before = () => undefined;
  await backups.copy(from, 'new/file');

  expect(asked().filter((one) => one === 'COPY')).toHaveLength(3);
  expect(asked().slice(-2)).toEqual(['HEAD', 'COPY']);
});

it('says what could not be made, and why', async () => {
  beforeCopies(() => ({ status: 400, code: 'KMSDisabled' }));
  const copy = backups.copy(from, 'new/file');
  await expect(copy).rejects.toThrow(StorageError);
  await expect(copy).rejects.toThrow(/s3:\/\/bucket\/new\/file could not be written \(the bucket's key is disabled/);
});

describe('where a role may list its own keys only', () => {
  const denied = { status: 403, code: 'AccessDenied' };
  const mayList = (prefix: string) => {
    s3.before = (request, key) => {
      const url = new URL(request.url ?? '', s3.address);
      if (key !== '') return request.method === 'PUT' || s3.objects.has(key) ? undefined : denied;
      return url.searchParams.get('prefix')?.startsWith(prefix) ? undefined : denied;
    };
  };

  it('takes a file that is not there for missing', async () => {
    mayList('old/');
    await expect(backups.copy({ ...from, key: 'old/none' }, 'new/file')).rejects.toThrow(MissingKeyError);
  });

  it('takes one that may be there for no missing one', async () => {
    mayList('other/');
    await expect(backups.copy({ ...from, key: 'old/none' }, 'new/file')).rejects.toThrow(
      /s3:\/\/bucket\/old\/none could not be read \(access denied/,
    );
  });
});
