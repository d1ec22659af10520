/**
 * Endpoint classes, each with a request budget of its own, and the documented requests a minute of their endpoints.
 * Source: Atlassian's OpenAPI file of August 2026 (429 texts per endpoint) for AQL, totalcount, GET object, POST object
 * and a type's attributes; it gives connected tickets 2,000 too, which are asked within `object`; where it names no number, JSDCLOUD-11605: 1,000 a minute for each endpoint of an instance, 10,000 in all.
 */
export const documentedLimits = {
  'object-aql': 1000,
  'object-count': 500,
  object: 2000,
  'object-create': 2000,
  'object-update': 1000,
  'object-delete': 1000,
  'object-references': 1000,
  'object-type-attributes': 2000,
  history: 1000,
  comments: 1000,
  configuration: 1000,
  // Of Jira, not of Assets: bursts of 100 reads and 50 writes a second for each endpoint (reference, section 4).
  'issue-search': 6000,
  issue: 6000,
  'issue-update': 3000,
} as const;

export const documentedTotalLimit = 10_000;

/** The share of a documented limit that we use unless told otherwise: the customer's own integrations use the same API. */
const defaultShare = 0.7;

export type EndpointClass = keyof typeof documentedLimits;

export const endpointClasses = Object.keys(documentedLimits) as EndpointClass[];

/** Requests a minute that a worker may start: by class, and in total over all classes. */
export interface RequestBudget {
  readonly total: number;
  readonly byClass: Readonly<Record<EndpointClass, number>>;
}

/** What a settings file may say of the budget; what it leaves out is `defaultShare` of the documented limit. */
export interface BudgetSettings {
  readonly total?: number | undefined;
  readonly byClass?: Readonly<Partial<Record<EndpointClass, number | undefined>>> | undefined;
}

export function requestBudget(settings: BudgetSettings = {}): RequestBudget {
  const byClass = Object.fromEntries(
    endpointClasses.map((name) => [
      name,
      settings.byClass?.[name] ?? Math.floor(documentedLimits[name] * defaultShare),
    ]),
  ) as Record<EndpointClass, number>;
  return { total: settings.total ?? Math.floor(documentedTotalLimit * defaultShare), byClass };
}

/** The part of a budget that one of `slots` workers side by side may use. Never rounded up: the sum stays within. */
export function divideBudget(budget: RequestBudget, slots: number): RequestBudget {
  return {
    total: budget.total / slots,
    byClass: Object.fromEntries(endpointClasses.map((name) => [name, budget.byClass[name] / slots])) as Record<
      EndpointClass,
      number
    >,
  };
}

/** How many minutes requests take at least that are sent class after class. */
export function minutesInTurn(
  requests: Readonly<Partial<Record<EndpointClass, number>>>,
  { total, byClass }: RequestBudget,
): number {
  return endpointClasses.reduce((sum, name) => sum + (requests[name] ?? 0) / Math.min(byClass[name], total), 0);
}
