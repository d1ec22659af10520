import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectsCommand, GetObjectLegalHoldCommand, GetObjectRetentionCommand } from '@aws-sdk/client-s3';
import { counted } from '../../core/counted.ts';
import { MissingKeyError, messageOf, nameOf, type StorageError } from '../../core/errors.ts';
import type { BackupDeleter } from '../../core/ports/backup-deleter.ts';
import { sideBySide } from '../../core/side-by-side.ts';
import type { BucketSettings } from './s3-bucket.ts';
import { s3Error } from './s3-error.ts';

/** Why a file was not deleted. */
interface Refusal {
  readonly key: string;
  readonly code: string;
}

/** What S3 says of a file that has no retention or no hold, where its bucket can have them. */
const notLocked = 'NoSuchObjectLockConfiguration';
/** And where the bucket cannot: there is no name for it. */
const noLockInBucket = /Object ?Lock ?Configuration/i;
/** A key that is not there, also since a marker hides it. */
const notThere = ['NoSuchKey', 'MethodNotAllowed'];

/** More are refused. */
const keysARequest = 1000;
/** S3 takes 3,500 deletes a second below one prefix, and a request for 1,000 takes about one. */
const requestsAtOnce = 3;
/** Of files that are refused one by one in an answer that is well otherwise, which the SDK does not look into. */
const attempts = 5;
const forAWhile = ['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'];

/**
 * Deletes files of the backups' bucket by their keys, never a version: where the bucket has versions, a marker is laid over the file.
 * S3 does that also over a file that is locked, and refuses nothing, so whoever wants to keep locked files asks `lockedUntil`.
 */
export class S3BackupDeleter implements BackupDeleter {
  readonly #settings: BucketSettings;
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  /** `pause` is for tests. */
  constructor(settings: BucketSettings, pause: (milliseconds: number) => Promise<unknown> = sleep) {
    this.#settings = settings;
    this.#pause = pause;
  }

  /** Asked for by itself: a HEAD leaves both out where they may not be seen, as if there were none. */
  async lockedUntil(key: string): Promise<string | null> {
    const { client } = this.#settings;
    const file = { ...this.#where, Key: key };
    const [retention, hold] = await Promise.all([
      this.#unlessUnlocked(key, () => client.send(new GetObjectRetentionCommand(file))),
      this.#unlessUnlocked(key, () => client.send(new GetObjectLegalHoldCommand(file))),
    ]);
    if (hold?.LegalHold?.Status === 'ON') return 'for good';
    return retention?.Retention?.RetainUntilDate?.toISOString() ?? null;
  }

  async delete(keys: readonly string[]): Promise<void> {
    const batches = Array.from({ length: Math.ceil(keys.length / keysARequest) }, (_, index) =>
      keys.slice(index * keysARequest, (index + 1) * keysARequest),
    );
    await sideBySide(batches, requestsAtOnce, (batch) => this.#deleteBatch(batch));
  }

  async #deleteBatch(keys: readonly string[]): Promise<void> {
    let left = keys;
    for (let attempt = 1; ; attempt += 1) {
      const refusals = await this.#refusalsOf(left);
      if (refusals.length === 0) return;
      if (attempt === attempts || refusals.some(({ code }) => !forAWhile.includes(code))) throw this.#error(refusals);
      left = refusals.map(({ key }) => key);
      await this.#pause(2 ** attempt * 100 * (0.5 + Math.random()));
    }
  }

  async #refusalsOf(keys: readonly string[]): Promise<Refusal[]> {
    const [first = ''] = keys;
    try {
      const answer = await this.#settings.client.send(
        new DeleteObjectsCommand({
          ...this.#where,
          // Tells of refusals alone.
          Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
        }),
      );
      return (answer.Errors ?? []).map(({ Key: key = first, Code: code = 'Unknown' }) => ({ key, code }));
    } catch (error) {
      throw s3Error(this.#addressOf(first), 'deleted', error);
    }
  }

  async #unlessUnlocked<T>(key: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      const name = nameOf(error);
      if (name === notLocked || (name === 'InvalidRequest' && noLockInBucket.test(messageOf(error)))) return undefined;
      if (notThere.includes(name)) {
        throw new MissingKeyError(`There is no ${this.#addressOf(key)}.`, { cause: error });
      }
      throw s3Error(this.#addressOf(key), 'asked for its lock', error);
    }
  }

  get #where() {
    return { Bucket: this.#settings.bucket, ExpectedBucketOwner: this.#settings.owner };
  }

  #addressOf(key: string): string {
    return `s3://${this.#settings.bucket}/${key}`;
  }

  /** Names the first, and all of them with their codes in its cause. */
  #error(refusals: readonly Refusal[]): StorageError {
    const [first, ...others] = refusals;
    const all = refusals.map(({ key, code }) => `${key}: ${code}`).join('\n');
    const cause = Object.assign(new Error(all), { name: first?.code ?? 'Unknown' });
    const more = others.length > 0 ? ` and ${counted(others.length, 'other file')}` : '';
    return s3Error(`${this.#addressOf(first?.key ?? '')}${more}`, 'deleted', cause);
  }
}
