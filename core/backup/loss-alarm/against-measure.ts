import type { ListedAttribute } from '../../backup-format/attribute-list.ts';
import type { Manifest } from '../../backup-format/manifest.ts';
import type { LossAlarmSettings, Measure } from '../../model/loss-alarm.ts';
import type { LossAcceptance } from './accepted-losses.ts';
import type { ComparedSchema, JudgedNight } from './compared-schemas.ts';

/** Of a type the objects that are in both nights, and how many of them have other values. */
export interface EditedObjects {
  readonly typeId: string;
  readonly both: number;
  readonly edited: number;
}

/** What a night is held against, and by what. */
export interface NightToJudge {
  readonly night: JudgedNight;
  readonly measures: ReadonlyMap<Measure, Manifest>;
  /** Of the measure `last`: attributes that this night does not name, whether or not their types could be read. */
  readonly goneAttributes: readonly ListedAttribute[];
  /** Against the measure `last`: objects with other values, by type. */
  readonly edited: readonly EditedObjects[];
  readonly settings: LossAlarmSettings;
  readonly acceptances: readonly LossAcceptance[];
}

/** One measure of it. */
export interface AgainstMeasure extends Omit<NightToJudge, 'measures'> {
  readonly measure: Measure;
  readonly against: Manifest;
  readonly schemas: readonly ComparedSchema[];
}
