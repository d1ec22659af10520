/** Assumptions, cautious ones: neither Atlassian nor AWS promises any of these. Counted runs take this time, on a clock of their own. */
export const assumedSeconds = {
  /** Until the site answers. */
  page: 3,
  answer: 1,
  /** One request to a bucket. */
  store: 0.03,
  /** Start of an invocation: a new container more often than not, its secret, its first connections. */
  start: 2,
  /** Processor time of a restore's plan, for each object; counted runs take no time but for waiting. */
  planObject: 0.001,
} as const;
