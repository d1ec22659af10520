/** What belongs to an object and is read by requests of its own. */
export const activityKinds = ['history', 'comments'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/**
 * What a file of activity holds: the history, or the comments, of one object (the layout of the original scripts), or those of many
 * objects of one type.
 */
export const activityFileKinds = ['object', 'type'] as const;
export type ActivityFiles = (typeof activityFileKinds)[number];

/** How nights go about history and comments. */
export interface ActivitySettings {
  /** None gets older than so many days; 0: all is read every night. */
  readonly activityMaxAgeDays: number;
  readonly activityFiles: ActivityFiles;
}

export const defaultActivity: ActivitySettings = { activityMaxAgeDays: 14, activityFiles: 'object' };
