import {
  type BackupStage,
  backupStages,
  type CopyStage,
  copyStages,
  type EventName,
  type RestoreStage,
  restoreStages,
  type Stage,
} from '../../core/ports/reporter.ts';

/** What a display says of one stage. */
export interface StageWords {
  readonly stage: Stage;
  readonly title: string;
  /** What it counts. */
  readonly unit: readonly [one: string, many: string];
  /** What becomes of them: `to read`, and when it is over `read`. */
  readonly due: string;
  readonly done: string;
  /** Nothing long comes after it: the time left in it is the time left at all. */
  readonly isLast: boolean;
}

/** What a display needs to know of a kind of run. */
export interface RunKind {
  /** In the order in which they come. */
  readonly stages: readonly StageWords[];
  /** The event that names something that is missing in the end, one of it or as many `values` as it says, and what they are called. */
  readonly missing: { readonly event: EventName; readonly unit: readonly [one: string, many: string] };
}

type Words = Omit<StageWords, 'stage'>;

const reading = { due: 'to read', done: 'read', isLast: false };
const writing = { due: 'to write', done: 'written', isLast: false };
const objects = ['object', 'objects'] as const;
const things = ['thing', 'things'] as const;
const files = ['file', 'files'] as const;

const backupWords: Readonly<Record<BackupStage, Words>> = {
  configuration: { title: 'Configuration', unit: ['schema', 'schemas'], ...reading },
  objects: { title: 'Objects', unit: objects, ...reading },
  issues: { title: 'Issue links', unit: ['field', 'fields'], ...reading },
  // Of most objects it is copied from the last backup.
  activity: {
    title: 'Activity',
    unit: objects,
    due: 'to read or carry over',
    done: 'read or carried over',
    isLast: true,
  },
  verification: { title: 'Verification', unit: files, ...reading, isLast: true },
};

const restoreWords: Readonly<Record<RestoreStage, Words>> = {
  check: { title: 'Check', unit: files, due: 'to check', done: 'checked', isLast: false },
  planning: { title: 'Planning', unit: objects, due: 'to plan', done: 'planned', isLast: false },
  configuration: { title: 'Configuration', unit: things, ...writing },
  objects: { title: 'Objects', unit: objects, ...writing },
  references: { title: 'References', unit: objects, due: 'to link', done: 'linked', isLast: false },
  comments: { title: 'Comments', unit: ['object', 'objects'], due: 'to comment', done: 'commented', isLast: true },
  constraints: {
    title: 'Constraints',
    unit: ['type and schema', 'types and schemas'],
    due: 'to finish',
    done: 'finished',
    isLast: true,
  },
  comparison: { title: 'Comparison', unit: objects, due: 'to compare', done: 'compared', isLast: true },
  issues: { title: 'Issues', unit: ['issue', 'issues'], due: 'to look at', done: 'looked at', isLast: true },
};

const copyWords: Readonly<Record<CopyStage, Words>> = {
  'source check': { title: 'Check before', unit: files, due: 'to check', done: 'checked', isLast: false },
  copying: { title: 'Copying', unit: files, due: 'to copy', done: 'copied', isLast: false },
  'copy check': { title: 'Check after', unit: files, due: 'to check', done: 'checked', isLast: true },
};

const undoWords: Readonly<Partial<Record<RestoreStage, Partial<Words>>>> = {
  planning: { due: 'to look at', done: 'looked at' },
  objects: { due: 'to undo', done: 'undone' },
  comparison: { title: 'Reading again', unit: ['batch', 'batches'], due: 'to read again', done: 'read again' },
};

/** What a stack tells of its maps: how many of their items are done, which are schemas and batches. */
const deployedUnits = {
  configuration: ['schema', 'schemas'],
  objects: ['batch', 'batches'],
  activity: ['batch', 'batches'],
} as const;

/** A backup; verifying one has the last of its stages. */
export const backupRunKind: RunKind = {
  stages: backupStages.map((stage) => ({ stage, ...backupWords[stage] })),
  missing: { event: 'export.gap', unit: ['gap', 'gaps'] },
};

export const copyRunKind: RunKind = {
  stages: copyStages.map((stage) => ({ stage, ...copyWords[stage] })),
  missing: backupRunKind.missing,
};

/** A search through all backups. */
export const findRunKind: RunKind = {
  ...backupRunKind,
  stages: [
    {
      stage: 'verification',
      title: 'Search',
      unit: objects,
      due: 'to look through',
      done: 'looked through',
      isLast: true,
    },
  ],
};

/** The objects of a type as CSV. */
export const exportRunKind: RunKind = {
  ...backupRunKind,
  stages: [{ stage: 'objects', title: 'Export', unit: objects, due: 'to write', done: 'written', isLast: true }],
};

export const restoreRunKind: RunKind = {
  stages: restoreStages.map((stage) => ({ stage, ...restoreWords[stage] })),
  missing: { event: 'restore.loss', unit: ['value lost', 'values lost'] },
};

/** A drill is a restore of a few objects. */
export const drillRunKind: RunKind = {
  stages: restoreRunKind.stages.filter(({ stage }) => stage !== 'issues'),
  missing: { event: 'restore.difference', unit: ['difference', 'differences'] },
};

/** The stages of a restore that an undo has, in its order. */
export const undoRunKind: RunKind = {
  stages: (['planning', 'objects', 'configuration', 'comparison'] as const).map((stage) => ({
    stage,
    ...restoreWords[stage],
    ...undoWords[stage],
  })),
  missing: { event: 'restore.loss', unit: ['thing stays', 'things stay'] },
};

/** The linking of issues alone. */
export const relinkRunKind: RunKind = {
  ...restoreRunKind,
  stages: [{ stage: 'issues', ...restoreWords.issues }],
};

/** A comparison of a backup with another one, or with its site, whose objects stream past when those of the backup are known. */
export const diffRunKind: RunKind = {
  stages: [
    { stage: 'planning', title: 'Backup', unit: objects, ...reading },
    { stage: 'comparison', ...restoreWords.comparison },
  ],
  missing: { event: 'export.gap', unit: ['gap', 'gaps'] },
};

/** The same in a stack, where a backup shows its maps, and restores and drills nothing but the state that it is in. */
export const deployedRuns: Readonly<Record<'backup' | 'restore' | 'drill', RunKind>> = {
  backup: {
    ...backupRunKind,
    stages: (['configuration', 'objects', 'activity'] as const).map((stage) => ({
      stage,
      ...backupWords[stage],
      unit: deployedUnits[stage],
    })),
  },
  restore: { ...restoreRunKind, stages: [] },
  drill: { ...drillRunKind, stages: [] },
};
