import { loadDefinition, tokenValues } from '../functions/load-definition.ts';
import type { Step } from '../functions/runtime/step.ts';
import { type MachineName, machineSteps, stepName } from '../functions/step-list.ts';
import type { StateMachine } from './interpreter/definition.ts';
import { loadMachine } from './interpreter/load-machine.ts';

/** A definition and the steps that it reaches, by name, as they lie in `functions/<machine>/`. */
export interface LoadedMachine {
  readonly machine: StateMachine;
  stepNamed(name: string): Step;
}

const loaded = new Map<MachineName, Promise<LoadedMachine>>();

/** Checked and compiled once a process, which takes longer than many a step; running it changes nothing of it. */
export function loadMachineWithSteps(name: MachineName): Promise<LoadedMachine> {
  const machine = loaded.get(name) ?? load(name);
  loaded.set(name, machine);
  return machine;
}

async function load(name: MachineName): Promise<LoadedMachine> {
  const steps = await loadSteps(name);
  const definition = loadDefinition(name);
  // Here a function's address is its name.
  const tokens = tokenValues(name, definition, { functionOf: stepName, workBucket: 'work' });
  return {
    machine: loadMachine(definition, tokens),
    stepNamed(step) {
      const loaded = steps.get(step);
      if (!loaded) throw new Error(`There is no step ${step}.`);
      return loaded;
    },
  };
}

async function loadSteps(name: MachineName): Promise<Map<string, Step>> {
  const steps = machineSteps[name].map(async (file): Promise<[string, Step]> => {
    const { step } = (await import(`../functions/${name}/${file}.ts`)) as { step: Step };
    return [stepName(file), step];
  });
  return new Map(await Promise.all(steps));
}
