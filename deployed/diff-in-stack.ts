import * as v from 'valibot';
import type { LiveDiff, SiteDiffAnswer, SiteDiffRequest } from '../core/diff/site-diff.ts';
import { callFunction, notUnderstood } from './call-function.ts';
import type { FoundStack } from './find-stack.ts';

export type WantedSiteDiff = Omit<SiteDiffRequest, 'from'>;

export interface DiffListener {
  readonly signal: AbortSignal;
  /** How far it is, after each invocation. */
  heard(answer: Pick<SiteDiffAnswer, 'compared' | 'expected'>): void;
}

const answerShape = v.pipe(
  v.looseObject({
    next: v.nullable(v.number()),
    compared: v.number(),
    expected: v.number(),
    summary: v.nullable(v.looseObject({ isEqual: v.boolean() })),
    files: v.array(v.string()),
  }),
  v.transform((answer) => answer as unknown as SiteDiffAnswer),
);

/**
 * Has a function of the stack compare, again and again until it has come to its end: each invocation gives what it came to after a
 * minute, so that no answer is waited for longer than a connection lasts. Throws the error that the function has thrown.
 */
export async function diffInStack(
  stack: FoundStack,
  wanted: WantedSiteDiff,
  { signal, heard }: DiffListener,
): Promise<LiveDiff> {
  const { diffFunction } = stack.outputs;
  for (let from = 0; ; ) {
    const answer = await callFunction(stack, diffFunction, {
      doing: 'have the stack compare a backup with its site',
      payload: { ...wanted, from } satisfies SiteDiffRequest,
      answer: answerShape,
      signal,
    });
    heard(answer);
    if (answer.summary) return { summary: answer.summary, files: answer.files };
    if (answer.next === null || answer.next <= from) throw notUnderstood(diffFunction);
    from = answer.next;
  }
}
