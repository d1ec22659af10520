import { formatVersion, type Manifest, type SchemaBase } from '../../backup-format/manifest.ts';
import { backupNames, openListed } from '../../backup-format/open-backup.ts';
import { DamagedBackupError } from '../../errors.ts';
import { isEssential } from '../../model/outcome.ts';
import type { Run } from '../../model/run.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import type { Services } from '../../ports/services.ts';
import { type Origin, readOrigins } from '../finish-records.ts';
import type { SchemaToExport } from '../work-files.ts';
import { BaseActivity } from './base-activity.ts';

/** Older manifests that are looked at, the newest first: those of two months of nights. */
const mostManifests = 60;

type PassedOver = SchemaBase['passedOver'][number];

/** Upon what the night builds, by the id of the schema. */
export interface ChosenBases {
  readonly said: Readonly<Record<string, SchemaBase>>;
  readonly bases: ReadonlyMap<string, BaseActivity>;
}

/**
 * For each schema the newest backup of it that can be built upon, and why newer ones are not it. What a base has is taken over as it
 * is: so it has to be whole, and one that this place has made. Throws nothing about a backup, whatever is wrong with it.
 */
export async function chooseBases(
  services: Pick<Services, 'backups' | 'work' | 'clock'>,
  run: Run,
  schemas: readonly SchemaToExport[],
): Promise<ChosenBases> {
  const { backups, work, clock } = services;
  const originOf = await readOrigins(work);
  const choice = new Choice(schemas);
  let looked = 0;
  for (const name of (await backupNames(backups)).reverse()) {
    if (choice.isMade || looked === mostManifests) break;
    if (name === run.backup) continue;
    const listed = await openListed(backups, name);
    if (listed.state === 'unfinished' || listed.state === 'original-scripts') continue; // It never was one.
    if (name < run.backup) looked += 1;
    if (listed.state !== 'finished') choice.passOver(name, choice.open, listed.reason);
    else {
      const problem = originProblems[await originOf(listed, clock.now())] ?? problemOf(listed.manifest, run);
      await choice.consider(backups, listed.manifest, problem);
    }
  }
  return choice.made();
}

const originProblems: Readonly<Partial<Record<Origin, string>>> = {
  future: 'Its times lie ahead of the clock.',
  copied: 'It was copied here from another place.',
  older: 'There is no record that it was made here.',
  stranger: 'There is no record that it was made here.',
};

/** What is wrong with a backup for all its schemas. */
function problemOf(manifest: Manifest, { backup, workspace }: Run): string | undefined {
  if (manifest.site.workspaceId !== workspace.workspaceId) return 'It is of another site.';
  if (manifest.writtenAs !== undefined) return `Its folder was renamed: it was ${manifest.writtenAs}.`;
  if (manifest.name > backup) return 'It was begun after this one.';
  if (manifest.formatVersion !== formatVersion) {
    return `It is of format version ${manifest.formatVersion}, which does not say when history and comments were read.`;
  }
  return manifest.options.activity ? undefined : 'It was made without history and comments.';
}

/** What is wrong with what a backup has of one schema. */
function gapIn({ gaps }: Manifest, schemaKey: string): string | undefined {
  const gap = gaps.find((one) => isEssential(one.kind) && (one.schemaKey ?? schemaKey) === schemaKey);
  return gap && `It is partial: it lacks ${gap.what}.`;
}

class Choice {
  /** Ids of schemas without a base so far. */
  readonly open: Set<string>;
  readonly #bases = new Map<string, BaseActivity>();
  readonly #passedOver: ReadonlyMap<string, PassedOver[]>;

  constructor(schemas: readonly SchemaToExport[]) {
    this.open = new Set(schemas.map(({ id }) => id));
    this.#passedOver = new Map(schemas.map(({ id }) => [id, []]));
  }

  get isMade(): boolean {
    return this.open.size === 0;
  }

  made(): ChosenBases {
    const said = [...this.#passedOver].map(([id, passedOver]): [string, SchemaBase] => [
      id,
      { backup: this.#bases.get(id)?.manifest.name ?? null, passedOver },
    ]);
    return { said: Object.fromEntries(said), bases: this.#bases };
  }

  passOver(backup: string, schemaIds: Iterable<string>, reason: string): void {
    for (const id of schemaIds) this.#passedOver.get(id)?.push({ backup, reason });
  }

  /** Takes a backup for the schemas that are in it and have no base. Of others it says nothing. */
  async consider(backups: BackupStore, manifest: Manifest, problem: string | undefined): Promise<void> {
    const inIt = manifest.schemas.filter(({ id }) => this.open.has(id));
    const whole = new Set<string>();
    for (const { id, key } of inIt) {
      const why = problem ?? gapIn(manifest, key);
      if (why === undefined) whole.add(id);
      else this.passOver(manifest.name, [id], why);
    }
    if (whole.size === 0) return;
    try {
      const base = await BaseActivity.open(backups, manifest, whole);
      for (const id of whole) {
        this.#bases.set(id, base);
        this.open.delete(id);
      }
    } catch (error) {
      if (!(error instanceof DamagedBackupError)) throw error;
      this.passOver(manifest.name, whole, error.message);
    }
  }
}
