/** What `npm run bench -- --only plan-activity` holds against today's code. */
export const measuredBytes = {
  /** Of memory, for each object of a plan of history and comments. */
  plannedObject: 600,
} as const;
