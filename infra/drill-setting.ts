import * as v from 'valibot';
import type { DrillChoices } from '../core/model/drill.ts';
import { strictFields } from '../validation/checked.ts';
import { drillChoiceSettings } from '../validation/drill.ts';
import { checkSchedule, timeZoneSetting } from './schedule-setting.ts';

/** A restore drill that a stack makes by itself. */
export interface DrillSettings extends DrillChoices {
  /** `cron(...)` as EventBridge Scheduler takes it. */
  readonly schedule: string;
  readonly timeZone: string;
  /** A last drill that passed and is older than this rings: the schedule's longest gap and some hours. */
  readonly alarmAfterHours: number;
}

/** `drill`, as it stands in `cdk.json`: those of a folder, and when it runs. Left out or null, there is no drill. */
export const stackDrillSetting = v.optional(
  v.nullable(
    strictFields({
      schedule: v.string('must be text, as in "cron(0 12 ? * SAT *)"'),
      timeZone: v.optional(timeZoneSetting),
      ...drillChoiceSettings,
    }),
  ),
  null,
);

/**
 * What of it is not said, with the clock of the stack's own schedule.
 * @param refuse makes an error of a field of `drill` and what is wrong with it
 */
export function readDrill(
  drill: v.InferOutput<typeof stackDrillSetting>,
  ofStack: { readonly timeZone: string },
  refuse: (place: string, what: string) => Error,
): DrillSettings | null {
  if (drill === null) return null;
  const { schedule, timeZone = ofStack.timeZone } = drill;
  const { alarmAfterHours } = checkSchedule(
    { schedule, timeZone, otherwise: 'no drill would run then' },
    (field, what) => refuse(`drill.${field}`, what),
  );
  return { ...drill, timeZone, alarmAfterHours };
}
