/** Everything that drills leave in the work store. */
export const allDrills = 'drills/';

/** A line a drill: what has become of it, and whether what it made on its site is gone. */
export const allDrillRecords = `${allDrills}runs/`;

export const drillRecordKey = (drill: string) => `${allDrillRecords}${drill}.json`;

export const drillFolder = (drill: string) => `${allDrills}${drill}/`;

/** What the steps of a drill leave beside that which steps of a restore do, inside the drill's folder. */
export const drillKeys = {
  /** Text as it is read and shown. */
  report: 'report.json',
  reportText: 'report.txt',
  reportPage: 'report.html',
  result: 'result.json',
  sample: 'sample.json',
  comments: (from: number) => `comments/part-${String(from).padStart(5, '0')}.json`,
  allComments: 'comments/',
  /** Files of the sample, by their keys in the backup. */
  stored: (key: string) => `sample/${key}`,
} as const;
