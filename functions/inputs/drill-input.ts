import * as v from 'valibot';
import { WrongInputError } from '../../core/errors.ts';
import type { DrillChoices } from '../../core/model/drill.ts';
import { allOf, checked } from '../../validation/checked.ts';
import { drillChoiceSettings } from '../../validation/drill.ts';

/** What a clock adds to the input of what it starts is no choice. */
const drillInput = v.strictObject({ ...drillChoiceSettings, scheduledTime: v.optional(v.string()) });

/** The input of a drill's execution: nothing has to be said. Throws WrongInputError. */
export function parseDrillInput(input: unknown): DrillChoices {
  const { sample, inProduction } = checked(
    drillInput,
    input ?? {},
    (problems) => new WrongInputError(`The input of the drill is wrong: ${allOf(problems)}.`),
  );
  return { sample, inProduction };
}
