import { AwsRefusedError, messageOf, nameOf } from '../core/errors.ts';
import { withFullStop } from './full-stop.ts';

/**
 * Waits for an answer of AWS. Throws AwsRefusedError with a sentence for whatever AWS, or the way to it, says against
 * it; `doing` is what was tried, as in `find the stack AssetsBackup`. A signal that was aborted stays what it is.
 */
export async function askAws<T>(doing: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (nameOf(error) === 'AbortError') throw error;
    throw refusal(doing, error);
  }
}

/** What kind of refusal an error is, by its name, its system's code or its text, and what to do. First match wins. */
const refusals: readonly { readonly matches: RegExp; readonly sentence: string }[] = [
  {
    matches: /^(ExpiredToken|ExpiredTokenException|RequestExpired)\b|(token|session|credentials?)\b.*\bexpired/is,
    sentence: 'the credentials of AWS have expired. Log in to AWS again (`aws sso login`, say), then start again.',
  },
  {
    matches: /^(CredentialsProviderError|TokenProviderError)\b/,
    sentence:
      'there are no credentials of AWS here, or not under this profile. Log in to AWS (`aws configure` or `aws sso login`), or name a profile with --profile.',
  },
  {
    matches: /Region is missing/,
    sentence: 'no region of AWS is set. Name it with --region, in the profile, or in AWS_REGION.',
  },
  {
    matches:
      /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|AuthFailure|InvalidAccessKeyId|MissingAuthenticationToken)\b/,
    sentence: 'AWS does not accept these credentials. Log in to AWS again, or name another profile with --profile.',
  },
  {
    matches:
      /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)\b|^(TimeoutError|NetworkingError)\b/,
    sentence: 'AWS cannot be reached. Is this machine connected, and is the region spelt right (--region)?',
  },
  {
    matches: /^(Throttl\w+|TooManyRequestsException|RequestLimitExceeded)\b/,
    sentence: 'AWS asks for fewer requests in this account. Wait a minute, then start again.',
  },
];

const denied =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|UnauthorizedOperation|KMSAccessDeniedException)\b/;

function refusal(doing: string, error: unknown): AwsRefusedError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const told = `${nameOf(error)} ${code} ${messageOf(error)}`;
  if (denied.test(told)) {
    // AWS names the user, the action and the resource, which is all that whoever gives the right needs.
    return new AwsRefusedError(`Could not ${doing}: AWS does not allow it. ${withFullStop(messageOf(error))}`, {
      cause: error,
    });
  }
  const known = refusals.find(({ matches }) => matches.test(told));
  const sentence = known?.sentence ?? `AWS answered ${withFullStop(`${nameOf(error)}: ${messageOf(error)}`)}`;
  return new AwsRefusedError(`Could not ${doing}: ${sentence}`, { cause: error });
}
