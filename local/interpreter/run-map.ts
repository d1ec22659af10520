import { isDistributed, type MapState } from './definition.ts';
import { exceedsTolerance, type FailureTolerance } from './failure-tolerance.ts';
import type { History } from './history.ts';
import type { Json } from './json.ts';
import { readItems } from './read-items.ts';
import { runChildExecution } from './run-child-execution.ts';
import { runConcurrently } from './run-concurrently.ts';
import { type MapItem, type RunSequence, type Visit, valuesOf } from './scope.ts';
import { ExceedToleratedFailureThresholdError, QueryEvaluationError, StateError } from './state-errors.ts';
import { LIMITS } from './state-schema.ts';
import type { Template } from './template.ts';

/** AWS runs at most so many iterations of an inline map at a time. */
const INLINE_CONCURRENCY = 40;
/** AWS runs up to 10,000 children of a distributed map at a time; one machine gains nothing by more than these. */
const DISTRIBUTED_CONCURRENCY = 100;

/** Runs the processor for each item, and returns the outputs in the items' order. */
export async function runMap(state: MapState, visit: Visit, runSequence: RunSequence): Promise<Json[]> {
  const { history } = visit.scope;
  history.record('MapStateStarted');
  try {
    const outputs = await (isDistributed(state) ? runDistributed : runInline)(state, visit, runSequence);
    history.record('MapStateSucceeded');
    return outputs;
  } catch (error) {
    if (error instanceof StateError) history.record('MapStateFailed');
    throw error;
  }
}

/** Iterations see the variables around them and are part of this execution. The first error stops them all. */
async function runInline(state: MapState, visit: Visit, runSequence: RunSequence): Promise<Json[]> {
  const { name, scope, variables } = visit;
  const items = await itemsOf(state, visit);
  const limit = await concurrencyOf(state, visit, INLINE_CONCURRENCY);
  return runConcurrently(items, { limit, signal: scope.signal }, async (value, index, signal) => {
    const mapItem = { Index: index, Value: value };
    const input = await selectItem(state, visit, mapItem);
    const path = [...scope.path, { state: name, index }];
    scope.history.record('MapIterationStarted');
    try {
      const output = await runSequence(state.processor, input, variables, { ...scope, signal, path, mapItem });
      scope.history.record('MapIterationSucceeded');
      return output;
    } catch (error) {
      if (error instanceof StateError) scope.history.record('MapIterationFailed');
      throw error;
    }
  });
}

/** Children are executions of their own, which see no variables; some of them may fail. */
async function runDistributed(state: MapState, visit: Visit, runSequence: RunSequence): Promise<Json[]> {
  const { scope } = visit;
  const items = await itemsOf(state, visit);
  const limit = await concurrencyOf(state, visit, DISTRIBUTED_CONCURRENCY);
  const tolerance = await toleranceOf(state, visit);
  let failed = 0;

  return recordMapRun(scope.history, () =>
    runConcurrently(items, { limit, signal: scope.signal }, async (value, index, signal) => {
      const input = await selectItem(state, visit, { Index: index, Value: value });
      const child = await runChildExecution(state, visit, { input, index, signal }, runSequence);
      if (child.status === 'SUCCEEDED') return child.output;
      failed += 1;
      if (exceedsTolerance(failed, items.length, tolerance)) {
        throw new ExceedToleratedFailureThresholdError(
          `More items failed than the map "${visit.name}" tolerates: ${failed} of ${items.length}, the last with ${child.error.name}: ${child.error.message}`,
          { cause: child.error },
        );
      }
      return { Status: 'FAILED', ...child.error.output };
    }),
  );
}

async function recordMapRun<T>(history: History, run: () => Promise<T>): Promise<T> {
  history.record('MapRunStarted');
  try {
    const result = await run();
    history.record('MapRunSucceeded');
    return result;
  } catch (error) {
    if (error instanceof StateError) history.record('MapRunFailed');
    throw error;
  }
}

async function itemsOf(state: MapState, visit: Visit): Promise<Json[]> {
  const { name, scope, input } = visit;
  const values = valuesOf(visit);
  const items = state.ItemReader
    ? await readItems(state.ItemReader, values, scope.host)
    : ((await state.Items?.evaluate(values)) ?? input);
  if (!Array.isArray(items))
    throw new QueryEvaluationError(`The items of a map must be an array, not ${typeof items}.`);
  scope.host.onState?.({ kind: 'iterating', state: name, path: scope.path, items: items.length });
  return items;
}

async function selectItem({ ItemSelector }: MapState, visit: Visit, mapItem: MapItem): Promise<Json> {
  return ItemSelector === undefined ? mapItem.Value : ItemSelector.evaluate(valuesOf(visit, { mapItem }));
}

async function concurrencyOf({ MaxConcurrency }: MapState, visit: Visit, cap: number): Promise<number> {
  const wanted = await whole(MaxConcurrency, visit, 'MaxConcurrency');
  return wanted === 0 ? cap : Math.min(wanted, cap);
}

async function toleranceOf(state: MapState, visit: Visit): Promise<FailureTolerance> {
  return {
    count: await whole(state.ToleratedFailureCount, visit, 'ToleratedFailureCount'),
    percentage: await whole(state.ToleratedFailurePercentage, visit, 'ToleratedFailurePercentage'),
  };
}

async function whole(template: Template | undefined, visit: Visit, field: keyof typeof LIMITS): Promise<number> {
  return (await template?.evaluateWhole(valuesOf(visit), field, LIMITS[field])) ?? 0;
}
