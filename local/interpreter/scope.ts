import type { Sequence } from './definition.ts';
import type { History } from './history.ts';
import type { Json } from './json.ts';
import type { MachineHost, PathStep } from './machine-host.ts';
import type { StatesFunctions } from './states-functions.ts';
import type { Values } from './template.ts';

export type Variables = Readonly<Record<string, Json>>;

/** What `$states.context` tells of the execution, the same in all of its states. */
export type ExecutionContext = {
  Execution: { Id: string; Name: string; StartTime: string; RedriveCount: number; Input: Json; RoleArn?: string };
  StateMachine: { Id: string; Name: string };
};

export type MapItem = { Index: number; Value: Json };

/** What a sequence of states runs in. Each iteration and each branch has one of its own. */
export type Scope = {
  readonly host: MachineHost;
  readonly functions: StatesFunctions;
  readonly context: ExecutionContext;
  readonly history: History;
  readonly signal: AbortSignal;
  readonly path: readonly PathStep[];
  /** The item of the inline map around these states. */
  readonly mapItem?: MapItem | undefined;
};

/** One attempt at one state. */
export type Visit = {
  readonly name: string;
  readonly input: Json;
  readonly variables: Variables;
  readonly scope: Scope;
  readonly enteredTime: string;
  readonly retryCount: number;
};

/** Runs the states from the first to a terminal one, and returns its output. */
export type RunSequence = (sequence: Sequence, input: Json, variables: Variables, scope: Scope) => Promise<Json>;

/** What the expressions of the visited state can read. */
export function valuesOf(
  { name, input, variables, scope, enteredTime, retryCount }: Visit,
  more: { result?: Json; errorOutput?: Json; mapItem?: MapItem } = {},
): Values {
  const { mapItem = scope.mapItem, ...fields } = more;
  const context: Json = {
    ...scope.context,
    State: { Name: name, EnteredTime: enteredTime, RetryCount: retryCount },
    ...(mapItem && { Map: { Item: mapItem } }),
  };
  return { states: { input, context, ...fields }, variables, functions: scope.functions };
}
