/**
 * Every function: its file in `functions/<machine>/` or `functions/operations/`, from which its other names follow
 * (`plan-backup`, `PlanBackup`). Imports nothing, because infrastructure reads it too, and every function has it in its bundle.
 */
export const backupSteps = [
  'plan-backup',
  'export-configuration',
  'plan-objects',
  'export-objects',
  'reconcile-objects',
  'export-issue-links',
  'plan-activity',
  'export-activity',
  'record-failure',
  'finish-backup',
  'report-backup',
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
  'relink-issues',
  'report-restore',
  'plan-undo',
  'undo-objects',
  'undo-configuration',
  'verify-undo',
  'report-undo',
  'abandon-restore',
] as const;

/** Most of them are steps of a restore, told to keep what they leave under `drills/`: a drill is a restore of a sample. */
export const drillSteps = [
  'open-drill',
  'remove-scratch',
  'choose-sample',
  'check-sample',
  'plan-drill',
  'drill-configuration',
  'drill-objects',
  'drill-references',
  'drill-comments',
  'drill-constraints',
  'verify-drill',
  'report-drill',
  'abandon-drill',
] as const;

/** Functions that are no state of a machine: called by the command line, and by a clock. */
export const operations = [
  'check-setup',
  'check-drill',
  'check-last-backup',
  'diff-with-site',
  'prune-backups',
] as const;

/** The steps of each machine, whose definition is `functions/<machine>/<machine>.asl.json`. */
export const machineSteps = { backup: backupSteps, restore: restoreSteps, drill: drillSteps } as const;

export type MachineName = keyof typeof machineSteps;
export type MachineStepFile = (typeof machineSteps)[MachineName][number];
export type StepFile = MachineStepFile | (typeof operations)[number];

/**
 * What is made only where a setting of the stack asks for it: without `keep` nothing in it has a right to delete, and without
 * `drill` nothing has the login of a drill. All other functions are in every stack.
 */
export const madeOnlyWith = {
  keep: ['prune-backups'],
  drill: [...drillSteps, 'check-drill'],
} as const satisfies Readonly<Record<string, readonly StepFile[]>>;

/** A setting that something is made for. */
export type MakingSetting = keyof typeof madeOnlyWith;
/** A function that not every stack has. */
export type OptionalFile = (typeof madeOnlyWith)[MakingSetting][number];

/** The setting that a function is made for; undefined of one that every stack has. */
export function settingOf(file: StepFile): MakingSetting | undefined {
  return (Object.keys(madeOnlyWith) as MakingSetting[]).find((setting) =>
    (madeOnlyWith[setting] as readonly StepFile[]).includes(file),
  );
}

/** `plan-backup` → `PlanBackup`: the step's token in a definition, its function on AWS, its name in logs. */
export function stepName(file: StepFile): string {
  return file.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
}

/** Where a function's file lies, from `functions/`. */
export function stepFolder(file: StepFile): MachineName | 'operations' {
  if ((backupSteps as readonly string[]).includes(file)) return 'backup';
  if ((drillSteps as readonly string[]).includes(file)) return 'drill';
  return (restoreSteps as readonly string[]).includes(file) ? 'restore' : 'operations';
}
