import type { Sequence } from './definition.ts';
import type { History } from './history.ts';
import type { JsonValue } from './json.ts';
import type { MachineHost } from './machine-host.ts';
import type { Values } from './template.ts';

export type Variables = Readonly<Record<string, JsonValue>>;

/** What `$states.context` tells of the execution, the same in all of its states. */
export type ExecutionContext = {
  Execution: { Id: string; Name: string; StartTime: string; RedriveCount: number; Input: JsonValue };
};

/** What a sequence of states runs in. Each child of a map has one of its own. */
export type Scope = {
  readonly host: MachineHost;
  readonly context: ExecutionContext;
  readonly history: History;
  readonly signal: AbortSignal;
};

/** What a state is given when it is entered, and all of its attempts with it. */
export type Visit = {
  readonly name: string;
  readonly input: JsonValue;
  readonly variables: Variables;
  readonly scope: Scope;
};

/** Runs the states from the first to a terminal one, and returns its output. */
export type RunSequence = (sequence: Sequence, input: JsonValue, scope: Scope) => Promise<JsonValue>;

/** What the expressions of the visited state can read. */
export function valuesOf(
  { input, variables, scope }: Visit,
  more: { result?: JsonValue; errorOutput?: JsonValue; mapItem?: { Index: number; Value: JsonValue } } = {},
): Values {
  const { mapItem, ...fields } = more;
  const context: JsonValue = { ...scope.context, ...(mapItem && { Map: { Item: mapItem } }) };
  return { states: { input, context, ...fields }, variables };
}
