import type { Sequence } from './definition.ts';
import type { History } from './history.ts';
import type { Json } from './json.ts';
import type { MachineHost } from './machine-host.ts';
import type { Values } from './template.ts';

export type Variables = Readonly<Record<string, Json>>;

/** What `$states.context` tells of the execution, the same in all of its states. */
export type ExecutionContext = {
  Execution: { Id: string; Name: string; StartTime: string; RedriveCount: number; Input: Json };
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
  readonly input: Json;
  readonly variables: Variables;
  readonly scope: Scope;
};

/** Runs the states from the first to a terminal one, and returns its output. */
export type RunSequence = (sequence: Sequence, input: Json, scope: Scope) => Promise<Json>;

/** What the expressions of the visited state can read. */
export function valuesOf(
  { input, variables, scope }: Visit,
  more: { result?: Json; errorOutput?: Json; mapItem?: { Index: number; Value: Json } } = {},
): Values {
  const { mapItem, ...fields } = more;
  const context: Json = { ...scope.context, ...(mapItem && { Map: { Item: mapItem } }) };
  return { states: { input, context, ...fields }, variables };
}
