import type { ActivityFiles } from '../../core/model/activity.ts';
import type { EndpointClass } from '../../core/model/request-budget.ts';
import type { SiteShape } from './site-shape.ts';

/** A site to count runs on. */
export interface CountedSite {
  readonly objects: number;
  readonly schemas: number;
  readonly types: number;
  /** How much of all objects the first type holds. */
  readonly shareOfFirstType: number;
  readonly shareWithComments: number;
  /** How many of the objects somebody changes between one night and the next. */
  readonly shareChanged: number;
  /** Seconds that an invocation works before it hands back. */
  readonly workSeconds: number;
}

/**
 * The first night, which reads all history and comments; the night after it, a day later, which is what a stack pays for every
 * night; both with files of activity by type; a night without history and comments; a restore to an empty site.
 */
export const runKinds = [
  'first night',
  'night',
  'first night by type',
  'night by type',
  'bare night',
  'restore',
] as const;
export type RunKind = (typeof runKinds)[number];

/** How a kind of run goes about history and comments; null where it stores none. */
export const activityOf: Readonly<
  Record<RunKind, { readonly isFirst: boolean; readonly files: ActivityFiles } | null>
> = {
  'first night': { isFirst: true, files: 'object' },
  night: { isFirst: false, files: 'object' },
  'first night by type': { isFirst: true, files: 'type' },
  'night by type': { isFirst: false, files: 'type' },
  'bare night': null,
  restore: null,
};

/** What all invocations of a step took together. A and B are the classes of S3's price list: PUT and LIST; GET. */
export interface StepCount {
  invocations: number;
  seconds: number;
  backupsA: number;
  backupsB: number;
  workA: number;
  workB: number;
  /** Requests to the site. */
  readonly site: Partial<Record<EndpointClass, number>>;
}

export interface RunCount {
  /** By the step's name. */
  readonly steps: Readonly<Record<string, StepCount>>;
  readonly transitions: number;
  /** From the first state to the last. */
  readonly seconds: number;
  /** Of the backup; 0 for a restore. */
  readonly files: number;
  readonly bytes: number;
}

export interface SiteCount {
  readonly site: CountedSite;
  readonly shape: SiteShape;
  readonly runs: Readonly<Record<RunKind, RunCount>>;
}
