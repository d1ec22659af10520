import type { MapFields, StateFields } from './state-schema.ts';
import type { Template } from './template.ts';

/** States that run one after the other from `startAt`: a machine or a map's processor. */
export type Sequence = { startAt: string; states: ReadonlyMap<string, State> };
export type MapState = MapFields & { processor: Sequence };
export type State = Exclude<StateFields, { Type: 'Map' }> | MapState;

/** A definition that was loaded, and that the interpreter carries out in full. */
export type StateMachine = Sequence & {
  timeoutSeconds: number | undefined;
  /** Every function that a task invokes, sorted. */
  functionNames: readonly string[];
};

/** The fields by which a state, a catcher or a choice's rule is left. */
export type Exit = {
  Output?: Template | undefined;
  Assign?: Record<string, Template> | undefined;
  Next?: string;
};

/** Every way that a state can be left; none for Succeed and Fail. */
export function exitsOf(state: State): Exit[] {
  switch (state.Type) {
    case 'Succeed':
    case 'Fail':
      return [];
    case 'Choice':
      return [...state.Choices, { Next: state.Default }];
    default:
      return [state, ...(state.Catch ?? [])];
  }
}

/** Names of the states that can come after a state. */
export function nextOf(state: State): string[] {
  return exitsOf(state).flatMap(({ Next }) => Next ?? []);
}
