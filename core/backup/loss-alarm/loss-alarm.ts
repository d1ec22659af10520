import { type ActivityLine, readActivityLines } from '../../backup-format/activity-list.ts';
import { type ListedAttribute, readListedAttributes } from '../../backup-format/attribute-list.ts';
import type { Manifest, ManifestSchema } from '../../backup-format/manifest.ts';
import { ownLists } from '../../backup-format/own-lists.ts';
import { DamagedBackupError } from '../../errors.ts';
import type { Measure } from '../../model/loss-alarm.ts';
import type { Gap, Notice } from '../../model/outcome.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import type { Services } from '../../ports/services.ts';
import { readAcceptedLosses } from '../acceptances.ts';
import type { GapCollector } from '../gaps.ts';
import type { BackupPlan } from '../work-files.ts';
import { type Absence, askForAbsent } from './absent-schemas.ts';
import { schemasInScope } from './compared-schemas.ts';
import { findMeasures } from './find-measures.ts';
import { MeasuredAttributes } from './gone-attributes.ts';
import { judgeLosses, type Losses } from './judge-losses.ts';
import { MeasuredValues } from './many-edited.ts';

type AlarmServices = Pick<Services, 'backups' | 'work' | 'clock' | 'lossAlarm'>;

/** What of a measure stands in lists and not in its manifest; undefined where they are damaged. */
interface MeasuredLists {
  readonly values: MeasuredValues;
  readonly attributes: MeasuredAttributes;
}

/**
 * Holds a night against earlier backups that are not suspicious: first their lists, past which those of this night stream, then all
 * that is known of it at its end.
 */
export class LossAlarm {
  readonly #services: AlarmServices;
  readonly #plan: BackupPlan;
  readonly #measures: ReadonlyMap<Measure, Manifest>;
  readonly #lists: MeasuredLists | undefined;
  readonly #notices: readonly Notice[];
  #absences: ReadonlyMap<string, Absence> = new Map();

  private constructor(
    services: AlarmServices,
    plan: BackupPlan,
    measured: {
      measures: ReadonlyMap<Measure, Manifest>;
      lists: MeasuredLists | undefined;
      notices: readonly Notice[];
    },
  ) {
    this.#services = services;
    this.#plan = plan;
    this.#measures = measured.measures;
    this.#lists = measured.lists;
    this.#notices = measured.notices;
  }

  static async prepare(services: AlarmServices, plan: BackupPlan): Promise<LossAlarm> {
    const measures = await findMeasures(services, plan);
    const last = measures.get('last');
    if (!last) return new LossAlarm(services, plan, { measures, lists: undefined, notices: [] });
    try {
      const lists = await readLists(services.backups, last);
      return new LossAlarm(services, plan, { measures, lists, notices: [] });
    } catch (error) {
      // A backup that somebody has damaged is no reason to make no other one.
      if (!(error instanceof DamagedBackupError)) throw error;
      const message = `What was edited since ${last.name}, and which attributes are gone since, could not be told: ${error.message}`;
      return new LossAlarm(services, plan, {
        measures,
        lists: undefined,
        notices: [{ kind: 'measure-damaged', message }],
      });
    }
  }

  /** A line of this night. */
  seeObject(line: ActivityLine): void {
    this.#lists?.values.see(line);
  }

  seeAttribute(attribute: ListedAttribute): void {
    this.#lists?.attributes.see(attribute);
  }

  /**
   * Finds out what became of schemas that a measure has and this night has not.
   * @param inUsage ids that `/usage` names; undefined where it says nothing
   */
  async askForAbsent(
    { reader, gaps }: { readonly reader: AssetsReader; readonly gaps: GapCollector },
    schemas: readonly ManifestSchema[],
    inUsage: ReadonlySet<string> | undefined,
  ): Promise<void> {
    const { objectSchemaKeys } = this.#plan.options;
    const absent = new Map<string, ManifestSchema>();
    for (const measure of this.#measures.values()) {
      for (const schema of schemasInScope(measure, { schemas, objectSchemaKeys })) {
        if (!absent.has(schema.id) && !schemas.some(({ id }) => id === schema.id)) absent.set(schema.id, schema);
      }
    }
    const question = { reader, gaps, inUsage, isOfEverySchema: objectSchemaKeys === null };
    this.#absences = await askForAbsent(question, [...absent.values()]);
  }

  /** @param gaps all of this night, also what a person has accepted not to see */
  async judge(schemas: readonly ManifestSchema[], gaps: readonly Gap[]): Promise<Losses> {
    const { work, lossAlarm: settings } = this.#services;
    const { run, options } = this.#plan;
    const losses = judgeLosses({
      night: { schemas, objectSchemaKeys: options.objectSchemaKeys, gaps, absences: this.#absences },
      measures: this.#measures,
      goneAttributes: this.#lists?.attributes.gone ?? [],
      edited: this.#lists?.values.edited ?? [],
      settings,
      acceptances: await readAcceptedLosses(work, run.workspace.workspaceId),
    });
    return { ...losses, notices: [...this.#notices, ...losses.notices] };
  }
}

async function readLists(backups: BackupStore, measure: Manifest): Promise<MeasuredLists> {
  const files = await ownLists(backups, measure);
  const attributes = new MeasuredAttributes();
  for await (const attribute of readListedAttributes(backups, measure, files)) attributes.expect(attribute);
  const values = new MeasuredValues(measure);
  for await (const line of readActivityLines(backups, measure, files)) values.expect(line);
  return { values, attributes };
}
