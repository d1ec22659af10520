/**
 * Workers side by side in each map of a backup: the maps' `MaxConcurrency`, and by how much the request budget is divided.
 * Each is one Lambda function at work.
 */
export interface Concurrency {
  readonly configuration: number;
  readonly objects: number;
  readonly activity: number;
}

/** Few, because one worker with many requests in flight fills a budget; two where a part of a processor would not keep up with it. */
export const defaultConcurrency: Concurrency = { configuration: 2, objects: 2, activity: 1 };
