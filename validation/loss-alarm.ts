import * as v from 'valibot';
import { defaultLossAlarm } from '../core/model/loss-alarm.ts';
import { saying, strictFields } from './checked.ts';

const percent = (otherwise: number) =>
  v.optional(
    saying('must be a number of per cent, above 0, 100 at most', v.pipe(v.number(), v.gtValue(0), v.maxValue(100))),
    otherwise,
  );

/** `lossAlarm`, in the settings of a stack and in those of a folder. */
export const lossAlarmSetting = v.optional(
  strictFields({
    typePercent: percent(defaultLossAlarm.typePercent),
    allPercent: percent(defaultLossAlarm.allPercent),
    atLeast: v.optional(
      saying('must be a whole number of objects, 1 or more', v.pipe(v.number(), v.integer(), v.minValue(1))),
      defaultLossAlarm.atLeast,
    ),
    editedPercent: percent(defaultLossAlarm.editedPercent),
  }),
  {},
);
