import type { MapState } from './definition.ts';
import type { JsonValue } from './json.ts';
import { readItems } from './read-items.ts';
import { runChildExecution } from './run-child-execution.ts';
import { runConcurrently } from './run-concurrently.ts';
import { type RunSequence, type Visit, valuesOf } from './scope.ts';
import { StateError } from './state-errors.ts';

/** What AWS allows, but for 0, which means as many children at a time as there can be. */
const CONCURRENCY = { min: 1, max: 2 ** 31 - 1 };

/**
 * Runs the processor for each item, and returns the outputs in the items' order. Children are executions of their own, which
 * see no variables. The first that fails stops them all and the map.
 */
export async function runMap(state: MapState, visit: Visit, runSequence: RunSequence): Promise<JsonValue[]> {
  const { history, host, signal } = visit.scope;
  const values = valuesOf(visit);
  history.record('MapStateStarted', 'MapRunStarted');
  try {
    const items = await readItems(state.ItemReader, values, host);
    host.onState?.({ kind: 'iterating', state: visit.name, items: items.length });
    const limit = await state.MaxConcurrency.evaluateWhole(values, 'MaxConcurrency', CONCURRENCY);
    const outputs = await runConcurrently(items, { limit, signal }, async (value, index, stop) => {
      const mapItem = { Index: index, Value: value };
      const input = await state.ItemSelector.evaluate(valuesOf(visit, { mapItem }));
      return runChildExecution(state, visit, { input, index, signal: stop }, runSequence);
    });
    history.record('MapRunSucceeded', 'MapStateSucceeded');
    return outputs;
  } catch (error) {
    if (error instanceof StateError) history.record('MapRunFailed', 'MapStateFailed');
    throw error;
  }
}
