import type { EndpointClass } from '../model/request-budget.ts';

/** What a backup, or its verification, is doing, in the order in which it does it. */
export const backupStages = ['configuration', 'objects', 'issues', 'activity', 'verification'] as const;

/** What a restore is doing, likewise; `configuration` and `objects` are written here. */
export const restoreStages = [
  'check',
  'planning',
  'configuration',
  'objects',
  'references',
  'comments',
  'constraints',
  'comparison',
  'issues',
] as const;

/** What a copy is doing, likewise. */
export const copyStages = ['source check', 'copying', 'copy check'] as const;

export type BackupStage = (typeof backupStages)[number];
export type RestoreStage = (typeof restoreStages)[number];
export type CopyStage = (typeof copyStages)[number];
export type Stage = BackupStage | RestoreStage | CopyStage;

/** Stable names of log events: saved queries and alarms are built on them, so a message may be reworded but these may not. */
export type EventName =
  | 'step.started'
  | 'step.completed'
  | 'step.failed'
  | 'run.locked'
  | 'run.unlocked'
  | 'run.lock-kept'
  | 'run.mark-kept'
  | 'run.not-cleared'
  | 'run.waiting'
  | 'run.waited'
  | 'export.gap'
  | 'export.notice'
  | 'export.not-offered'
  | 'export.restarted-sweep'
  | 'request.failed'
  | 'rate-limit.waited'
  | 'report.failed'
  | 'backup.finished'
  | 'backup.not-needed'
  | 'backup.watched'
  | 'backup.pruned'
  | 'pruning.finished'
  | 'restore.planned'
  | 'restore.loss'
  | 'restore.difference'
  | 'restore.settled'
  | 'restore.notice'
  | 'restore.finished'
  | 'drill.finished'
  | 'drill.notice'
  | 'drill.watched'
  | 'journal.written'
  | 'write.refused';

/** Only places, names of errors and numbers: never a token, never a value of an object. */
export type EventFields = { readonly [field: string]: string | number | boolean | null | undefined };

/** How the core tells what it does. It never prints; what becomes of this is the caller's matter. */
export interface Reporter {
  /** `count` more things are to be done in this stage. Those before it are over, unless it goes on beside them. */
  planned(stage: Stage, count: number, isBeside?: boolean): void;
  /** `count` more things of this stage are done. */
  advanced(stage: Stage, count: number): void;
  /** A request to the site was started. */
  requested(endpointClass: EndpointClass): void;
  event(level: 'debug' | 'info' | 'warn' | 'error', name: EventName, fields: EventFields): void;
}
