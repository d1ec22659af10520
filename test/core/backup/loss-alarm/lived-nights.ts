import { accept, readAcceptedLosses } from '../../../../core/backup/acceptances.ts';
import { findMeasures } from '../../../../core/backup/loss-alarm/find-measures.ts';
import { judgeLosses } from '../../../../core/backup/loss-alarm/judge-losses.ts';
import { readSuspicious } from '../../../../core/backup/suspicious.ts';
import { backupName } from '../../../../core/backup-format/keys.ts';
import { leftOutOfNone } from '../../../../core/backup-format/left-out.ts';
import type { Manifest, ManifestObjectType } from '../../../../core/backup-format/manifest.ts';
import { defaultLossAlarm, type LossAlarmSettings, type Suspicion } from '../../../../core/model/loss-alarm.ts';
import { type Run, runContract } from '../../../../core/model/run.ts';
import { openLocalStores } from '../../../../local/local-stores.ts';
import { MemoryBackups, manifest } from '../../../cli/pretend-product.ts';
import { testDirectory } from '../../../end-to-end/local-run.ts';

const day = 86_400_000;
const firstNight = Date.UTC(2026, 0, 1, 2);

/** Objects by type of the one schema of a pretend site; undefined: the type is not there. */
export type Counts = readonly (number | undefined)[];

/** Nights of a pretend site that has nothing but numbers, held against each other as "Finish backup" does. */
export class LivedNights {
  readonly backups = new MemoryBackups();
  readonly work = openLocalStores(testDirectory()).work;
  readonly settings: LossAlarmSettings;
  #nights = 0;

  constructor(settings: LossAlarmSettings = defaultLossAlarm) {
    this.settings = settings;
  }

  /** One more night, so many days after the one before. */
  async night(counts: Counts, { days = 1 }: { days?: number } = {}): Promise<Manifest> {
    this.#nights += days;
    const startedAt = new Date(firstNight + this.#nights * day).toISOString();
    const name = backupName(startedAt);
    const types = counts.flatMap((stored, index): ManifestObjectType[] =>
      stored === undefined ? [] : [typeOf(String(index + 1), stored)],
    );
    const base = { backup: null, passedOver: [] };
    const schemas = [{ id: '1', key: 'FAC', name: 'Facilities', folder: 'FAC', objectTypes: types, base }];
    const made = manifest({ name, startedAt, finishedAt: startedAt, status: 'complete', gaps: [], schemas });
    const { options, site: workspace } = made;
    const services = {
      backups: this.backups,
      work: this.work,
      clock: { now: () => Date.parse(startedAt), sleep: async () => {} },
    };
    const run: Run = { contract: runContract, backup: name, executionId: name, startedAt, workspace };
    const measures = await findMeasures(services, { run, options, schemas });
    const losses = judgeLosses({
      night: { schemas, objectSchemaKeys: null, gaps: [], absences: new Map() },
      measures,
      goneAttributes: [],
      edited: [],
      settings: this.settings,
      acceptances: await readAcceptedLosses(this.work, workspace.workspaceId),
    });
    const { measured, suspicions, notices } = losses;
    const judged = { ...made, measured, suspicions, notices };
    this.backups.add(judged);
    return judged;
  }

  accept(backup: Manifest, typeId?: string): Promise<unknown> {
    return accept(this.work, backup, { typeId, because: 'meant so', by: 'me', at: backup.startedAt });
  }

  /** What is suspicious about a backup as acceptances stand now. */
  async suspicious(backup: Manifest): Promise<readonly Suspicion[]> {
    return (await readSuspicious(this.work))(backup);
  }
}

export function typeOf(id: string, stored: number, fields: Partial<ManifestObjectType> = {}): ManifestObjectType {
  const files = { objectsMeta: [], objects: [], attributes: `attributes of ${id}`, activity: null, ...leftOutOfNone };
  return { id, name: `Type ${id}`, expected: stored, stored, ...files, ...fields };
}

export const places = (suspicions: readonly Suspicion[]) =>
  suspicions.map(({ kind, objectTypeId, measure }) => `${kind} ${objectTypeId ?? 'all'} ${measure}`);
