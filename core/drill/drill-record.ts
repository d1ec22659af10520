import type { DrillRecord } from '../model/drill.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson, readJson, writeJson } from '../work-store/json-file.ts';
import { allDrillRecords, drillRecordKey } from './drill-keys.ts';

/** All drills of a work store, the oldest first. Throws DamagedWorkFileError. */
export async function drillRecords(work: WorkStore): Promise<DrillRecord[]> {
  const records: DrillRecord[] = [];
  for await (const key of work.list(allDrillRecords)) records.push(await needJson<DrillRecord>(work, key));
  return records;
}

/** Notes something of a drill; what was noted before stays. */
export async function noteDrill(
  work: WorkStore,
  drill: string,
  change: Partial<Pick<DrillRecord, 'scratch' | 'ended'>>,
): Promise<void> {
  const key = drillRecordKey(drill);
  const record = await readJson<DrillRecord>(work, key);
  if (record) await writeJson<DrillRecord>(work, key, { ...record, ...change });
}
