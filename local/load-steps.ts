import { readFile } from 'node:fs/promises';
import type { Step } from '../functions/runtime/step.ts';
import { type MachineName, machineSteps, stepName } from '../functions/step-list.ts';
import type { Machine } from './interpreter/definition.ts';
import { loadMachine } from './interpreter/load-machine.ts';

/** A definition and the steps that it reaches, by name, as they lie in `functions/<machine>/`. */
export interface LoadedMachine {
  readonly machine: Machine;
  stepNamed(name: string): Step;
}

export async function loadMachineWithSteps(name: MachineName): Promise<LoadedMachine> {
  const [definition, steps] = await Promise.all([readDefinition(name), loadSteps(name)]);
  // Here a function's address is its name. Only definitions with maps read batches, and a value without a token is refused.
  const functions = [...steps.keys()].map((step) => [step, step]);
  const buckets = /\$\{WorkBucket\}/.test(definition) ? [['WorkBucket', 'work']] : [];
  return {
    machine: loadMachine(definition, Object.fromEntries([...functions, ...buckets])),
    stepNamed(step) {
      const loaded = steps.get(step);
      if (!loaded) throw new Error(`There is no step ${step}.`);
      return loaded;
    },
  };
}

function readDefinition(name: MachineName): Promise<string> {
  return readFile(new URL(`../functions/${name}/${name}.asl.json`, import.meta.url), 'utf8');
}

async function loadSteps(name: MachineName): Promise<Map<string, Step>> {
  const steps = machineSteps[name].map(async (file): Promise<[string, Step]> => {
    const { step } = (await import(`../functions/${name}/${file}.ts`)) as { step: Step };
    return [stepName(file), step];
  });
  return new Map(await Promise.all(steps));
}
