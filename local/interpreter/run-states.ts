import type { Exit, State } from './definition.ts';
import type { HistoryEvent } from './history.ts';
import { type JsonValue, withinPayloadLimit } from './json.ts';
import { pause } from './pause.ts';
import { matchesError, RetryPolicy } from './retry-policy.ts';
import { runMap } from './run-map.ts';
import { runTask } from './run-task.ts';
import { type RunSequence, type Scope, type Variables, type Visit, valuesOf } from './scope.ts';
import { QueryEvaluationError, ReportedError, StateError } from './state-errors.ts';
import type { ChoiceState } from './state-schema.ts';
import type { Values } from './template.ts';

/** What a state leaves behind. Without `next`, its sequence has ended. */
type Outcome = { output: JsonValue; variables: Variables; next: string | undefined };

/** Runs states until a terminal one. Throws the StateError that nobody caught, or the reason of the scope's signal. */
export const runSequence: RunSequence = async (sequence, input, scope) => {
  let outcome: Outcome = { output: input, variables: {}, next: sequence.startAt };
  while (outcome.next !== undefined) {
    scope.signal.throwIfAborted();
    const state = sequence.states.get(outcome.next);
    if (state === undefined) throw new Error(`The definition has no state "${outcome.next}".`);
    outcome = await runState(outcome.next, state, outcome.output, outcome.variables, scope);
  }
  return outcome.output;
};

/** Attempts a state until it succeeds, or its error is caught, or neither Retry nor Catch is left. */
async function runState(
  name: string,
  state: State,
  input: JsonValue,
  variables: Variables,
  scope: Scope,
): Promise<Outcome> {
  const { host, history, signal } = scope;
  const visit: Visit = { name, input, variables, scope };
  const retries = new RetryPolicy(('Retry' in state && state.Retry) || [], host.random ?? Math.random);
  history.record(`${state.Type}StateEntered`);
  host.onState?.({ kind: 'entered', state: name });

  for (;;) {
    try {
      const outcome = await attempt(state, visit);
      signal.throwIfAborted();
      recordExit(state, scope);
      host.onState?.({ kind: 'succeeded', state: name });
      return outcome;
    } catch (error) {
      // Whatever it threw, it was told to stop: nothing may retry or catch that.
      signal.throwIfAborted();
      if (!(error instanceof StateError)) throw error;
      if (error instanceof QueryEvaluationError) history.record('EvaluationFailed');
      const failure = { state: name, error: error.name, cause: error.message };
      const delayMilliseconds = retries.nextDelayMilliseconds(error);
      if (delayMilliseconds !== undefined) {
        host.onState?.({ kind: 'retrying', ...failure, delayMilliseconds });
        await pause(host.clock, delayMilliseconds, signal);
        continue;
      }
      const catcher = 'Catch' in state ? state.Catch?.find((candidate) => matchesError(candidate, error)) : undefined;
      host.onState?.({ kind: 'failed', ...failure, caught: catcher !== undefined });
      if (catcher === undefined) throw error;
      const outcome = await leave(catcher, visit, valuesOf(visit, { errorOutput: error.output }), error.output);
      recordExit(state, scope);
      return outcome;
    }
  }
}

function recordExit({ Type }: State, { history }: Scope): void {
  history.record(`${Type}StateExited` satisfies HistoryEvent);
}

async function attempt(state: State, visit: Visit): Promise<Outcome> {
  withinPayloadLimit(visit.input, 'The input');
  switch (state.Type) {
    case 'Task':
      return leaveWithResult(state, visit, await runTask(state, visit));
    case 'Map':
      return leaveWithResult(state, visit, await runMap(state, visit, runSequence));
    case 'Choice':
      return leave(await chooseExit(state, visit), visit, valuesOf(visit), visit.input);
    case 'Succeed':
      return leave(state, visit, valuesOf(visit), visit.input);
    case 'Fail': {
      const values = valuesOf(visit);
      const error = await state.Error.evaluateText(values, 'Error');
      throw new ReportedError(error, await state.Cause.evaluateText(values, 'Cause'));
    }
  }
}

async function chooseExit(state: ChoiceState, visit: Visit): Promise<Exit> {
  for (const rule of state.Choices) {
    const holds = await rule.Condition.evaluate(valuesOf(visit));
    if (typeof holds !== 'boolean') {
      throw new QueryEvaluationError(`A Condition must be true or false, not ${JSON.stringify(holds)}.`);
    }
    if (holds) return rule;
  }
  return { Next: state.Default };
}

function leaveWithResult(exit: Exit, visit: Visit, result: JsonValue): Promise<Outcome> {
  return leave(exit, visit, valuesOf(visit, { result: withinPayloadLimit(result, 'The result') }), result);
}

/** Evaluates Assign and Output, which both see the variables as they were before the state. */
async function leave(
  { Assign = {}, Output, Next }: Exit,
  { variables }: Visit,
  values: Values,
  result: JsonValue,
): Promise<Outcome> {
  const assigned: Record<string, JsonValue> = {};
  for (const [variable, template] of Object.entries(Assign)) assigned[variable] = await template.evaluate(values);
  const output = Output === undefined ? result : await Output.evaluate(values);
  return {
    output: withinPayloadLimit(output, 'The output'),
    variables: { ...variables, ...withinPayloadLimit(assigned, 'What Assign gives') },
    next: Next,
  };
}
