/**
 * Every function: its file in `functions/<machine>/` or `functions/operations/`, from which its other names follow
 * (`plan-backup`, `PlanBackup`), and what it needs. Imports nothing, because infrastructure reads it too.
 */
export const backupSteps = [
  'plan-backup',
  'export-configuration',
  'plan-objects',
  'export-objects',
  'reconcile-objects',
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
  'plan-undo',
  'undo-objects',
  'undo-configuration',
  'verify-undo',
  'report-undo',
  'abandon-restore',
] as const;

/** Functions that are no state of a machine: called by the command line, and by a clock. */
export const operations = ['check-setup', 'check-last-backup'] as const;

/** The steps of each machine, whose definition is `functions/<machine>/<machine>.asl.json`. */
export const machineSteps = { backup: backupSteps, restore: restoreSteps } as const;

export type MachineName = keyof typeof machineSteps;
export type StepFile = (typeof machineSteps)[MachineName][number] | (typeof operations)[number];

/** First segments of the keys in the work bucket. */
export type WorkFolder =
  | 'backups'
  | 'restores'
  | 'journals'
  | 'before-images'
  | 'undone'
  | 'users'
  | 'same'
  | 'plans'
  | 'locks'
  | 'schedules'
  | 'operations'
  | 'accepted';

/** What a function is given on AWS, and nothing else. */
export interface FunctionNeeds {
  /** Also its share of a processor: 1,769 MB are one. A new account allows 3,008 at most. */
  readonly memoryMegabytes: number;
  /** Time-out; the task that calls it waits longer (960 seconds), because a function that was cut off may still write. */
  readonly minutes: number;
  /** In the backups' bucket; `create` includes reading. No function may delete anything. */
  readonly backups: 'none' | 'read' | 'create';
  /** Folders of the work bucket that it may read and write: no step of a backup can touch the journals of restores. */
  readonly work: readonly WorkFolder[];
  /** Which secret it may read: it logs in to the site. */
  readonly secret: 'none' | 'backup' | 'restore';
  /** Takes the site's lock, and so asks whether the execution that holds it still runs. */
  readonly takesLock: boolean;
}

const backupStep: FunctionNeeds = {
  memoryMegabytes: 512,
  minutes: 15,
  backups: 'none',
  work: ['backups', 'locks'],
  secret: 'none',
  takesLock: false,
};
const restoreStep: FunctionNeeds = {
  ...backupStep,
  memoryMegabytes: 1024,
  backups: 'read',
  work: ['restores', 'journals', 'locks'],
  secret: 'restore',
};
const planBackup: FunctionNeeds = {
  ...backupStep,
  backups: 'create',
  work: ['backups', 'locks', 'schedules', 'operations'],
  secret: 'backup',
  takesLock: true,
};

export const functionNeeds: Readonly<Record<StepFile, FunctionNeeds>> = {
  'plan-backup': planBackup,
  'export-configuration': { ...backupStep, backups: 'create', secret: 'backup' },
  'plan-objects': backupStep,
  'export-objects': { ...backupStep, memoryMegabytes: 1024, backups: 'create', secret: 'backup' },
  'reconcile-objects': { ...backupStep, memoryMegabytes: 2048, backups: 'create', secret: 'backup' },
  'plan-activity': { ...backupStep, memoryMegabytes: 1024, secret: 'backup' },
  'export-activity': { ...backupStep, backups: 'create', secret: 'backup' },
  'record-failure': { ...backupStep, minutes: 2, work: ['backups'] },
  'finish-backup': {
    ...backupStep,
    memoryMegabytes: 2048,
    backups: 'create',
    work: [...backupStep.work, 'accepted'],
    secret: 'backup',
  },
  'abandon-backup': { ...backupStep, minutes: 2 },

  // An undo looks into the journals for the site that its restore has written to.
  'open-backup': { ...restoreStep, takesLock: true },
  'check-backup': { ...restoreStep, work: ['restores', 'locks'], secret: 'none' },
  'plan-restore': { ...restoreStep, memoryMegabytes: 3008, work: [...restoreStep.work, 'users', 'same', 'plans'] },
  'restore-configuration': restoreStep,
  'create-objects': { ...restoreStep, memoryMegabytes: 2048 },
  'link-references': { ...restoreStep, memoryMegabytes: 2048, work: [...restoreStep.work, 'before-images'] },
  'restore-comments': restoreStep,
  'apply-constraints': restoreStep,
  'verify-restore': { ...restoreStep, memoryMegabytes: 2048 },
  'report-restore': { ...restoreStep, memoryMegabytes: 2048, secret: 'none' },
  'plan-undo': {
    ...restoreStep,
    memoryMegabytes: 3008,
    work: [...restoreStep.work, 'before-images', 'undone', 'plans'],
  },
  'undo-objects': { ...restoreStep, memoryMegabytes: 2048, work: [...restoreStep.work, 'before-images', 'undone'] },
  'undo-configuration': restoreStep,
  'verify-undo': { ...restoreStep, work: [...restoreStep.work, 'before-images', 'undone'] },
  'report-undo': { ...restoreStep, secret: 'none', work: [...restoreStep.work, 'undone'] },
  'abandon-restore': { ...restoreStep, minutes: 2, backups: 'none', work: ['locks'], secret: 'none' },

  // With all that "Plan backup" has, because it finds out whether that is enough.
  'check-setup': { ...planBackup, minutes: 5 },
  'check-last-backup': { ...backupStep, minutes: 5, backups: 'read', work: ['operations'], secret: 'backup' },
};

/** `plan-backup` → `PlanBackup`: the step's token in a definition, its function on AWS, its name in logs. */
export function stepName(file: StepFile): string {
  return file.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
}

/** Where a function's file lies, from `functions/`. */
export function stepFolder(file: StepFile): MachineName | 'operations' {
  if ((backupSteps as readonly string[]).includes(file)) return 'backup';
  return (restoreSteps as readonly string[]).includes(file) ? 'restore' : 'operations';
}
