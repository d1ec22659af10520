import { createHash } from 'node:crypto';
import { PlanChangedError } from '../../errors.ts';
import type { ItemKind, LeftWrites } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { damagedFile } from '../../work-store/damaged-file.ts';
import { needLines } from '../../work-store/json-file.ts';
import { keptPlan } from '../restore-keys.ts';

/** One write of a plan, with what has to be so that it is made. */
export interface PlannedWrite {
  readonly kind: ItemKind;
  /** Id of the thing on the source site. */
  readonly source: string;
  readonly action: 'create' | 'update' | 'delete' | 'set-back';
  /** Its id on the target; null of what is to be made. */
  readonly target: string | null;
  readonly precondition: string;
  /** Of what would be sent. */
  readonly digest: string;
  /** For people. */
  readonly where: string;
  /** Of what completes something that an earlier restore has begun to make: the write that would make it. */
  readonly partOf?: PlannedWrite;
}

/** What makes a write the same write as that of another plan. */
const decisive = ({ kind, source, action, target, precondition, digest }: PlannedWrite) =>
  [kind, source, action, target, precondition, digest] as const;

type Decisive = ReturnType<typeof decisive>;
/** A line of a plan that is kept. */
type KeptLine = readonly [...Decisive, where: string];

const lineOf = (write: PlannedWrite) => JSON.stringify(decisive(write));

function writeOf(line: string, where: string): PlannedWrite {
  const [kind, source, action, target, precondition, digest] = JSON.parse(line) as Decisive;
  return { kind, source, action, target, precondition, digest, where };
}

/** What a write is about: as long as the backup is the same, no two writes of a plan share it. */
export const subjectOf = ({ kind, source }: Pick<PlannedWrite, 'kind' | 'source'>) => `${kind} ${source}`;

const shownWrites = 20;

/**
 * The writes of a plan. Their hash is the plan's: choices, reasons, and what is left alone do not count, nor does any order. Of each no
 * more is held than two texts, since there may be a million.
 */
export class PlanWrites {
  readonly #site: string;
  /** Where each is, by its line. */
  readonly #writes = new Map<string, string>();
  /** Of those that complete something, the line of the write that would make it. */
  readonly #wholes = new Map<string, string>();
  #hash: string | undefined;

  /** @param site id of the workspace that is written to: a plan for one is none for another */
  constructor(site: string) {
    this.#site = site;
  }

  add(write: PlannedWrite): void {
    const line = lineOf(write);
    this.#writes.set(line, write.where);
    if (write.partOf) this.#wholes.set(line, lineOf(write.partOf));
    this.#hash = undefined;
  }

  get size(): number {
    return this.#writes.size;
  }

  /** 64 hex digits. */
  get hash(): string {
    this.#hash ??= hashOf(this.#site, this.#writes.keys());
    return this.#hash;
  }

  has(write: PlannedWrite): boolean {
    return this.#writes.has(lineOf(write));
  }

  /** Those that the other plan does not hold just so. Who has approved that something is made has approved all of it. */
  without(other: PlanWrites): PlannedWrite[] {
    const isHeld = (line: string) => other.#writes.has(line) || other.#writes.has(this.#wholes.get(line) ?? '');
    return [...this.#writes].flatMap(([line, where]) => (isHeld(line) ? [] : [writeOf(line, where)]));
  }

  /** Keeps them for whoever approves the hash. */
  async keep(work: WorkStore): Promise<void> {
    const lines = this.#writes.entries().map(([line, where]) => `${line.slice(0, -1)},${JSON.stringify(where)}]\n`);
    await work.write(keptPlan(this.#site, this.hash), [...lines].join(''));
  }

  /** Those of a plan that was approved. Throws PlanChangedError where it is not kept, DamagedWorkFileError. */
  static async kept(work: WorkStore, site: string, hash: string): Promise<PlanWrites> {
    const writes = new PlanWrites(site);
    if (hash === writes.hash) return writes;
    const key = keptPlan(site, hash);
    if (!(await work.read(key))) {
      throw new PlanChangedError(
        `No plan for this site of the hash ${hash} is kept here: it was made elsewhere, by version 0.1.0, or so long ago that it is removed. Nothing was written. Plan again, and approve the hash that you see then.`,
      );
    }
    for (const [kind, source, action, target, precondition, digest, where] of await needLines<KeptLine>(work, key))
      writes.add({ kind, source, action, target, precondition, digest, where });
    if (writes.hash !== hash) throw damagedFile(work, key, 'is damaged: its hash is not that of its name');
    return writes;
  }
}

/** For a summary; null where nothing is left. */
export function leftWrites(writes: readonly PlannedWrite[]): LeftWrites | null {
  if (writes.length === 0) return null;
  const first = writes.slice(0, shownWrites).map(({ kind, action, where }) => {
    return `${action} the ${kind.replace('-', ' ')} ${where}`.replace('set-back', 'set back');
  });
  return { count: writes.length, first };
}

function hashOf(site: string, lines: Iterable<string>): string {
  const hash = createHash('sha256').update(`${site}\n`);
  for (const line of [...lines].toSorted()) hash.update(`${line.toWellFormed()}\n`);
  return hash.digest('hex');
}
