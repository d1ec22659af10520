import type { StepFile } from './step-list.ts';

/** First segments of the keys in the work bucket. */
export type WorkFolder =
  | 'backups'
  | 'finished'
  | 'accepted'
  | 'copied'
  | 'readers'
  | 'pruning'
  | 'diffs'
  | 'drills'
  | 'restores'
  | 'journals'
  | 'before-images'
  | 'undone'
  | 'users'
  | 'same'
  | 'plans'
  | 'locks'
  | 'backup-locks'
  | 'schedules'
  | 'operations'
  | 'reports';

/** Keys in the work bucket: `*` stands for any letters, slashes too, as in a policy. */
export type WorkKeys = `${WorkFolder}/${string}`;

/** What a function is given on AWS, and nothing else. */
export interface FunctionNeeds {
  /** Also its share of a processor: 1,769 MB are one. A new account allows 3,008 at most. */
  readonly memoryMegabytes: number;
  /** Time-out; the task that calls it waits longer (960 seconds), because a function that was cut off may still write. */
  readonly minutes: number;
  /** In the backups' bucket. No function may write over anything, and one alone may delete: pruning. */
  readonly backups: {
    readonly reads: readonly string[];
    /** Of what it may create it may read what is there already. */
    readonly creates: readonly string[];
    /** `all`: finds backups, and what is in them; `own`: what it may read. */
    readonly lists: 'all' | 'own' | 'none';
    /** What it may delete, and ask for the lock of; left out, nothing. Versions stay: the life cycle of the bucket removes them. */
    readonly deletes?: readonly string[];
  };
  /** In the work bucket. Whoever may write a key may read it, and whoever may read one may list it: S3 says of no other that it is not there. */
  readonly work: { readonly reads: readonly WorkKeys[]; readonly writes: readonly WorkKeys[] };
  /** Which secret it may read: it logs in to the site. */
  readonly secret: 'none' | 'backup' | 'restore' | 'drill';
  /** Takes the site's lock, and so asks whether the execution that holds it still runs. */
  readonly takesLock: boolean;
  /** Asks when the schedule starts the next backup: it has in its bundle what reads schedules. Left out, it does not. */
  readonly asksSchedule?: true;
}

const nothing = { reads: [], creates: [], lists: 'none' } as const;
/** What every step of a backup looks at before it writes. */
const bothLocks = ['backup-locks/*', 'locks/*'] as const;
const requests = 'backups/*/requests/*';
/** With the lists by which one is told whose folder was renamed. */
const manifests = ['*/manifest.json', '*/manifest/*'] as const;
const activityFiles = ['*/objects/history/*', '*/objects/comments/*'] as const;

const backupStep: FunctionNeeds = {
  memoryMegabytes: 512,
  minutes: 15,
  backups: nothing,
  work: { reads: ['backups/*', ...bothLocks], writes: [] },
  secret: 'none',
  takesLock: false,
};

/** A step of a backup that may read all that its run has left, and writes these. */
function exporting(creates: readonly string[], ...writes: readonly WorkKeys[]): FunctionNeeds {
  return {
    ...backupStep,
    backups: { ...nothing, creates },
    work: { ...backupStep.work, writes: [...writes, requests] },
    secret: 'backup',
  };
}

const allBackups = { reads: ['*'], creates: [], lists: 'all' } as const;

const restoreStep: FunctionNeeds = {
  ...backupStep,
  memoryMegabytes: 1024,
  backups: allBackups,
  work: { reads: ['locks/*'], writes: ['restores/*', 'journals/*'] },
  secret: 'restore',
};

/** What a restore lets go of where it ends: the site, and the backup that it reads. */
const held = ['locks/*', 'readers/*'] as const;

/** A step of a restore that may besides read and write these. */
function restoring(reads: readonly WorkKeys[], ...writes: readonly WorkKeys[]): FunctionNeeds {
  const { work } = restoreStep;
  return { ...restoreStep, work: { reads: [...work.reads, ...reads], writes: [...work.writes, ...writes] } };
}

/** A step of a drill: it writes nothing outside of its own folder, so that no restore ever goes by what a drill has made. */
const drillStep: FunctionNeeds = {
  ...restoreStep,
  work: { reads: ['locks/*'], writes: ['drills/*'] },
  secret: 'drill',
};

export const functionNeeds: Readonly<Record<StepFile, FunctionNeeds>> = {
  'plan-backup': {
    ...backupStep,
    backups: { reads: manifests, creates: ['*/config/objectschemas*.json'], lists: 'all' },
    work: {
      reads: ['locks/*', 'finished/*', 'copied/*'],
      writes: [
        'backups/*/owner.json',
        'backups/*/plan.json',
        'backups/*/global-configuration.json',
        'backups/*/schema-batches.json',
        requests,
        'backup-locks/*',
        'schedules/*',
      ],
    },
    secret: 'backup',
    takesLock: true,
  },
  'export-configuration': exporting(['*/config/*'], 'backups/*/configuration/*'),
  'plan-objects': { ...backupStep, work: { ...backupStep.work, writes: ['backups/*/object-batches.json'] } },
  'export-objects': {
    ...exporting(['*/objects/*', '*/objectsmeta/*'], 'backups/*/objects/*'),
    backups: { reads: ['*/config/attributes/*'], creates: ['*/objects/*', '*/objectsmeta/*'], lists: 'none' },
    memoryMegabytes: 1024,
  },
  'reconcile-objects': {
    ...exporting([], 'backups/*/objects/*', 'backups/*/reconciled/*'),
    backups: { reads: ['*/config/attributes/*'], creates: ['*/objects/*', '*/objectsmeta/*'], lists: 'none' },
    memoryMegabytes: 2048,
  },
  'export-issue-links': { ...exporting(['*/config/issues/*'], 'backups/*/issues/*'), memoryMegabytes: 1024 },
  'plan-activity': {
    ...exporting([]),
    // It builds upon what earlier backups list, where a record says that they were made here.
    backups: { reads: manifests, creates: [], lists: 'all' },
    work: {
      reads: [...backupStep.work.reads, 'finished/*', 'copied/*'],
      writes: ['backups/*/activity-plan.json', 'backups/*/activity-batches.json', 'backups/*/activity/*', requests],
    },
    memoryMegabytes: 2048,
    asksSchedule: true,
  },
  // What is carried over lies under the same names in an earlier backup, which it may read and copy, and nothing else there.
  'export-activity': {
    ...exporting(activityFiles, 'backups/*/activity/*'),
    memoryMegabytes: 1024,
    // Who may list a key alone is told that it is not there: then its objects are read from the site.
    backups: { reads: activityFiles, creates: activityFiles, lists: 'own' },
  },
  'record-failure': { ...backupStep, minutes: 2, work: { reads: [], writes: ['backups/*/failures/*'] } },
  'finish-backup': {
    ...backupStep,
    memoryMegabytes: 2048,
    backups: { reads: [], creates: manifests, lists: 'all' },
    // Nobody else may say that a backup was finished by this stack.
    work: {
      reads: ['backups/*', 'locks/*', 'accepted/*', 'copied/*'],
      writes: ['finished/*', requests, 'backup-locks/*'],
    },
    secret: 'backup',
  },
  // Of backups it reads what they list, and what their types are called; no object.
  'report-backup': {
    ...backupStep,
    memoryMegabytes: 2048,
    backups: { reads: [...manifests, '*/config/objecttypes*.json'], creates: [], lists: 'all' },
    work: { reads: ['accepted/*', 'copied/*'], writes: ['reports/*'] },
  },
  'abandon-backup': {
    ...backupStep,
    minutes: 2,
    work: { reads: ['backups/*/failures/*'], writes: ['backup-locks/*'] },
  },

  // An undo looks into the journals for the site that its restore has written to, `latest` into what was finished.
  'open-backup': {
    ...restoreStep,
    // It marks the backup as being read, and gives way to pruning that came before it.
    work: {
      reads: ['backup-locks/*', 'journals/*', 'finished/*', 'copied/*', 'accepted/*', 'pruning/*'],
      writes: ['restores/*', 'locks/*', 'readers/*'],
    },
    takesLock: true,
  },
  'check-backup': { ...restoreStep, work: { reads: ['locks/*'], writes: ['restores/*'] }, secret: 'none' },
  // It finds out what became of creates of earlier restores, and notes that in their journals.
  'plan-restore': { ...restoring(['users/*', 'same/*'], 'plans/*', ...held), memoryMegabytes: 3008 },
  'restore-configuration': restoreStep,
  'create-objects': { ...restoreStep, memoryMegabytes: 2048 },
  'link-references': { ...restoring([], 'before-images/*'), memoryMegabytes: 2048 },
  'restore-comments': restoreStep,
  'apply-constraints': restoreStep,
  'verify-restore': { ...restoreStep, memoryMegabytes: 2048 },
  // Where issues alone are linked, the run ends with it.
  'relink-issues': { ...restoring([], ...held), memoryMegabytes: 2048 },
  'report-restore': {
    ...restoreStep,
    memoryMegabytes: 2048,
    work: { reads: ['journals/*'], writes: ['restores/*', ...held] },
    secret: 'none',
  },
  'plan-undo': { ...restoring(['before-images/*', 'undone/*'], 'plans/*', ...held), memoryMegabytes: 3008 },
  'undo-objects': { ...restoring([], 'before-images/*', 'undone/*'), memoryMegabytes: 2048 },
  'undo-configuration': restoreStep,
  'verify-undo': restoring(['before-images/*', 'undone/*']),
  'report-undo': { ...restoring([], 'undone/*', ...held), secret: 'none' },
  'abandon-restore': {
    ...restoreStep,
    minutes: 2,
    backups: nothing,
    work: { reads: [], writes: held },
    secret: 'none',
  },

  'open-drill': {
    ...drillStep,
    work: {
      reads: ['backup-locks/*', 'finished/*', 'copied/*', 'accepted/*', 'pruning/*'],
      writes: ['drills/*', ...held],
    },
    takesLock: true,
  },
  // What killed drills have left: it goes by their journals, and by the mark on the site.
  'remove-scratch': { ...drillStep, backups: nothing },
  'choose-sample': { ...drillStep, memoryMegabytes: 2048 },
  'check-sample': { ...drillStep, secret: 'none' },
  'plan-drill': { ...drillStep, memoryMegabytes: 3008, work: { reads: [], writes: ['drills/*', ...held] } },
  'drill-configuration': drillStep,
  'drill-objects': { ...drillStep, memoryMegabytes: 2048 },
  'drill-references': { ...drillStep, memoryMegabytes: 2048 },
  'drill-comments': drillStep,
  'drill-constraints': drillStep,
  'verify-drill': { ...drillStep, memoryMegabytes: 2048 },
  'report-drill': { ...drillStep, work: { reads: [], writes: ['drills/*', ...held] }, secret: 'none' },
  'abandon-drill': { ...drillStep, backups: nothing, work: { reads: [], writes: ['drills/*', ...held] } },

  'check-setup': {
    ...backupStep,
    minutes: 5,
    backups: { reads: [], creates: ['check-setup/*'], lists: 'own' },
    work: { reads: [], writes: ['operations/check-setup.json'] },
    secret: 'backup',
    asksSchedule: true,
  },
  // Nobody else has the login of a drill but its own steps. What was backed up it learns from manifests.
  'check-drill': {
    ...backupStep,
    minutes: 5,
    backups: { reads: manifests, creates: [], lists: 'all' },
    work: { reads: ['finished/*', 'copied/*'], writes: [] },
    secret: 'drill',
  },
  'check-last-backup': {
    ...backupStep,
    minutes: 5,
    backups: { reads: manifests, creates: [], lists: 'all' },
    // And drills, where any are made.
    work: {
      reads: ['finished/*', 'copied/*', 'drills/runs/*'],
      writes: ['operations/watched-since.json', 'operations/drills-watched.json'],
    },
    secret: 'backup',
  },
  // It reads the site with the login that backs it up, since nobody else has that.
  'diff-with-site': {
    ...backupStep,
    memoryMegabytes: 2048,
    backups: { reads: ['*'], creates: [], lists: 'all' },
    work: { reads: [], writes: ['diffs/*'] },
    secret: 'backup',
  },
  // The only one that may delete, and it may not read what backups hold.
  'prune-backups': {
    ...backupStep,
    memoryMegabytes: 1024,
    backups: { reads: manifests, creates: [], lists: 'all', deletes: ['*'] },
    work: {
      reads: [
        ...bothLocks,
        'backups/*',
        'finished/*',
        'copied/*',
        'accepted/*',
        'readers/*',
        'restores/*',
        'undone/*',
        'plans/*',
      ],
      writes: ['pruning/*'],
    },
    takesLock: true,
  },
};
