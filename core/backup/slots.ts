/**
 * Workers side by side in each map: the maps' `MaxConcurrency`, and by how much the request budget is divided. Few,
 * because one worker with many requests in flight fills a budget; two where each page has to wait for the page before.
 */
export const slots = { configuration: 2, objects: 2, activity: 1 } as const;
