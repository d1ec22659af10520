import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { nameOf, StorageError } from '../../core/errors.ts';
import { mostBytesOfText } from '../../core/ports/backup-store.ts';
import { pastConflicts } from './past-conflicts.ts';
import { s3Error } from './s3-error.ts';

export interface BucketSettings {
  readonly client: S3Client;
  readonly bucket: string;
  /** Id of the account that the bucket belongs to: S3 refuses every request to one of the same name that is somebody else's by now. */
  readonly owner: string;
}

/** On what a write depends: that the key is new, or still has the version (ETag) that was read. */
export type Precondition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

/** `refused`: the condition does not hold. */
export type Written = { readonly etag: string } | 'refused';

/**
 * A bucket, for the two stores. Every write is one PutObject with its SHA-256, which S3 checks and keeps. Failures are
 * StorageErrors that keep S3's own as their cause.
 */
export class S3Bucket {
  readonly #client: S3Client;
  readonly #bucket: string;
  /** What every request names. */
  readonly #where: { readonly Bucket: string; readonly ExpectedBucketOwner: string };

  constructor({ client, bucket, owner }: BucketSettings) {
    this.#client = client;
    this.#bucket = bucket;
    this.#where = { Bucket: bucket, ExpectedBucketOwner: owner };
  }

  addressOf(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  /** Writes whatever is there. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#inWords(key, 'written', () => this.#put(key, bytes));
  }

  /** Writes where the condition holds. */
  async putIf(key: string, bytes: Uint8Array, condition: Precondition): Promise<Written> {
    return await this.#inWords(key, 'written', async () => {
      try {
        return { etag: etagOf(await pastConflicts(() => this.#put(key, bytes, condition))) };
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        const status = error.$metadata.httpStatusCode;
        if (status !== 412 && !(status === 404 && 'IfMatch' in condition)) throw error;
        return await this.#afterRefusal(key, bytes, error);
      }
    });
  }

  /** The bytes and their version, or undefined where there is no such key. Throws TooManyBytes. */
  async get(
    key: string,
    mostBytes = mostBytesOfText,
  ): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
    return await this.#inWords(key, 'read', async () => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await this.#open(key, {});
        if (answer?.Body === undefined) return undefined;
        const { ContentLength: size = 0 } = answer;
        if (size > Math.min(mostBytes, mostBytesOfText)) {
          (answer.Body as Readable).destroy();
          throw new TooManyBytes(`${this.addressOf(key)} has ${size} bytes: somebody else wrote it.`, size);
        }
        try {
          return { bytes: await answer.Body.transformToByteArray(), etag: etagOf(answer) };
        } catch (error) {
          // The SDK tries again until an answer begins; one that is cut in the middle is ours to ask for again.
          if (attempt === bodyAttempts) throw error;
        }
      }
    });
  }

  /** Some bytes, as many as there are in that place; undefined where there is no such key. */
  async getPart(key: string, from: number, bytes: number): Promise<Uint8Array | undefined> {
    // S3 knows no range of no bytes.
    const range = { Range: `bytes=${from}-${from + Math.max(bytes, 1) - 1}` };
    return await this.#inWords(key, 'read', async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const answer = await this.#open(key, range);
          const part = await answer?.Body?.transformToByteArray();
          return part?.subarray(0, bytes);
        } catch (error) {
          if (nameOf(error) === 'InvalidRange') return new Uint8Array();
          if (attempt === bodyAttempts) throw error;
        }
      }
    });
  }

  /** The bytes in pieces; undefined where there is no such key. An answer that is cut goes on where it stopped. */
  async *stream(key: string): AsyncGenerator<Uint8Array, boolean> {
    let offset = 0;
    let etag: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const range = offset === 0 ? {} : { Range: `bytes=${offset}-`, IfMatch: etag };
      const answer = await this.#inWords(key, 'read', () => this.#open(key, range));
      if (answer?.Body === undefined) return false;
      etag ??= etagOf(answer);
      const pieces = answer.Body as AsyncIterable<Uint8Array>;
      try {
        for await (const piece of pieces) {
          yield piece;
          offset += piece.length;
          attempt = 1;
        }
        return true;
      } catch (error) {
        if (attempt === bodyAttempts) throw this.#storageError(key, 'read', error);
      }
    }
  }

  /** Keys and sizes, or with a delimiter the first segments, in the order of their UTF-8 bytes. */
  async *list(options: {
    prefix?: string;
    delimiter?: string;
  }): AsyncGenerator<{ readonly key: string; readonly bytes: number; readonly isFolder: boolean }> {
    let token: string | undefined;
    do {
      const page = await this.#inWords(options.prefix ?? '', 'listed', () =>
        this.#client.send(
          new ListObjectsV2Command({
            ...this.#where,
            Prefix: options.prefix,
            Delimiter: options.delimiter,
            ContinuationToken: token,
          }),
        ),
      );
      for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) yield { key, bytes, isFolder: false };
      for (const { Prefix: key = '' } of page.CommonPrefixes ?? []) yield { key, bytes: 0, isFolder: true };
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  #put(key: string, bytes: Uint8Array, condition: Partial<Precondition> = {}) {
    return this.#client.send(
      new PutObjectCommand({
        ...this.#where,
        Key: key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: contentTypeOf(key),
        ChecksumAlgorithm: 'SHA256',
        ...condition,
      }),
    );
  }

  async #open(key: string, range: { Range?: string; IfMatch?: string | undefined }) {
    try {
      return await this.#client.send(new GetObjectCommand({ ...this.#where, Key: key, ...range }));
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined;
      // Whoever may list some prefixes only can be told "access denied" of a key that is not there: whether they may know that is
      // asked of their right to list the bucket, and a read names no prefix that could meet its condition. The list does.
      if (nameOf(error) === 'AccessDenied' && (await this.isAbsent(key))) return undefined;
      throw error;
    }
  }

  /** Whether a key that may not be read is not there. False also where it may not be listed: then nobody knows. */
  async isAbsent(key: string): Promise<boolean> {
    try {
      const list = new ListObjectsV2Command({ ...this.#where, Prefix: key, MaxKeys: 1 });
      const { Contents: [first] = [] } = await this.#client.send(list);
      return first?.Key !== key;
    } catch (error) {
      if (nameOf(error) === 'AccessDenied') return false;
      throw error;
    }
  }

  /**
   * A refusal of the first attempt is true. One of a later attempt may be of our own first one, whose answer was lost: then
   * what lies there is what we wrote.
   */
  async #afterRefusal(key: string, bytes: Uint8Array, refusal: S3ServiceException): Promise<Written> {
    if ((refusal.$metadata.attempts ?? 1) === 1) return 'refused';
    const there = await this.get(key);
    return there && Buffer.compare(there.bytes, bytes) === 0 ? { etag: there.etag } : 'refused';
  }

  async #inWords<T>(key: string, done: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof StorageError ? error : this.#storageError(key, done, error);
    }
  }

  #storageError(key: string, done: string, cause: unknown): StorageError {
    return s3Error(this.addressOf(key), done, cause);
  }
}

/** A file that is larger than it may be. */
export class TooManyBytes extends StorageError {
  readonly bytes: number;

  constructor(message: string, bytes: number) {
    super(message);
    this.bytes = bytes;
  }
}

const bodyAttempts = 3;

function etagOf({ ETag }: Pick<GetObjectCommandOutput, 'ETag'>): string {
  if (ETag === undefined) throw new StorageError('S3 answered without an ETag.');
  return ETag;
}

function contentTypeOf(key: string): string {
  if (key.endsWith('.json')) return 'application/json';
  if (key.endsWith('.png')) return 'image/png';
  return key.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/octet-stream';
}
