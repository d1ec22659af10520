import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, nameOf, StorageError } from '../../core/errors.ts';

/** What S3 refused, in one sentence. */
export function s3Error(address: string, done: string, cause: unknown): StorageError {
  // The answer to a HEAD has no body that could name the error.
  const name = nameOf(cause) === 'Unknown' && answerStatus(cause) === 403 ? 'AccessDenied' : nameOf(cause);
  const why = remedies[name] ?? `${name}: ${messageOf(cause)}`;
  return new StorageError(`${address} could not be ${done} (${why}).`, { cause });
}

/** The status of S3's answer; undefined for any other error. */
export function answerStatus(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** What an operator can do, by the name of S3's error. */
const remedies: Readonly<Record<string, string>> = {
  AccessDenied:
    'access denied: the role, the bucket policy or the key does not allow it, or the bucket belongs to another account',
  NoSuchBucket: 'there is no such bucket: is the stack deployed in this account and region?',
  KMSDisabled: "the bucket's key is disabled: enable it in AWS KMS",
  ExpiredToken: 'the credentials have expired: log in to AWS again',
};
