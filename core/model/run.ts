/** Which login the site accepted. Scoped and bearer tokens work only through `{apiUrl}/ex/jira/{cloudId}`. */
export type LoginKind = 'basic' | 'scoped' | 'bearer';

/** An Assets workspace as discovery found it. Holds no secret: it travels through state and into manifests. */
export interface Workspace {
  readonly workspaceId: string;
  readonly siteName: string;
  readonly apiUrl: string;
  readonly login: LoginKind;
  /** Known where the login goes through `/ex/jira/{cloudId}`. */
  readonly cloudId?: string;
}

/**
 * The run that a step belongs to: the first thing in every step's input.
 * `contract` is the version of what travels between steps: a batch planned by another version is refused.
 */
export interface Run {
  readonly contract: typeof runContract;
  /** The backup's name, which is its prefix in the store: `2026-11-23_02-00-00` (UTC). */
  readonly backup: string;
  readonly executionId: string;
  readonly startedAt: string;
  readonly workspace: Workspace;
}

export const runContract = 3;
