import { counted } from '../counted.ts';
import { isOfOneRead, LoginRefusedError, messageOf, nameOf, TooManyFailuresError } from '../errors.ts';
import { type Gap, isEssential, type ReadKind } from '../model/outcome.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Reporter } from '../ports/reporter.ts';

/** Fewer failures than this never stop a run: on a small site one failed object is more than 1 %, and only a gap. */
const fewest = 5;

/** Failures of an essential kind at which a run stops: 1 % of its requests. */
export function failureLimit(plannedRequests: number): number {
  return Math.max(fewest, Math.ceil(plannedRequests / 100));
}

/** Where something is missing, without why. */
export type GapPlace = Omit<Gap, 'error' | 'reason'>;

interface CollectorOptions {
  /** Failures of an essential kind at which the run stops. */
  readonly limit?: number;
  readonly failures?: Map<ReadKind, number>;
}

/**
 * Collects what one invocation could not read. An error that concerns only what was being read becomes a gap; one that
 * concerns the run is thrown on, and so is the failure that makes those of an essential kind too many.
 */
export class GapCollector {
  readonly gaps: Gap[] = [];
  readonly #reporter: Reporter;
  readonly #reader: Pick<AssetsReader, 'objectSchemas'>;
  readonly #limit: number;
  readonly #failures: Map<ReadKind, number>;
  #loginHolds: Promise<boolean> | undefined;

  /** @param reader what is asked whether the login still holds */
  constructor(reporter: Reporter, reader: Pick<AssetsReader, 'objectSchemas'>, options: CollectorOptions = {}) {
    this.#reporter = reporter;
    this.#reader = reader;
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#failures = options.failures ?? new Map();
  }

  /** A collector with gaps of its own, whose failures count together with this one's. */
  part(): GapCollector {
    return new GapCollector(this.#reporter, this.#reader, { limit: this.#limit, failures: this.#failures });
  }

  /** The answer of `read`, or undefined with a gap recorded. */
  async try<T>(place: GapPlace, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(await this.isOfOneRead(place.kind, error))) throw error;
      this.add(place, error);
      return undefined;
    }
  }

  /** Whether an error concerns only what was being read, so that it may become a gap. */
  async isOfOneRead(kind: ReadKind, error: unknown): Promise<boolean> {
    if (isOfOneRead(error)) return true;
    if (!(error instanceof LoginRefusedError) || isEssential(kind)) return false;
    // One look for all that are refused at the same time.
    this.#loginHolds ??= this.#checkLogin().finally(() => {
      this.#loginHolds = undefined;
    });
    return this.#loginHolds;
  }

  /** Adds a gap whose reason is known. */
  addGap(gap: Gap): void {
    this.gaps.push(gap);
    const { kind, schemaKey, objectTypeId, objectId, objects, error } = gap;
    this.#reporter.event('warn', 'export.gap', { kind, schemaKey, objectTypeId, objectId, objects, error });
  }

  /** Adds a gap of what an error concerns. Throws TooManyFailuresError. */
  add(place: GapPlace, error: unknown): void {
    this.addGap({ ...place, error: nameOf(error), reason: messageOf(error) });
    const { kind } = place;
    if (!isEssential(kind)) return;
    const failures = (this.#failures.get(kind) ?? 0) + 1;
    this.#failures.set(kind, failures);
    if (failures >= this.#limit) throw tooManyFailures(kind, failures, error);
  }

  /** A 401 of one endpoint, while the list of schemas can be read, is no login that has ended. */
  async #checkLogin(): Promise<boolean> {
    try {
      await this.#reader.objectSchemas();
      return true;
    } catch (error) {
      if (error instanceof LoginRefusedError) return false;
      throw error;
    }
  }
}

export function tooManyFailures(kind: ReadKind, failures: number, cause?: unknown): TooManyFailuresError {
  return new TooManyFailuresError(
    `The run stops: ${counted(failures, 'request')} for ${kind} failed, which is 1 % or more of them${cause === undefined ? '' : ` (the last: ${messageOf(cause)})`}. Mend the cause, then start a new backup.`,
    { cause },
  );
}
