import type { ChoiceState, MapFields, ParallelFields, StateFields } from './state-schema.ts';
import type { Template } from './template.ts';

/** States that run one after the other from `startAt`: a machine, a map's processor or a parallel's branch. */
export type Sequence = { startAt: string; states: ReadonlyMap<string, State> };
export type MapState = MapFields & { processor: Sequence };
export type ParallelState = ParallelFields & { branches: readonly Sequence[] };
export type State = Exclude<StateFields, { Type: 'Map' | 'Parallel' }> | MapState | ParallelState;

/** A definition that was loaded, and that the interpreter carries out in full. */
export type Machine = Sequence & {
  timeoutSeconds: number | undefined;
  /** Every function that a task invokes, sorted. */
  functionNames: readonly string[];
};

/** The fields by which a state, a catcher or a choice's rule is left. */
export type Exit = {
  Output?: Template | undefined;
  Assign?: Record<string, Template> | undefined;
  Next?: string | undefined;
};

/** Whether the map's iterations are executions of their own. */
export function isDistributed(state: MapFields): boolean {
  return state.ItemProcessor.ProcessorConfig.Mode === 'DISTRIBUTED';
}

/** Every way that a state can be left; none for Succeed and Fail. */
export function exitsOf(state: State): Exit[] {
  switch (state.Type) {
    case 'Succeed':
    case 'Fail':
      return [];
    case 'Choice':
      return [...state.Choices, ...(state.Default === undefined ? [] : [defaultExit(state)])];
    case 'Pass':
    case 'Wait':
      return [state];
    default:
      return [state, ...(state.Catch ?? [])];
  }
}

/** How a choice is left when none of its rules matches. */
export function defaultExit({ Output, Assign, Default }: ChoiceState): Exit {
  return { Output, Assign, Next: Default };
}

/** The sequences inside a state. */
export function sequencesOf(state: State): readonly Sequence[] {
  if (state.Type === 'Map') return [state.processor];
  return state.Type === 'Parallel' ? state.branches : [];
}
