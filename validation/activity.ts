import * as v from 'valibot';
import { activityFileKinds, defaultActivity } from '../core/model/activity.ts';
import { saying } from './checked.ts';

/** How nights go about history and comments, in the settings of a stack and in those of a folder. */
export const activitySettings = {
  activityMaxAgeDays: v.optional(
    saying('must be a whole number of days, 0 to 365', v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(365))),
    defaultActivity.activityMaxAgeDays,
  ),
  activityFiles: v.optional(
    saying('must be "object" or "type"', v.picklist(activityFileKinds)),
    defaultActivity.activityFiles,
  ),
};
