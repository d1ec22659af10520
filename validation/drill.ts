import * as v from 'valibot';
import { defaultDrill } from '../core/model/drill.ts';
import { saying, strictFields } from './checked.ts';

/** Fields of `drill` that the settings of a stack and those of a folder share. */
export const drillChoiceSettings = {
  sample: v.optional(
    saying(
      'must be a whole number of objects, 1 to 100000',
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)),
    ),
    defaultDrill.sample,
  ),
  inProduction: v.optional(saying('must be true or false', v.boolean()), defaultDrill.inProduction),
};

/** `drill` in the settings of a folder: whether there is one is said by whoever starts it. */
export const folderDrillSetting = v.optional(strictFields(drillChoiceSettings), {});
