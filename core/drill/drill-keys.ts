/** Everything that drills leave in the work store. */
export const allDrills = 'drills/';

export const drillFolder = (drill: string) => `${allDrills}${drill}/`;

/** Keys of a drill in the work store, from its top. What its steps leave as a restore does lies under the same folder. */
export function drillKeys(drill: string) {
  const root = drillFolder(drill);
  return {
    root,
    /** What it was asked for. */
    choices: `${root}drill.json`,
    report: `${root}report.json`,
    reportText: `${root}report.txt`,
  };
}
