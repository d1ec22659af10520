/**
 * Every step: its file in `functions/<machine>/`, from which its other names follow (`plan-backup`, `PlanBackup`).
 * Imports nothing, because infrastructure reads it too.
 */
export const backupSteps = [
  'plan-backup',
  'export-configuration',
  'plan-objects',
  'export-objects',
  'plan-activity',
  'export-activity',
  'record-failure',
  'finish-backup',
  'abandon-backup',
] as const;

export type StepFile = (typeof backupSteps)[number];

/** `plan-backup` → `PlanBackup`: the step's token in a definition, its function on AWS, its name in logs. */
export function stepName(file: StepFile): string {
  return file.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
}
