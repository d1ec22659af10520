import * as v from 'valibot';
import { endpointClasses } from '../core/model/request-budget.ts';
import { saying, strictFields } from './checked.ts';

const rate = v.optional(
  saying('must be a number of requests a minute, 1 or more', v.pipe(v.number(), v.finite(), v.minValue(1))),
);

/** `BudgetSettings`, in the settings of a site and in those of a stack. */
export const budgetSettings = strictFields({
  total: rate,
  byClass: v.optional(strictFields(Object.fromEntries(endpointClasses.map((name) => [name, rate])))),
});
