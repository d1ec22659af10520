import * as v from 'valibot';
import { defaultUndoDays } from '../core/model/undo-days.ts';
import { saying } from './checked.ts';

/** `undoDays`, in the settings of a stack and in those of a folder. */
export const undoDaysSetting = v.optional(
  saying(
    'must be a whole number of days, 1 to 36500',
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36_500)),
  ),
  defaultUndoDays,
);
