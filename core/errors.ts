import type { FieldRefusal } from './model/refusal.ts';
import { wordsWithout } from './model/site-words.ts';

/**
 * Every error that this product throws on purpose. Names are literal because bundlers rename classes, and Step Functions
 * matches names. Messages never hold a token or an object's value.
 *
 * Exit codes: 1 failed, 2 wrong usage, 10 no such backup, 11 another run in progress, 12 login refused,
 * 13 backup damaged, 14 differences found, 15 work file damaged, 130 interrupted.
 */
export abstract class AssetsBackupError extends Error {
  abstract override readonly name: string;
  readonly exitCode: number = 1;
  /** True where the fault is the person's to mend (input, login, address), so a cause chain would only confuse. */
  readonly isUserMistake: boolean = false;
}

/** The input, an option or a settings file is wrong. Nothing was started. */
export class WrongInputError extends AssetsBackupError {
  override readonly name = 'WrongInputError';
  override readonly exitCode = 2;
  override readonly isUserMistake = true;
}

/** The site refused the credentials (401). */
export class LoginRefusedError extends AssetsBackupError {
  override readonly name = 'LoginRefusedError';
  override readonly exitCode = 12;
  override readonly isUserMistake = true;
}

/** The stack's secret holds no login yet. */
export class EmptySecretError extends AssetsBackupError {
  override readonly name = 'EmptySecretError';
  override readonly exitCode = 12;
  override readonly isUserMistake = true;
}

/** The site answers, but has no Assets workspace that this account can see. */
export class NoAssetsError extends AssetsBackupError {
  override readonly name = 'NoAssetsError';
  override readonly isUserMistake = true;
}

/** Nothing that speaks the API answers at the address: no such host, connection refused, or something else lives there. */
export class WrongAddressError extends AssetsBackupError {
  override readonly name = 'WrongAddressError';
  override readonly isUserMistake = true;
}

/** The site kept failing (5xx, cut or refused connections, time-outs) after all retries. */
export class SiteUnavailableError extends AssetsBackupError {
  override readonly name = 'SiteUnavailableError';
}

/** The site kept answering 429 after all retries. */
export class RateLimitedError extends AssetsBackupError {
  override readonly name = 'RateLimitedError';
}

/** The account may log in but not read this (403). */
export class PermissionRefusedError extends AssetsBackupError {
  override readonly name = 'PermissionRefusedError';
}

/** The site says that there is no such thing (404). */
export class NotFoundError extends AssetsBackupError {
  override readonly name = 'NotFoundError';
}

/** The site refused the request itself (400 and other 4xx). */
export class RequestRefusedError extends AssetsBackupError {
  override readonly name = 'RequestRefusedError';
  /** Which fields it refused and why, where the site says so. Kinds only: its own texts may quote a value. */
  readonly refusals: readonly FieldRefusal[];
  /** Private, because whatever prints an error prints its fields. */
  readonly #words: string;

  /** @param options.words what the site says where no kind tells it; by default what the cause was told */
  constructor(
    message: string,
    options: ErrorOptions & { readonly refusals?: readonly FieldRefusal[]; readonly words?: string } = {},
  ) {
    super(message, options);
    const { refusals = [], words, cause } = options;
    this.refusals = refusals;
    this.#words = words ?? (cause instanceof RequestRefusedError ? cause.#words : '');
  }

  /**
   * The message, or another reason, with the site's own words after it where no kind of refusal says all. Words in which any of
   * these values stands are left out; so it is for writes whose every value is known.
   */
  saying(values: Iterable<string>, reason: string = this.message): string {
    const isTold = this.refusals.length > 0 && this.refusals.every(({ kind }) => kind !== 'other');
    return isTold ? reason : `${reason.replace(/\.$/, '')}${wordsWithout(this.#words, values)}`;
  }
}

/**
 * The answer to a create was lost (no answer, a cut one, a 5xx): it may have been carried out or not. Never sent again
 * before somebody has looked.
 */
export class OutcomeUnknownError extends AssetsBackupError {
  override readonly name = 'OutcomeUnknownError';
}

/** An answer that is not what the API documents: an HTML page, cut or empty JSON, another shape. Never taken for "nothing there". */
export class UnexpectedAnswerError extends AssetsBackupError {
  override readonly name = 'UnexpectedAnswerError';
}

/**
 * An answer beyond all bounds: of more bytes, or nested deeper, than is ever read, or pages without an end. It concerns what was
 * asked for, which may be had in smaller pieces.
 */
export class ExcessiveAnswerError extends AssetsBackupError {
  override readonly name = 'ExcessiveAnswerError';
}

/** So much of one kind failed that what is wrong is not one object: the run stops. */
export class TooManyFailuresError extends AssetsBackupError {
  override readonly name = 'TooManyFailuresError';
}

/** Twenty writes in a row were refused for the same reason: that is no matter of one object, and the run stops. */
export class TooManyRefusalsError extends AssetsBackupError {
  override readonly name = 'TooManyRefusalsError';
}

/** The target is not as this restore needs it: a key is taken, a schema is not to be written into. Nothing was written. */
export class TargetRefusedError extends AssetsBackupError {
  override readonly name = 'TargetRefusedError';
  override readonly isUserMistake = true;
}

/** The plan that was approved is not kept, or the target has changed since the plan was made. Nothing was written. */
export class PlanChangedError extends AssetsBackupError {
  override readonly name = 'PlanChangedError';
  override readonly isUserMistake = true;
}

/** A restore that is to change nothing in what is there has found it otherwise than the backup has it. Nothing was written. */
export class ExistingDiffersError extends AssetsBackupError {
  override readonly name = 'ExistingDiffersError';
  override readonly isUserMistake = true;
}

/** The backup is whole but not all of the site: its status is `partial`. Nothing was written. */
export class PartialBackupRefusedError extends AssetsBackupError {
  override readonly name = 'PartialBackupRefusedError';
  override readonly isUserMistake = true;
}

/** The restore was carried out, but the target differs from the backup where no loss was reported; the report names the differences. */
export class DifferencesFoundError extends AssetsBackupError {
  override readonly name = 'DifferencesFoundError';
  override readonly exitCode = 14;
}

/** Another run of the same site holds the lock. */
export class RunInProgressError extends AssetsBackupError {
  override readonly name = 'RunInProgressError';
  override readonly exitCode = 11;
  override readonly isUserMistake = true;
}

/** The lock now names another run: this one must not write any more. */
export class LockLostError extends AssetsBackupError {
  override readonly name = 'LockLostError';
  override readonly exitCode = 11;
}

/** The run stored what it could, but configuration or objects are missing; the manifest names them. */
export class PartialBackupError extends AssetsBackupError {
  override readonly name = 'PartialBackupError';
}

/** No backup of this name in the store. */
export class NoSuchBackupError extends AssetsBackupError {
  override readonly name = 'NoSuchBackupError';
  override readonly exitCode = 10;
  override readonly isUserMistake = true;
}

/** No object of this key or id in the backup. */
export class NoSuchObjectError extends AssetsBackupError {
  override readonly name = 'NoSuchObjectError';
  override readonly isUserMistake = true;
}

/** Something else lies where a copy of a backup, or a journal, is to go. Nothing was written over. */
export class CopyRefusedError extends AssetsBackupError {
  override readonly name = 'CopyRefusedError';
  override readonly isUserMistake = true;
}

/** Stored bytes are not what the manifest says, or the manifest is missing or not whole. */
export class DamagedBackupError extends AssetsBackupError {
  override readonly name = 'DamagedBackupError';
  override readonly exitCode = 13;
}

/**
 * A file of the work store (a journal, a lock, what a step left for the next) is missing, cut, empty, in another's place or not
 * what such a file is. Nothing goes on past it: a journal that is taken for empty would have everything made twice.
 */
export class DamagedWorkFileError extends AssetsBackupError {
  override readonly name = 'DamagedWorkFileError';
  override readonly exitCode = 15;
}

/** What stood in objects before a restore wrote to them is not there, and is not old enough to be. Nothing was written. */
export class BeforeImageMissingError extends AssetsBackupError {
  override readonly name = 'BeforeImageMissingError';
  override readonly exitCode = 15;
}

/** What stood in objects before a restore wrote to them is not what was kept. Nothing was written. */
export class BeforeImageDamagedError extends AssetsBackupError {
  override readonly name = 'BeforeImageDamagedError';
  override readonly exitCode = 15;
}

/** What stood in objects before a restore wrote to them was kept for `undoDays`, and is gone. Nothing was written. */
export class BeforeImageExpiredError extends AssetsBackupError {
  override readonly name = 'BeforeImageExpiredError';
  override readonly isUserMistake = true;
}

/** The backup, or a file of the work store, was written by a newer version of this program. */
export class UnsupportedFormatError extends AssetsBackupError {
  override readonly name = 'UnsupportedFormatError';
}

/** A store was asked to create a key that exists. */
export class KeyExistsError extends AssetsBackupError {
  override readonly name = 'KeyExistsError';
}

/** A store was asked for a key that does not exist. What lies there and is no file of the store's own does not count. */
export class MissingKeyError extends AssetsBackupError {
  override readonly name = 'MissingKeyError';
  /** What lies there instead, to go on after the key: `is a symbolic link`. */
  readonly instead: string | undefined;

  constructor(message: string, { instead, ...options }: ErrorOptions & { readonly instead?: string | undefined } = {}) {
    super(message, options);
    this.instead = instead;
  }

  /** What is the matter, to go on after the key. */
  get problem(): string {
    return this.instead === undefined ? 'is missing' : `${this.instead}, where a file should be`;
  }
}

/** A file has not the bytes with which it was written. */
export class ChangedFileError extends AssetsBackupError {
  override readonly name = 'ChangedFileError';
}

/** A conditional write found another version than the one that was read. */
export class VersionConflictError extends AssetsBackupError {
  override readonly name = 'VersionConflictError';
}

/**
 * The disk, folder or bucket of a store cannot be used: full, read-only, not ours to write, broken. The cause holds the
 * system's own code.
 */
export class StorageError extends AssetsBackupError {
  override readonly name = 'StorageError';
}

/** No stack of this name in this account and region, or one that is not ours or too old for this program. */
export class StackNotFoundError extends AssetsBackupError {
  override readonly name = 'StackNotFoundError';
  override readonly exitCode = 2;
  override readonly isUserMistake = true;
}

/** AWS, or the way to it, said no: credentials, region, rights, network. The sentence says which. */
export class AwsRefusedError extends AssetsBackupError {
  override readonly name = 'AwsRefusedError';
  override readonly isUserMistake = true;
}

/** An execution in AWS ended without a result and not by an error of ours: timed out, stopped by somebody, broken by AWS. */
export class ExecutionFailedError extends AssetsBackupError {
  override readonly name = 'ExecutionFailedError';
}

/** The person, or the system, asked the run to stop. */
export class InterruptedError extends AssetsBackupError {
  override readonly name = 'InterruptedError';
  override readonly exitCode = 130;
  override readonly isUserMistake = true;
}

/** Whether an error concerns what was being read. Every other error concerns the run, and stops it. */
export function isOfOneRead(error: unknown): boolean {
  return ofOneRead.some((kind) => error instanceof kind);
}

const ofOneRead = [
  PermissionRefusedError,
  NotFoundError,
  ExcessiveAnswerError,
  RequestRefusedError,
  RateLimitedError,
  SiteUnavailableError,
  UnexpectedAnswerError,
];

/** The sentence of any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The literal name of any thrown thing. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
