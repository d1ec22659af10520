import { recordCopied } from '../backup/copied-records.ts';
import { manifestKey } from '../backup-format/keys.ts';
import { type Manifest, parseManifest, sha256 } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { DamagedBackupError, InterruptedError, type StorageError } from '../errors.ts';
import type { BackupStatus } from '../model/outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { CopyStage, Reporter } from '../ports/reporter.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyBackup } from '../verify/verify-backup.ts';
import { CarriedJournals } from './carried-journals.ts';
import { type CopiedFiles, copyFiles, createSame, filesOf } from './copy-files.ts';
import type { CopyPlace } from './copy-place.ts';
import { carryJournals, checkCarriable, compareJournals, type JournalCopy } from './site-journals.ts';
import { type WhatIsThere, whatIsThere } from './what-is-there.ts';
import { whileReading } from './while-reading.ts';

export interface CopyServices {
  readonly source: CopyPlace;
  readonly destination: CopyPlace;
  readonly clock: Pick<Clock, 'now'>;
  readonly reporter: Reporter;
  /** Once it is aborted the copy ends at the next file, with InterruptedError. */
  readonly signal: AbortSignal;
  /** Told that the source takes no mark: somebody could delete the backup meanwhile. */
  readonly unmarked: (refusal: StorageError) => void;
}

export interface WantedCopy {
  readonly backup: string;
  /** Names this copy in its marks. */
  readonly executionId: string;
  /** Who copies, for people. */
  readonly by: string;
  readonly withJournals: boolean;
}

export interface CopyResult {
  readonly backup: string;
  readonly status: BackupStatus;
  /** Of what it was made, where no run of ours has read it from a site. */
  readonly originalScripts?: NonNullable<Manifest['originalScripts']>;
  /** What the destination had of it before. */
  readonly there: WhatIsThere;
  /** What went over now. */
  readonly copied: CopiedFiles;
  /** Of the copy as it lies there. */
  readonly verification: Verification;
  /**
   * Files about restores of the site, and what was accepted: how many went over, how many that had been carried before were
   * brought to where the source is now, how many the destination had already, and how many it lacks or has otherwise, because they
   * were not asked for.
   */
  readonly journals: Readonly<Record<'carried' | 'renewed' | 'same' | 'left', number>>;
}

/**
 * Copies a backup from one place to another, byte for byte: verified before and after, its manifest last, and marked before that as
 * one that was copied. What lies at the destination is never written over. Started again it goes on. Throws NoSuchBackupError,
 * DamagedBackupError, UnsupportedFormatError, CopyRefusedError, InterruptedError; with journals also DamagedWorkFileError and
 * RunInProgressError.
 */
export async function copyBackup(services: CopyServices, wanted: WantedCopy): Promise<CopyResult> {
  const { clock, unmarked } = services;
  const { backup, executionId } = wanted;
  return whileReading(services, { backup, executionId, clock, unmarked }, () => new Copy(services, wanted).run());
}

const nothingCopied: CopiedFiles = { files: 0, bytes: 0, found: 0 };

class Copy {
  readonly #services: CopyServices;
  readonly #wanted: WantedCopy;
  /** What is to be said of Ctrl-C, by how far the copy has come. */
  #stopped =
    'Interrupted. There is no manifest yet, so what lies there is no backup. The same line again goes on where it stopped.';

  constructor(services: CopyServices, wanted: WantedCopy) {
    this.#services = services;
    this.#wanted = wanted;
  }

  async run(): Promise<CopyResult> {
    const { source, destination } = this.#services;
    const { backup, withJournals } = this.#wanted;
    const manifest = await openBackup(source.backups, backup);
    const { workspaceId } = manifest.site;
    const there = await whatIsThere(destination, manifest);
    const journals = await compareJournals(source.work, destination.work, workspaceId);
    const carry = withJournals
      ? await this.#prepareJournals({ source, destination, workspaceId, journals })
      : undefined;

    const copied = there === 'nothing' ? await this.#copyFiles(manifest) : nothingCopied;
    await carry?.();
    if (there === 'nothing') await this.#copyManifest(manifest);
    this.#stopped =
      'Interrupted. The copy is there with its manifest, and not verified. The same line again verifies it.';
    const verification = await verifyBackup(this.#reading(destination, 'copy check'), backup);
    checkWhole(destination, verification, 'The copy');
    const [carried, renewed, same] = [journals.lacking.length, journals.other.length, journals.same.length];
    return {
      backup,
      status: manifest.status,
      ...(manifest.originalScripts && { originalScripts: manifest.originalScripts }),
      there,
      copied,
      verification,
      journals: withJournals
        ? { carried, renewed, same, left: 0 }
        : { carried: 0, renewed: 0, same, left: carried + renewed },
    };
  }

  /** Looks whether they may be carried, before anything is copied; what it gives carries them. */
  async #prepareJournals(copy: JournalCopy): Promise<() => Promise<void>> {
    const { source, destination, workspaceId } = copy;
    const carried = await CarriedJournals.open(destination.work, workspaceId, source.work.addressOf(''));
    await checkCarriable(carried, copy);
    return () => carryJournals(carried, copy, () => this.#checkStopped());
  }

  async #copyFiles(manifest: Manifest): Promise<CopiedFiles> {
    const { source, destination, reporter } = this.#services;
    checkWhole(source, await verifyBackup(this.#reading(source, 'source check'), manifest.name), 'The backup');
    const files = await filesOf(source.backups, manifest);
    reporter.planned('copying', files.length);
    return copyFiles(manifest.name, files, {
      source: source.backups,
      destination: destination.backups,
      begins: () => this.#checkStopped(),
      done: () => reporter.advanced('copying', 1),
    });
  }

  /** The mark goes first: without it a copy could be taken for a backup that was made there. */
  async #copyManifest(manifest: Manifest): Promise<void> {
    const { source, destination, clock } = this.#services;
    const key = manifestKey(manifest.name);
    const bytes = await source.backups.read(key);
    if (parseManifest(key, bytes).seal !== manifest.seal) {
      throw new DamagedBackupError(`${source.backups.addressOf(key)} has changed since it was verified.`);
    }
    this.#checkStopped();
    await recordCopied(destination.work, manifest, {
      from: source.backups.addressOf(manifest.name),
      by: this.#wanted.by,
      at: new Date(clock.now()).toISOString(),
    });
    await createSame(destination.backups, { key, bytes: bytes.length, sha256: sha256(bytes) }, bytes);
  }

  /** A verification knows no signal: it ends with the file of which it tells next. */
  #reading({ backups }: CopyPlace, stage: CopyStage) {
    const { reporter } = this.#services;
    return {
      backups,
      reporter: {
        ...silent,
        planned: (_: unknown, count: number) => reporter.planned(stage, count),
        advanced: (_: unknown, count: number) => {
          this.#checkStopped();
          reporter.advanced(stage, count);
        },
      },
    };
  }

  #checkStopped(): void {
    if (this.#services.signal.aborted) throw new InterruptedError(this.#stopped);
  }
}

const silent: Reporter = { planned: () => {}, advanced: () => {}, requested: () => {}, event: () => {} };

function checkWhole({ name, backups }: CopyPlace, { backup, problems }: Verification, what: string): void {
  const [first] = problems;
  if (first === undefined) return;
  const files = new Set(problems.map(({ key }) => key)).size;
  const more = files > 1 ? ` So are ${files - 1} other files.` : '';
  throw new DamagedBackupError(
    `${what} ${backup} in ${name} is damaged: ${backups.addressOf(first.key)} ${first.problem}${more}`,
  );
}
