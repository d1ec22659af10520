import { type Answer, errorAnswer } from './answer.ts';

/** Which login the site knows. One kind at a time, as one client uses one. */
export interface LoginOptions {
  /**
   * `basic`: a classic API token, accepted on the site and on the API.
   * `scoped`: a scoped API token as Basic, accepted only under `/ex/jira/{cloudId}`.
   * `bearer`: a service account's scoped token as Bearer, accepted only under `/ex/jira/{cloudId}`.
   */
  kind?: 'basic' | 'scoped' | 'bearer';
  username?: string;
  apiToken?: string;
  /** What a scoped or bearer token may do; everything by default. A missing scope is answered 401. */
  scopes?: readonly string[];
  /** The login works for this many requests, then it is revoked. */
  revokeAfter?: number;
  /** False for somebody who may only read: every write is answered 403. For `basic`; tokens with scopes have `scopes`. */
  mayWrite?: boolean;
  /** False for somebody who may write but delete nothing: every delete is answered 403. For `basic` as well. */
  mayDelete?: boolean;
}

/** How a request reached the site. */
export type Door = 'site' | 'api' | 'ex-jira' | 'gateway';

/** What a request asks of a login. */
interface Asked {
  readonly scope: string | undefined;
  readonly mayLackScope: boolean;
  readonly isWrite: boolean;
  readonly isDelete: boolean;
}

/** Checks logins. Source: reference section 5 (JIRAMETRICS, HOLMES, ORCA, CLASSMETHOD, SATOK). */
export class Login {
  readonly kind: 'basic' | 'scoped' | 'bearer';
  readonly username: string;
  readonly apiToken: string;
  /** May be changed while the simulator runs. */
  mayWrite: boolean;
  /** The same. */
  mayDelete: boolean;
  readonly #scopes: ReadonlySet<string> | undefined;
  #left: number;

  constructor(options: LoginOptions = {}) {
    this.kind = options.kind ?? 'basic';
    this.username = options.username ?? 'backup@example.com';
    this.apiToken = options.apiToken ?? 'simulated-api-token';
    this.#scopes = options.scopes ? new Set(options.scopes) : undefined;
    this.mayWrite = options.mayWrite ?? true;
    this.mayDelete = options.mayDelete ?? true;
    this.#left = options.revokeAfter ?? Number.POSITIVE_INFINITY;
  }

  /** From now on every request is answered 401. */
  revoke(): void {
    this.#left = 0;
  }

  /** Makes a revoked login valid again. */
  restore(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  /** The refusal of a request, or undefined when it may pass. `scope` is undefined for endpoints without one. */
  refuse(
    authorization: string | undefined,
    door: Door,
    { scope, mayLackScope, isWrite, isDelete }: Asked,
  ): Answer | undefined {
    if (this.#left <= 0) return wrongLogin();
    this.#left -= 1;
    if (authorization !== this.#expectedHeader()) return wrongLogin();
    if (this.kind === 'basic') {
      return (isWrite && !this.mayWrite) || (isDelete && !this.mayDelete) ? mayNotWrite() : undefined;
    }
    if (door !== 'ex-jira') return scopeMismatch();
    if (scope === undefined) return mayLackScope ? undefined : scopeMismatch();
    return this.#scopes === undefined || this.#scopes.has(scope) ? undefined : scopeMismatch();
  }

  #expectedHeader(): string {
    if (this.kind === 'bearer') return `Bearer ${this.apiToken}`;
    return `Basic ${Buffer.from(`${this.username}:${this.apiToken}`).toString('base64')}`;
  }
}

function wrongLogin(): Answer {
  const answer = errorAnswer(401, ['Client must be authenticated to access this resource.']);
  return { ...answer, headers: { 'WWW-Authenticate': 'Basic realm="simulated"' } };
}

/** No source shows the text of a missing permission on Assets; 403 and the form of errors are documented. */
function mayNotWrite(): Answer {
  return errorAnswer(403, ['You do not have permission to perform this action']);
}

function scopeMismatch(): Answer {
  return { status: 401, json: { code: 401, message: 'Unauthorized; scope does not match' } };
}
