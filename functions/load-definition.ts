import { readFileSync } from 'node:fs';
import { type MachineName, type MachineStepFile, machineSteps, stepName } from './step-list.ts';

/** With jitter, because the children of a map meet the same trouble at once. */
const backOff = { IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 4, JitterStrategy: 'FULL' } as const;
/** A function in a network of the account that was idle for weeks is set up anew, which takes minutes. */
const asleep = {
  ErrorEquals: ['Lambda.ResourceNotReadyException'],
  IntervalSeconds: 30,
  BackoffRate: 1,
  MaxAttempts: 10,
};

/**
 * Retriers by the name that a state has in their place: `"Retry": "if broken off"`. Errors are those that AWS's documentation
 * names for Lambda tasks; no error of ours is here, because a step retries its own requests.
 */
export const standardRetries = {
  /** For a step that can be run twice, also where the first run may have done some of its work or all of it. */
  'if broken off': [
    {
      ErrorEquals: [
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.TooManyRequestsException',
        'Lambda.Unknown',
        'Sandbox.Timedout',
        'States.Timeout',
      ],
      ...backOff,
    },
    asleep,
  ],
  /** For a step that writes to a site: one that broke off may have written, and a person has to start the restore anew. */
  'if never started': [{ ErrorEquals: ['Lambda.TooManyRequestsException'], ...backOff }, asleep],
} as const;

/**
 * A machine's definition as it is deployed: `functions/<machine>/<machine>.asl.json` with its retries in full. It keeps its
 * tokens (`${PlanBackup}`), which CloudFormation or the interpreter replaces by what `tokenValues` gives.
 */
export function loadDefinition(machine: MachineName): string {
  return putInRetries(readFileSync(new URL(`${machine}/${machine}.asl.json`, import.meta.url), 'utf8'));
}

/**
 * Puts the retriers in the place of their names, and leaves every other character of the text, so that what is deployed reads
 * like the file. Throws an Error for a name that there is not.
 */
export function putInRetries(definition: string): string {
  return definition.replace(/(\n *)?"Retry"\s*:\s*"([^"]*)"/g, (_, newLine = '', name: string) => {
    const retriers = new Map<string, unknown>(Object.entries(standardRetries)).get(name);
    if (!retriers) {
      const names = Object.keys(standardRetries).map((known) => `"${known}"`);
      throw new Error(`"Retry": "${name}" names no standard retry; there are ${names.join(' and ')}.`);
    }
    return `${newLine}"Retry": ${JSON.stringify(retriers, null, 2).replaceAll('\n', newLine || '\n')}`;
  });
}

/** What a definition's tokens stand for in one place: its functions and, where it reads batches, the work bucket. */
export function tokenValues(
  machine: MachineName,
  definition: string,
  addresses: { readonly functionOf: (file: MachineStepFile) => string; readonly workBucket: string },
): Record<string, string> {
  const functions = machineSteps[machine].map((file) => [stepName(file), addresses.functionOf(file)]);
  const buckets = definition.includes(`\${WorkBucket}`) ? [['WorkBucket', addresses.workBucket]] : [];
  return Object.fromEntries([...functions, ...buckets]);
}
