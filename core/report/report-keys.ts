/** Keys of the report of a backup in the work store. A restore's lies in its own folder, beside what it sums up (`restoreKeys`). */
export function reportKeys(backup: string) {
  return {
    page: `reports/${backup}/report.html`,
    changes: `reports/${backup}/changes.json`,
  };
}
