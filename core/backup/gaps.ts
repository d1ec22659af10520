import {
  ExcessiveAnswerError,
  messageOf,
  NotFoundError,
  nameOf,
  PermissionRefusedError,
  RateLimitedError,
  RequestRefusedError,
  SiteUnavailableError,
  TooManyFailuresError,
  UnexpectedAnswerError,
} from '../errors.ts';
import type { Gap, ReadKind } from '../model/outcome.ts';
import type { Reporter } from '../ports/reporter.ts';

/** Fewer failures than this never stop a run: on a small site one failed object is more than 1 %, and only a gap. */
const fewest = 5;

/** Failures of one kind at which a run stops: 1 % of its requests. */
export function failureLimit(plannedRequests: number): number {
  return Math.max(fewest, Math.ceil(plannedRequests / 100));
}

/** Errors that concern what was being read. Every other error concerns the run, and stops it. */
const ofOneRead = [
  PermissionRefusedError,
  NotFoundError,
  RequestRefusedError,
  RateLimitedError,
  SiteUnavailableError,
  UnexpectedAnswerError,
  ExcessiveAnswerError,
];

/** Whether an error concerns only what was being read. */
export function isOfOneRead(error: unknown): boolean {
  return ofOneRead.some((kind) => error instanceof kind);
}

/**
 * Collects what one invocation could not read. An error that concerns only what was being read becomes a gap; one that
 * concerns the run is thrown on, and so is the failure that makes one kind's failures too many.
 */
export class GapCollector {
  readonly gaps: Gap[] = [];
  readonly #reporter: Reporter;
  readonly #limit: number;
  readonly #failures: Map<ReadKind, number>;

  constructor(reporter: Reporter, limit = Number.POSITIVE_INFINITY, failures = new Map<ReadKind, number>()) {
    this.#reporter = reporter;
    this.#limit = limit;
    this.#failures = failures;
  }

  /** A collector with gaps of its own, whose failures count together with this one's. */
  part(): GapCollector {
    return new GapCollector(this.#reporter, this.#limit, this.#failures);
  }

  /** The answer of `read`, or undefined with a gap recorded. */
  async try<T>(place: Omit<Gap, 'error' | 'reason'>, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.add(place, error);
      return undefined;
    }
  }

  add(place: Omit<Gap, 'error' | 'reason'>, error: unknown): void {
    if (!isOfOneRead(error)) throw error;
    this.gaps.push({ ...place, error: nameOf(error), reason: messageOf(error) });
    const { kind, schemaKey, objectTypeId, objectId } = place;
    this.#reporter.event('warn', 'export.gap', { kind, schemaKey, objectTypeId, objectId, error: nameOf(error) });
    const failures = (this.#failures.get(kind) ?? 0) + 1;
    this.#failures.set(kind, failures);
    if (failures >= this.#limit) throw tooManyFailures(kind, failures, error);
  }
}

export function tooManyFailures(kind: ReadKind, failures: number, cause?: unknown): TooManyFailuresError {
  return new TooManyFailuresError(
    `The run stops: ${failures} requests for ${kind} failed, which is 1 % or more of them${cause === undefined ? '' : ` (the last: ${messageOf(cause)})`}. Mend the cause, then start a new backup.`,
    { cause },
  );
}
