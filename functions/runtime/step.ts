import type { GenericSchema } from 'valibot';
import { messageOf, nameOf, WrongInputError } from '../../core/errors.ts';
import { isRecord, type Json } from '../../core/model/json.ts';
import type { Services } from '../../core/ports/services.ts';
import { allOf, checked } from '../../validation/checked.ts';
import { type StepFile, stepName } from '../step-list.ts';

/** A step of a state machine: a function of (services, payload). On AWS it is a Lambda function, locally it is called. */
export interface Step {
  readonly name: string;
  invoke(services: Services, payload: Json): Promise<Json>;
}

/**
 * Makes a step of a function of the core. The payload is checked before anything is done (WrongInputError); errors are
 * logged and thrown on as they are, because the state machine matches their names.
 */
export function defineStep<Input, Output>(
  file: StepFile,
  input: GenericSchema<unknown, Input>,
  run: (services: Services, input: Input) => Promise<Output>,
): Step {
  const name = stepName(file);
  return {
    name,
    async invoke(services, payload) {
      const { reporter, clock } = services;
      const startedAt = clock.now();
      reporter.event('info', 'step.started', { step: name });
      try {
        const whatIsAsked = checked(
          input,
          withoutRedrives(payload),
          (problems) => new WrongInputError(`The input of ${name} is wrong: ${allOf(problems)}.`),
        );
        const output = await run(services, whatIsAsked);
        reporter.event('info', 'step.completed', { step: name, milliseconds: clock.now() - startedAt });
        // What leaves a step is JSON, as it is between Lambda and Step Functions.
        return JSON.parse(JSON.stringify(output ?? {})) as Json;
      } catch (error) {
        const level = nameOf(error) === 'InterruptedError' ? 'info' : 'error';
        reporter.event(level, 'step.failed', { step: name, error: nameOf(error), message: messageOf(error) });
        throw error;
      }
    },
  };
}

/**
 * The payload without `redrives`, by which states hand on how often somebody has redriven the execution. Resuming is a new
 * start, which takes the lock and looks at what is there; a redrive would go on as if nothing had happened since.
 */
function withoutRedrives(payload: Json): Json {
  if (!isRecord(payload)) return payload;
  const { redrives = 0, ...others } = payload;
  if (redrives === 0) return others;
  throw new WrongInputError('This execution was redriven, which is not possible: start a new one with the same input.');
}
