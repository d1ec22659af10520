import { createHash } from 'node:crypto';
import { CopyObjectCommand, HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { ChangedFileError, KeyExistsError, MissingKeyError, nameOf, StorageError } from '../../core/errors.ts';
import type { FileToCopy } from '../../core/ports/backup-store.ts';
import { pastConflicts } from './past-conflicts.ts';
import { type BucketSettings, type S3Bucket, TooManyBytes } from './s3-bucket.ts';
import { answerStatus, s3Error } from './s3-error.ts';

/** What S3 keeps of a file; `sha256` where it has the sum of the whole file. */
interface Kept {
  readonly etag: string;
  readonly bytes: number;
  readonly sha256: string | undefined;
}

/**
 * Copies of files inside a bucket: S3 reads and writes by itself. Where copies are refused (403, 501), and the file can be read
 * and written all the same, no copy is asked for any more: each file is read and written then.
 */
export class S3Copies {
  readonly #settings: BucketSettings;
  readonly #bucket: S3Bucket;
  #areRefused = false;

  constructor(settings: BucketSettings, bucket: S3Bucket) {
    this.#settings = settings;
    this.#bucket = bucket;
  }

  /** As BackupStore says. */
  async copy(from: FileToCopy, key: string): Promise<void> {
    if (!this.#areRefused && (await this.#copyInside(from, key)) === 'copied') return;
    await this.#readAndWrite(from, key);
    this.#areRefused = true;
  }

  async #copyInside(from: FileToCopy, key: string): Promise<'copied' | 'refused'> {
    const first = await this.#etagOfSame(from);
    const answer = await this.#ask(from, first, key);
    if (answer !== 'condition failed') return answer;
    // S3 says of both conditions the same, that the key is new and that the file is the one that was looked at.
    const second = await this.#etagOfSame(from);
    if (second === first) throw this.#exists(key);
    const again = await this.#ask(from, second, key);
    if (again !== 'condition failed') return again;
    throw (await this.#etagOfSame(from)) === second ? this.#exists(key) : this.#changed(from);
  }

  /** The version of the file, where S3 knows nothing against its being the one to copy. */
  async #etagOfSame(from: FileToCopy): Promise<string> {
    const there = await this.#look(from.key);
    if (there === undefined) throw this.#missing(from);
    if (there.bytes !== from.bytes || (there.sha256 ?? from.sha256) !== from.sha256) throw this.#changed(from);
    return there.etag;
  }

  async #ask(from: FileToCopy, etag: string, key: string): Promise<'copied' | 'refused' | 'condition failed'> {
    try {
      const { CopyObjectResult: result } = await pastConflicts(() => this.#send(from.key, etag, key));
      const sum = sumOf(result?.ChecksumSHA256) ?? (await this.#sumOfBytes(key));
      if (sum !== from.sha256) throw this.#changed(from);
      return 'copied';
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      if (nameOf(error) === 'NoSuchKey') throw this.#missing(from, error);
      const status = answerStatus(error);
      if (status === 403 || status === 501) return 'refused';
      // An answer that began with 200 and then tells of an error comes with 503.
      if (status !== 412 && nameOf(error) !== 'PreconditionFailed')
        throw s3Error(this.#bucket.addressOf(key), 'written', error);
      // Of a later attempt it may be of our own first one, whose answer was lost.
      const isLater = (error.$metadata.attempts ?? 1) > 1;
      return isLater && (await this.#isCopy(from, key)) ? 'copied' : 'condition failed';
    }
  }

  #send(from: string, etag: string, key: string) {
    const { client, bucket, owner } = this.#settings;
    return client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: key,
        // As S3 reads it: each part of the key is encoded, and `/` and nothing else separates them.
        CopySource: `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`,
        ExpectedBucketOwner: owner,
        ExpectedSourceBucketOwner: owner,
        IfNoneMatch: '*',
        CopySourceIfMatch: etag,
        ChecksumAlgorithm: 'SHA256',
        // What somebody has attached to the old file would need more rights to be copied.
        TaggingDirective: 'REPLACE',
        AnnotationDirective: 'EXCLUDE',
      }),
    );
  }

  async #isCopy(from: FileToCopy, key: string): Promise<boolean> {
    const there = await this.#look(key);
    if (there?.bytes !== from.bytes) return false;
    return (there.sha256 ?? (await this.#sumOfBytes(key))) === from.sha256;
  }

  async #look(key: string): Promise<Kept | undefined> {
    const { client, bucket, owner } = this.#settings;
    const where = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner };
    try {
      const answer = await client.send(new HeadObjectCommand({ ...where, ChecksumMode: 'ENABLED' }));
      if (answer.ETag === undefined) throw new StorageError('S3 answered without an ETag.');
      return { etag: answer.ETag, bytes: answer.ContentLength ?? 0, sha256: sumOf(answer.ChecksumSHA256) };
    } catch (error) {
      const status = answerStatus(error);
      if (status === 404 || (status === 403 && (await this.#bucket.isAbsent(key)))) return undefined;
      throw error instanceof StorageError ? error : s3Error(this.#bucket.addressOf(key), 'read', error);
    }
  }

  async #sumOfBytes(key: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const piece of this.#bucket.stream(key)) hash.update(piece);
    return hash.digest('hex');
  }

  async #readAndWrite(from: FileToCopy, key: string): Promise<void> {
    const there = await this.#bucket.get(from.key, from.bytes).catch((error: unknown) => {
      throw error instanceof TooManyBytes ? this.#changed(from, error) : error;
    });
    if (!there) throw this.#missing(from);
    if (createHash('sha256').update(there.bytes).digest('hex') !== from.sha256) throw this.#changed(from);
    const written = await this.#bucket.putIf(key, there.bytes, { IfNoneMatch: '*' });
    if (written === 'refused') throw this.#exists(key);
  }

  #exists(key: string): KeyExistsError {
    return new KeyExistsError(`${this.#bucket.addressOf(key)} exists already.`);
  }

  #missing(from: FileToCopy, cause?: unknown): MissingKeyError {
    return new MissingKeyError(`There is no ${this.#bucket.addressOf(from.key)}.`, { cause });
  }

  #changed(from: FileToCopy, cause?: unknown): ChangedFileError {
    return new ChangedFileError(
      `${this.#bucket.addressOf(from.key)} has not the bytes any more with which it was written.`,
      {
        cause,
      },
    );
  }
}

/** In hexadecimal digits. One of a file that came in parts (`…-3`) is of the sums of those, and says nothing here. */
function sumOf(base64: string | undefined): string | undefined {
  return base64 === undefined || base64.includes('-') ? undefined : Buffer.from(base64, 'base64').toString('hex');
}
