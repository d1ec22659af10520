import { type BudgetSettings, documentedTotalLimit, endpointClasses } from '../core/model/request-budget.ts';

/** The same number of requests a minute for every endpoint class. */
export function budgetOfEach(requestsPerMinute: number, total: number = documentedTotalLimit): BudgetSettings {
  return { total, byClass: Object.fromEntries(endpointClasses.map((name) => [name, requestsPerMinute])) };
}

/** So large that its interval vanishes in the clock's rounding: no request ever waits for its turn. */
export const unlimitedBudget = budgetOfEach(1e12, 1e12);
