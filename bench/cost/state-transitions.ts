import backupDefinition from '../../functions/backup/backup.asl.json' with { type: 'json' };
import restoreDefinition from '../../functions/restore/restore.asl.json' with { type: 'json' };
import { backupSteps, type MachineName, restoreSteps, type StepFile, stepName } from '../../functions/step-list.ts';
import type { RunUse, StepUse } from './use.ts';

/** The parts of a definition that tell which state comes after which. */
interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Arguments?: { readonly FunctionName: string };
  readonly ItemProcessor?: States;
}

const definitions: Readonly<Record<MachineName, States>> = { backup: backupDefinition, restore: restoreDefinition };

/**
 * State transitions that AWS charges for, in a run that succeeds: every state entered, and one for each child that a
 * distributed map starts. Read from the definition: the run takes its longest way, goes round a loop for each further
 * invocation of a step, and through the states of a map once for each batch.
 */
export function stateTransitions(machine: MachineName, use: RunUse): number {
  return transitionsIn(definitions[machine], use, 1);
}

function transitionsIn(states: States, use: RunUse, runs: number): number {
  const way = longestWay(states, use, states.StartAt);
  if (!way) throw new Error(`No way leads from ${states.StartAt} to a success.`);
  let transitions = runs * way.length;
  for (const name of way) {
    const state = states.States[name];
    const step = state && useOf(state, use);
    if (!state || !step) continue;
    if (state.ItemProcessor) {
      transitions += step.batches + transitionsIn(state.ItemProcessor, use, step.batches);
    } else if (exitsOf(states.States[state.Next ?? '']).includes(name)) {
      // The step, and the choice that leads back to it.
      transitions += 2 * (step.invocations - runs);
    }
  }
  return transitions;
}

/** Names of the states on the longest way to a success; no state twice, and no step that the run does not use. */
function longestWay(states: States, use: RunUse, name: string, before: readonly string[] = []): string[] | undefined {
  const state = states.States[name];
  if (!state || before.includes(name) || state.Type === 'Fail') return undefined;
  if ((state.Type === 'Task' || state.Type === 'Map') && !useOf(state, use)) return undefined;
  const exits = exitsOf(state);
  if (exits.length === 0) return [name];
  const ways = exits.flatMap((next) => {
    const way = longestWay(states, use, next, [...before, name]);
    return way ? [[name, ...way]] : [];
  });
  return ways.toSorted((a, b) => b.length - a.length)[0];
}

/** Errors that are caught are no way of a run that succeeds. */
function exitsOf(state: State | undefined): string[] {
  return [...(state?.Choices ?? []).map(({ Next }) => Next), state?.Next, state?.Default].filter(
    (name) => name !== undefined,
  );
}

const stepsByToken = new Map<string, StepFile>(
  [...backupSteps, ...restoreSteps].map((file) => [`\${${stepName(file)}}`, file]),
);

/** Of a state's step: for a map the one that its processor begins with. */
function useOf({ Arguments, ItemProcessor }: State, use: RunUse): StepUse | undefined {
  const first = ItemProcessor?.States[ItemProcessor.StartAt];
  if (first) return useOf(first, use);
  const step = stepsByToken.get(Arguments?.FunctionName ?? '');
  return step && use[step];
}
