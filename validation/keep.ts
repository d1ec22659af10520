import * as v from 'valibot';
import { saying, strictFields } from './checked.ts';

const number = (unit: string, most: number) =>
  v.optional(
    saying(
      `must be a whole number of ${unit}, 0 to ${most}`,
      v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most)),
    ),
    0,
  );

/** `keep`, in the settings of a stack and in those of a folder. Left out or null, nothing is ever deleted. */
export const keepSetting = v.optional(
  v.nullable(
    v.pipe(
      strictFields({
        last: number('backups', 100_000),
        daily: number('backups', 100_000),
        weekly: number('backups', 100_000),
        monthly: number('backups', 100_000),
        yearly: number('backups', 100_000),
        within: number('days', 36_500),
      }),
      v.check((rules) => Object.values(rules).some((one) => one > 0), 'must have a number above 0'),
    ),
  ),
  null,
);
