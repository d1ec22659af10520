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
  /** Seconds that an invocation works before it hands back. */
  readonly workSeconds: number;
}

export const runKinds = ['night', 'bare night', 'restore'] as const;
/** A full backup; one without history and comments; a restore of the full one to an empty site. */
export type RunKind = (typeof runKinds)[number];

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
