import { isActivityList } from '../backup-format/activity-list.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { listBackups } from '../backup-format/open-backup.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { BackupSource } from '../reading/backup-source.ts';
import type { ChangeKind } from './changes.ts';
import { Night, type Silence, type TypePlace } from './night.ts';
import { AttributesRead, type ListedObject, listedAs, NightObjects } from './night-objects.ts';

/** What became of an object between two backups that tell of it. */
export interface LifeChange {
  /** `first-seen`: no backup before could have had it. */
  readonly kind: ChangeKind | 'first-seen';
  /** The last backup before; null of one that was first seen. */
  readonly after: string | null;
  readonly by: string;
}

export interface ObjectLife {
  /** The oldest first. */
  readonly changes: readonly LifeChange[];
  /** Backups that say nothing of it, and why. */
  readonly silent: readonly { readonly backup: string; readonly why: Silence | string }[];
  /** Sentences: why those among them say nothing that are damaged. */
  readonly damage: readonly string[];
}

/**
 * What became of one object, by its id, in all backups of a site: by the lists of each where it has them, so that no file of objects is
 * read. `place` is the object's type in a backup that has it.
 */
export async function objectLife(
  backups: BackupStore,
  { workspaceId, object, place }: { readonly workspaceId: string; readonly object: string; readonly place: TypePlace },
): Promise<ObjectLife> {
  const life = new Life(place);
  const attributes = new AttributesRead();
  for (const night of await nightsOf(backups, workspaceId)) {
    try {
      life.see(night, await objectIn(backups, night, object, attributes));
    } catch (error) {
      if (!(error instanceof DamagedBackupError)) throw error;
      life.silent.push({ backup: night.name, why: error.message });
      life.damage.push(error.message);
    }
  }
  return life;
}

/** The oldest first. */
async function nightsOf(backups: BackupStore, workspaceId: string): Promise<Night[]> {
  const nights: Night[] = [];
  for await (const listed of listBackups(backups))
    if (listed.state === 'finished' && listed.manifest.site.workspaceId === workspaceId)
      nights.push(new Night(listed.manifest));
  return nights.sort((one, other) => one.startedAt - other.startedAt || (one.name < other.name ? -1 : 1));
}

/** Where the night has it: its type, and by what it can be told whether it has changed. */
async function objectIn(
  backups: BackupStore,
  night: Night,
  object: string,
  attributes: AttributesRead,
): Promise<(ListedObject & TypePlace) | undefined> {
  const source = await BackupSource.open(backups, night.manifest);
  if (source.recordsIn(isActivityList) > 0) {
    for await (const line of source.activityLines(new Set([object]))) return { ...line, ...placeOf(night, line.type) };
    return undefined;
  }
  const objects = await NightObjects.open(backups, night, attributes);
  for (const type of objects.types.values()) {
    for (const shard of type.objectsMeta.keys()) {
      const read = await objects.read(type, shard);
      const found = read.objects.find((one) => idOf(one) === object);
      if (found) return { ...listedAs(found, type.id, read.attributes), ...placeOf(night, type.id) };
    }
  }
  return undefined;
}

function placeOf({ manifest }: { readonly manifest: Manifest }, typeId: string): TypePlace {
  const schema = manifest.schemas.find(({ objectTypes }) => objectTypes.some(({ id }) => id === typeId));
  return { schemaId: schema?.id ?? '', typeId };
}

class Life implements ObjectLife {
  readonly changes: LifeChange[] = [];
  readonly silent: { readonly backup: string; readonly why: Silence | string }[] = [];
  readonly damage: string[] = [];
  #place: TypePlace;
  /** The last night that has it. */
  #last: { readonly night: Night; readonly listed: ListedObject } | undefined;
  /** The last night that tells that it is not there, since the last that has it. */
  #without: Night | undefined;

  constructor(place: TypePlace) {
    this.#place = place;
  }

  see(night: Night, listed: (ListedObject & TypePlace) | undefined): void {
    const last = this.#last;
    if (!listed) {
      const why = night.silenceOn(this.#place, last?.night);
      if (why !== undefined) this.silent.push({ backup: night.name, why });
      else {
        if (last && !this.#without) this.#add('deleted', last.night, night);
        this.#without = night;
      }
      return;
    }
    if (this.#without) this.#add('appeared', this.#without, night);
    else if (!last) this.changes.push({ kind: 'first-seen', after: null, by: night.name });
    else if (last.listed.digest !== listed.digest) {
      const isTouched = listed.values !== undefined && listed.values === last.listed.values;
      this.#add(isTouched ? 'touched' : 'changed', last.night, night);
    }
    this.#last = { night, listed };
    this.#without = undefined;
    this.#place = listed;
  }

  #add(kind: ChangeKind, after: Night, by: Night): void {
    this.changes.push({ kind, after: after.name, by: by.name });
  }
}
