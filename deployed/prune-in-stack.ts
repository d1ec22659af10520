import * as v from 'valibot';
import { WrongInputError } from '../core/errors.ts';
import type { PruneReport } from '../core/retention/prune-backups.ts';
import { callFunction } from './call-function.ts';
import type { FoundStack } from './find-stack.ts';

/** Each call ends after a few minutes, so that no answer is waited for longer than connections last. */
const secondsACall = 240;

const names = v.array(v.looseObject({ backup: v.string() }));
const shape = v.pipe(
  v.looseObject({
    dryRun: v.boolean(),
    kept: names,
    deleted: names,
    unfinished: v.looseObject({ kept: names, deleted: names }),
    left: v.array(v.string()),
    outOfTime: v.boolean(),
  }),
  v.transform((report) => report as unknown as PruneReport),
);

/**
 * Has the stack delete what it would delete after a night, or say what it would delete, again and again until all of it is done.
 * Throws WrongInputError where the stack was not told what to keep; the error that the function has thrown.
 */
export async function pruneInStack(stack: FoundStack, { dryRun }: { readonly dryRun: boolean }): Promise<PruneReport> {
  const { pruneFunction } = stack;
  if (pruneFunction === undefined) {
    throw new WrongInputError(
      `The stack ${stack.name} was not told which backups to keep, so nothing in it may delete any. Set "keep" in cdk.json, and deploy it again: npx cdk deploy ${stack.name}`,
    );
  }
  const call = () =>
    callFunction(stack, pruneFunction, {
      doing: dryRun ? 'ask the stack what it would delete' : 'have the stack delete old backups',
      payload: { dryRun, seconds: secondsACall },
      answer: shape,
    });
  let report = await call();
  while (report.outOfTime) {
    const next = await call();
    report = {
      ...next,
      deleted: [...report.deleted, ...next.deleted],
      unfinished: { ...next.unfinished, deleted: [...report.unfinished.deleted, ...next.unfinished.deleted] },
    };
  }
  return report;
}
