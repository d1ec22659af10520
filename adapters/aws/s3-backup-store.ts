import { KeyExistsError, MissingKeyError } from '../../core/errors.ts';
import { type BackupStore, type FileToCopy, type StoredKey, tooManyBytes } from '../../core/ports/backup-store.ts';
import { type BucketSettings, S3Bucket, TooManyBytes } from './s3-bucket.ts';
import { S3Copies } from './s3-copies.ts';

/** Backups in a bucket. Create-only: the bucket's policy refuses every write that does not demand that the key is new. */
export class S3BackupStore implements BackupStore {
  readonly #bucket: S3Bucket;
  readonly #copies: S3Copies;

  constructor(settings: BucketSettings) {
    this.#bucket = new S3Bucket(settings);
    this.#copies = new S3Copies(settings, this.#bucket);
  }

  async create(key: string, bytes: Uint8Array): Promise<void> {
    const written = await this.#bucket.putIf(key, bytes, { IfNoneMatch: '*' });
    if (written === 'refused') throw new KeyExistsError(`${this.addressOf(key)} exists already.`);
  }

  async copy(from: FileToCopy, key: string): Promise<void> {
    await this.#copies.copy(from, key);
  }

  async read(key: string, mostBytes?: number): Promise<Uint8Array> {
    const there = await this.#bucket.get(key, mostBytes).catch((error: unknown) => {
      throw error instanceof TooManyBytes ? this.#missing(key, tooManyBytes(error.bytes)) : error;
    });
    if (!there) throw this.#missing(key);
    return there.bytes;
  }

  async readPart(key: string, from: number, bytes: number): Promise<Uint8Array> {
    const part = await this.#bucket.getPart(key, from, bytes);
    if (!part) throw this.#missing(key);
    return part;
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    const isThere = yield* this.#bucket.stream(key);
    if (!isThere) throw this.#missing(key);
  }

  async *list(prefix: string): AsyncGenerator<StoredKey> {
    for await (const { key, bytes } of this.#bucket.list({ prefix })) yield { key, bytes };
  }

  async *folders(): AsyncGenerator<string> {
    for await (const { key, isFolder } of this.#bucket.list({ delimiter: '/' })) if (isFolder) yield key.slice(0, -1);
  }

  addressOf(key: string): string {
    return this.#bucket.addressOf(key);
  }

  #missing(key: string, instead?: string): MissingKeyError {
    return new MissingKeyError(`There is no ${this.addressOf(key)}.`, { instead });
  }
}
