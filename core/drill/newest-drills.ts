import type { DrillRecord } from '../model/drill.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson } from '../work-store/json-file.ts';
import { allDrillRecords } from './drill-keys.ts';

/** Drills of a work store, the newest first by when they began, for whoever needs the last few. Throws DamagedWorkFileError. */
export async function* newestDrills(work: WorkStore): AsyncGenerator<DrillRecord> {
  const keys = await Array.fromAsync(work.list(allDrillRecords));
  for (const key of keys.reverse()) yield await needJson<DrillRecord>(work, key);
}
