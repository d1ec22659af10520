import type { EndpointClass } from '../model/request-budget.ts';

/** What a run is doing, in the order in which it does it. */
export const stages = ['configuration', 'objects', 'activity', 'verification'] as const;
export type Stage = (typeof stages)[number];

/** Stable names of log events: saved queries and alarms are built on them, so a message may be reworded but these may not. */
export type EventName =
  | 'step.started'
  | 'step.completed'
  | 'step.failed'
  | 'run.locked'
  | 'run.unlocked'
  | 'export.gap'
  | 'export.notice'
  | 'export.not-offered'
  | 'export.restarted-sweep'
  | 'request.failed'
  | 'rate-limit.waited'
  | 'backup.finished';

/** Only places, names of errors and numbers: never a token, never a value of an object. */
export type EventFields = { readonly [field: string]: string | number | boolean | null | undefined };

/** How the core tells what it does. It never prints; what becomes of this is the caller's matter. */
export interface Reporter {
  /** `count` more things are to be done in this stage. */
  planned(stage: Stage, count: number): void;
  /** `count` more things of this stage are done. */
  advanced(stage: Stage, count: number): void;
  /** A request to the site was started. */
  requested(endpointClass: EndpointClass): void;
  event(level: 'debug' | 'info' | 'warn' | 'error', name: EventName, fields: EventFields): void;
}
