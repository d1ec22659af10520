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

export const restoreSteps = [
  'open-backup',
  'check-backup',
  'plan-restore',
  'restore-configuration',
  'create-objects',
  'link-references',
  'restore-comments',
  'apply-constraints',
  'verify-restore',
  'report-restore',
  'abandon-restore',
] as const;

/** The steps of each machine, whose definition is `functions/<machine>/<machine>.asl.json`. */
export const machineSteps = { backup: backupSteps, restore: restoreSteps } as const;

export type MachineName = keyof typeof machineSteps;
export type StepFile = (typeof machineSteps)[MachineName][number];

/** `plan-backup` → `PlanBackup`: the step's token in a definition, its function on AWS, its name in logs. */
export function stepName(file: StepFile): string {
  return file.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
}
