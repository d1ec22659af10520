import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import type { LiveDiff, SiteDiffAnswer, SiteDiffRequest } from '../core/diff/site-diff.ts';
import { ExecutionFailedError } from '../core/errors.ts';
import { askAws } from './ask-aws.ts';
import type { FoundStack } from './find-stack.ts';
import { withFullStop } from './full-stop.ts';
import { ownErrors } from './own-errors.ts';

export type WantedSiteDiff = Omit<SiteDiffRequest, 'from'>;

export interface DiffListener {
  readonly signal: AbortSignal;
  /** How far it is, after each invocation. */
  heard(answer: Pick<SiteDiffAnswer, 'compared' | 'expected'>): void;
}

const answerShape = v.looseObject({
  next: v.nullable(v.number()),
  compared: v.number(),
  expected: v.number(),
  summary: v.nullable(v.looseObject({ isEqual: v.boolean() })),
  files: v.array(v.string()),
});

/**
 * Has a function of the stack compare, again and again until it has come to its end: each invocation gives what it came to after a
 * minute, so that no answer is waited for longer than a connection lasts. Throws the error that the function has thrown.
 */
export async function diffInStack(
  { clients, outputs }: FoundStack,
  wanted: WantedSiteDiff,
  { signal, heard }: DiffListener,
): Promise<LiveDiff> {
  for (let from = 0; ; ) {
    const command = new InvokeCommand({
      FunctionName: outputs.diffFunction,
      Payload: JSON.stringify({ ...wanted, from } satisfies SiteDiffRequest),
    });
    const { Payload, FunctionError } = await askAws(
      'have the stack compare a backup with its site',
      clients.lambda.send(command, { abortSignal: signal }),
    );
    const told: unknown = JSON.parse(Payload?.transformToString() || 'null');
    if (FunctionError !== undefined) throw failureOf(told, outputs.diffFunction);
    const parsed = v.safeParse(answerShape, told);
    if (!parsed.success) throw new ExecutionFailedError(noAnswer(outputs.diffFunction));
    const answer = parsed.output as unknown as SiteDiffAnswer;
    heard(answer);
    if (answer.summary) return { summary: answer.summary, files: answer.files };
    if (answer.next === null || answer.next <= from) throw new ExecutionFailedError(noAnswer(outputs.diffFunction));
    from = answer.next;
  }
}

const noAnswer = (name: string) =>
  `The function ${name} answered something that is no comparison. Are the stack and this program of one version? \`assets-backup doctor\` says it.`;

const failureShape = v.looseObject({ errorType: v.string(), errorMessage: v.string() });

/** An error of ours as itself, with its exit code; whatever else ends a function says where its log is. */
function failureOf(told: unknown, name: string): Error {
  const failure = v.safeParse(failureShape, told);
  if (!failure.success) return new ExecutionFailedError(noAnswer(name));
  const { errorType, errorMessage } = failure.output;
  const Known = ownErrors.get(errorType);
  if (Known) return new Known(errorMessage);
  return new ExecutionFailedError(
    `The function ${name} failed: ${withFullStop(`${errorType}: ${errorMessage}`)} Its log in CloudWatch says more.`,
  );
}
