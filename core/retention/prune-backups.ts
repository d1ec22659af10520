import { manifestKey } from '../backup-format/keys.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { WrongInputError } from '../errors.ts';
import type { KeepRules } from '../model/keep.ts';
import type { BackupDeleter } from '../ports/backup-deleter.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Services } from '../ports/services.ts';
import { readersOf } from '../runs/backup-readers.ts';
import { type FactServices, gatherFacts } from './gather-facts.ts';
import { type KeepReason, reasonWords, rulesInWords } from './keep-reason.ts';
import { neededByRestores } from './needed-by-restores.ts';
import { planRetention, type RetentionPlan } from './plan-retention.ts';
import { announcePruning, endPruning } from './pruning-mark.ts';
import { judgeUnfinished } from './unfinished-folders.ts';

export type PruneServices = FactServices & Pick<Services, 'reporter' | 'keep' | 'remainingMilliseconds'>;

export interface PruneInput {
  /** Says what would be deleted, and deletes nothing. */
  readonly dryRun: boolean;
  /** Names this run in its marks; a run that is tried again has the same one. */
  readonly executionId: string;
}

/** A folder with what lies in it. */
export interface PrunedFolder {
  readonly backup: string;
  readonly files: number;
  readonly bytes: number;
}

/** What was kept and why, and what was deleted; of a dry run what would be. Holds names of backups, schemas and restores alone. */
export interface PruneReport {
  readonly dryRun: boolean;
  readonly keep: KeepRules;
  readonly timeZone: string;
  /** Sites of which nothing is deleted now, and why. */
  readonly heldBack: RetentionPlan['heldBack'];
  readonly kept: readonly { readonly backup: string; readonly reasons: readonly string[] }[];
  readonly deleted: readonly PrunedFolder[];
  /** Folders without a manifest. */
  readonly unfinished: {
    readonly kept: readonly { readonly backup: string; readonly reason: string }[];
    readonly deleted: readonly PrunedFolder[];
  };
  /** What is to be deleted and was left, since there was no time for it, or another run deletes it now. */
  readonly left: readonly string[];
  /** Whether there was no time for some of it: the next run goes on. */
  readonly outOfTime: boolean;
}

/** A function that has less is cut off before the next backup is gone: that is left to the next run. */
const leastMilliseconds = 60_000;
/** Of a folder of a million files not all go in one invocation of a function: the next one goes on with it. */
const leastForMore = 30_000;
/** S3 deletes 1,000 with one request, and takes some at once. */
const keysAtOnce = 3_000;

/**
 * Deletes the backups that no rule and no reason keeps, the oldest first, and folders that runs have left unfinished. Of each the
 * manifest goes first, so that what is left of a deletion that was broken off is no backup; the next run goes on with it. Throws
 * WrongInputError where no rules are set.
 */
export async function pruneBackups(
  services: PruneServices,
  deleter: BackupDeleter,
  { dryRun, executionId }: PruneInput,
): Promise<PruneReport> {
  const { keep, timeZone, reporter } = services;
  if (keep === null) throw new WrongInputError('No rules are set (`keep`), so no backup is ever deleted.');
  const { facts, manifests, unfinished } = await gatherFacts(services, keep, deleter);
  const plan = planRetention(facts);
  const folders = await judgeUnfinished(services, unfinished);
  const pruning = new Pruning(services, deleter, { dryRun, executionId, keep });
  const leftovers: PrunedFolder[] = [];
  const deleted: PrunedFolder[] = [];
  for (const { name, stays } of folders) if (stays === null) leftovers.push(...(await pruning.folder(name)));
  for (const { name, reasons } of plan.decisions) {
    if (reasons.length === 0) deleted.push(...(await pruning.folder(name, manifests.get(name))));
  }
  const kept = plan.decisions.flatMap(({ name, reasons }) => {
    const all = [...reasons, ...(pruning.found.get(name) ?? [])];
    return all.length > 0 ? [{ backup: name, reasons: all.map(reasonWords) }] : [];
  });
  const report: PruneReport = {
    ...{ dryRun, keep, timeZone, heldBack: plan.heldBack, kept, deleted },
    unfinished: {
      kept: folders.flatMap(({ name, stays }) => (stays === null ? [] : [{ backup: name, reason: stays }])),
      deleted: leftovers,
    },
    left: pruning.left,
    outOfTime: pruning.outOfTime,
  };
  if (!dryRun) {
    reporter.event('info', 'pruning.finished', {
      ...{ kept: kept.length, deleted: deleted.length, unfinishedDeleted: leftovers.length, left: report.left.length },
      heldBack: plan.heldBack.map(({ message }) => message).join(' ') || null,
    });
  }
  return report;
}

class Pruning {
  /** Reasons that came up after the plan was made. */
  readonly found = new Map<string, readonly KeepReason[]>();
  readonly left: string[] = [];
  outOfTime = false;
  readonly #services: PruneServices;
  readonly #deleter: BackupDeleter;
  readonly #input: PruneInput & { readonly keep: KeepRules };

  constructor(services: PruneServices, deleter: BackupDeleter, input: PruneInput & { readonly keep: KeepRules }) {
    this.#services = services;
    this.#deleter = deleter;
    this.#input = input;
  }

  /** Deletes all that lies in a folder, unless a reason not to has come up meanwhile. Gives what was deleted, or would be. */
  async folder(name: string, manifest?: Manifest): Promise<PrunedFolder[]> {
    const services = this.#services;
    const { dryRun, executionId, keep } = this.#input;
    const size = await sizeOf(services.backups, name);
    // Another run has deleted it since the plan was made: so are the record and the line in the log that one's.
    if (size.files === 0) return [];
    if (dryRun) return [{ backup: name, ...size }];
    if (this.#hasLess(leastMilliseconds)) return this.#leave(name);
    const held = await announcePruning(services, name, { executionId, ...size });
    if (!held) return this.#leave(name);
    const reasons = await reasonsMeanwhile(services, name);
    if (reasons.length > 0) {
      await endPruning(services, held, 'withdrawn');
      this.found.set(name, reasons);
      return [];
    }
    await this.#deleter.delete([manifestKey(name)]);
    for (const prefix of [`${name}/manifest/`, `${name}/`]) {
      for await (const keys of inBatches(services.backups.list(prefix))) {
        if (this.#hasLess(leastForMore)) {
          await endPruning(services, held, 'deleting');
          return this.#leave(name);
        }
        await this.#deleter.delete(keys);
      }
    }
    await endPruning(services, held, 'deleted');
    services.reporter.event('info', 'backup.pruned', {
      backup: name,
      files: held.mark.files,
      bytes: held.mark.bytes,
      ...(manifest
        ? { site: manifest.site.siteName, status: manifest.status, objects: manifest.counts.objects }
        : { status: 'unfinished' }),
      notKeptBy: rulesInWords(keep),
    });
    return [{ backup: name, ...size }];
  }

  #hasLess(milliseconds: number): boolean {
    const hasLess = this.#services.remainingMilliseconds() < milliseconds;
    if (hasLess) this.outOfTime = true;
    return hasLess;
  }

  #leave(name: string): [] {
    this.left.push(name);
    return [];
  }
}

/** Somebody may have begun to read it since the plan was made; whoever begins from now on sees the mark. */
async function reasonsMeanwhile(services: PruneServices, name: string): Promise<KeepReason[]> {
  const { reasonsOf, unknown } = await neededByRestores(services);
  const readers = await readersOf(services, name);
  return [
    ...reasonsOf(name),
    ...readers.slice(0, 1).map(({ what }): KeepReason => ({ kind: 'read', what })),
    ...(unknown === null ? [] : [{ kind: 'held-back' as const }]),
  ];
}

async function sizeOf(backups: BackupStore, name: string): Promise<Omit<PrunedFolder, 'backup'>> {
  const sum = { files: 0, bytes: 0 };
  for await (const { bytes } of backups.list(`${name}/`)) {
    sum.files += 1;
    sum.bytes += bytes;
  }
  return sum;
}

async function* inBatches(listed: ReturnType<BackupStore['list']>): AsyncGenerator<string[]> {
  let keys: string[] = [];
  for await (const { key } of listed) {
    keys.push(key);
    if (keys.length < keysAtOnce) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}
