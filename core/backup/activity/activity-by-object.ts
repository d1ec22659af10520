import { schemaKeys } from '../../backup-format/keys.ts';
import type { StoredFile } from '../../backup-format/manifest.ts';
import { arrayFile } from '../../backup-format/record-files.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import { storeFile } from '../store-file.ts';
import type { ActivityLayout, ActivityObject, StoredActivity } from './activity-layout.ts';
import type { CarryOver } from './carry-over.ts';

interface Place {
  readonly backups: BackupStore;
  readonly backup: string;
  readonly carryOver: CarryOver;
  readonly strays: string[];
}

/** A file for the history, and one for the comments, of each object that has any: as the original scripts left them. */
export class ActivityByObject implements ActivityLayout {
  readonly #place: Place;
  readonly #files: StoredFile[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  async keep(kind: ActivityKind, object: ActivityObject, records: readonly string[]): Promise<void> {
    if (records.length === 0) return;
    const { backups, strays } = this.#place;
    const file = await storeFile(backups, this.#keyOf(kind, object), arrayFile(records), records.length, strays);
    this.#files.push(file);
  }

  async carry(kind: ActivityKind, object: ActivityObject): Promise<boolean> {
    const { carryOver, strays } = this.#place;
    const own = carryOver.fileOfItsOwn(kind, object);
    if (own !== undefined) {
      const file = await carryOver.copy(own, this.#keyOf(kind, object), strays);
      if (file) this.#files.push(file);
      return file !== undefined;
    }
    const records = await carryOver.records(kind, object);
    if (records) await this.keep(kind, object, records);
    return records !== undefined;
  }

  isUnfinished(): boolean {
    return false;
  }

  async stored(to: number): Promise<StoredActivity> {
    return { files: this.#files, shards: [], finished: to };
  }

  #keyOf(kind: ActivityKind, { id, unit }: ActivityObject): string {
    return schemaKeys(this.#place.backup, unit.schema.folder)[kind](id);
  }
}
