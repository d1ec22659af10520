import { backupName } from '../../backup-format/keys.ts';
import type { Manifest } from '../../backup-format/manifest.ts';
import { type Measure, measures } from '../../model/loss-alarm.ts';
import type { Services } from '../../ports/services.ts';
import { backupsThatCount } from '../finish-records.ts';
import { readSuspicious } from '../suspicious.ts';
import type { BackupPlan } from '../work-files.ts';

const day = 86_400_000;
const ages: Readonly<Record<Measure, number>> = { last: 0, week: 7 * day, month: 30 * day };
/** A name is the first free second after the start. */
const nameTolerance = 60_000;

/**
 * What a backup is held against: of the earlier ones of its site that count, were made of what this one is made of and are not
 * suspicious, the newest, and the newest that are 7 and 30 days older. Opens no manifest that can be none of them.
 */
export async function findMeasures(
  services: Pick<Services, 'backups' | 'work' | 'clock'>,
  plan: Pick<BackupPlan, 'run' | 'options' | 'schemas'>,
): Promise<ReadonlyMap<Measure, Manifest>> {
  const { run } = plan;
  const started = Date.parse(run.startedAt);
  const suspicionsOf = await readSuspicious(services.work);
  const found = new Map<Measure, Manifest>();
  const sought = () => measures.filter((measure) => !found.has(measure));
  const mayBe = (name: string) =>
    sought().some((measure) => name <= backupName(new Date(started - ages[measure] + nameTolerance).toISOString()));
  for await (const { manifest } of backupsThatCount(services, { before: run.backup, isWanted: mayBe })) {
    if (manifest.site.workspaceId !== run.workspace.workspaceId || !isMadeOf(manifest, plan)) continue;
    const age = started - Date.parse(manifest.startedAt);
    const fitting = sought().filter((measure) => age >= ages[measure]);
    if (fitting.length === 0 || (await suspicionsOf(manifest)).length > 0) continue;
    for (const measure of fitting) found.set(measure, manifest);
    if (sought().length === 0) break;
  }
  return found;
}

/** Whether a backup was made of all that this one is made of; of a schema whose key has changed since its id tells. */
function isMadeOf({ options, schemas }: Manifest, plan: Pick<BackupPlan, 'options' | 'schemas'>): boolean {
  const covered = options.objectSchemaKeys;
  if (covered === null) return true;
  return (
    plan.options.objectSchemaKeys !== null &&
    plan.schemas.every(({ id, key }) => covered.includes(key) || schemas.some((schema) => schema.id === id))
  );
}
