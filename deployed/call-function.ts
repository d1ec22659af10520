import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { ExecutionFailedError } from '../core/errors.ts';
import { askAws } from './ask-aws.ts';
import type { FoundStack } from './find-stack.ts';
import { withFullStop } from './full-stop.ts';
import { ownErrors } from './own-errors.ts';

export interface FunctionCall<Answer> {
  /** What for, as in `find the stack AssetsBackup`. */
  readonly doing: string;
  readonly payload: object;
  readonly answer: v.GenericSchema<unknown, Answer>;
  /** Ends the waiting, not the function. */
  readonly signal?: AbortSignal;
}

/**
 * Calls a function of the stack and gives what it answers. Throws the error
 * that the function has thrown, ExecutionFailedError where that is none of ours or the answer is another one, AwsRefusedError.
 */
export async function callFunction<Answer>(
  { clients }: Pick<FoundStack, 'clients'>,
  name: string,
  { doing, payload, answer, signal }: FunctionCall<Answer>,
): Promise<Answer> {
  const { Payload, FunctionError } = await askAws(
    doing,
    clients.lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }), {
      abortSignal: signal,
    }),
  );
  const told: unknown = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError !== undefined) throw failureOf(name, told);
  const parsed = v.safeParse(answer, told);
  if (parsed.success) return parsed.output;
  throw notUnderstood(name);
}

const failure = v.looseObject({ errorType: v.string(), errorMessage: v.string() });

function failureOf(name: string, told: unknown): Error {
  const parsed = v.safeParse(failure, told);
  if (!parsed.success) return notUnderstood(name);
  const { errorType, errorMessage } = parsed.output;
  const Known = ownErrors.get(errorType);
  if (Known) return new Known(errorMessage);
  return new ExecutionFailedError(
    `The function ${name} failed: ${withFullStop(`${errorType}: ${errorMessage}`)} Its log in CloudWatch says more.`,
  );
}

/** Of an answer that is none to what was asked. */
export function notUnderstood(name: string): ExecutionFailedError {
  return new ExecutionFailedError(
    `The function ${name} answered something else than was asked for. Are the stack and this program of one version? \`assets-backup doctor\` says it.`,
  );
}
