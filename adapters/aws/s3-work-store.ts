import { KeyExistsError, VersionConflictError } from '../../core/errors.ts';
import type { Versioned, WorkStore } from '../../core/ports/work-store.ts';
import { type BucketSettings, S3Bucket } from './s3-bucket.ts';

/** Work in a bucket. A version is the object's ETag. */
export class S3WorkStore implements WorkStore {
  readonly #bucket: S3Bucket;

  constructor(settings: BucketSettings) {
    this.#bucket = new S3Bucket(settings);
  }

  async read(key: string): Promise<Versioned | undefined> {
    const there = await this.#bucket.get(key);
    return there && { text: Buffer.from(there.bytes).toString(), version: there.etag };
  }

  async write(key: string, text: string): Promise<void> {
    await this.#bucket.put(key, Buffer.from(text));
  }

  async create(key: string, text: string): Promise<string> {
    const written = await this.#bucket.putIf(key, Buffer.from(text), { IfNoneMatch: '*' });
    if (written === 'refused') throw new KeyExistsError(`${this.addressOf(key)} exists already.`);
    return written.etag;
  }

  async replace(key: string, text: string, version: string): Promise<string> {
    const written = await this.#bucket.putIf(key, Buffer.from(text), { IfMatch: version });
    if (written === 'refused') throw new VersionConflictError(`${this.addressOf(key)} has changed since it was read.`);
    return written.etag;
  }

  async *list(prefix: string): AsyncGenerator<string> {
    for await (const { key } of this.#bucket.list({ prefix })) yield key;
  }

  addressOf(key: string): string {
    return this.#bucket.addressOf(key);
  }
}
