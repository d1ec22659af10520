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
 * What a backup is held against: of the earlier ones of its site that count and are not suspicious, the newest that was made of what
 * this one is made of, and the newest such that are 7 and 30 days older. Where there is none, since more is backed up than before, one
 * of a part: that with most of its schemas. Opens no manifest that can be none of them.
 */
export async function findMeasures(
  services: Pick<Services, 'backups' | 'work' | 'clock'>,
  plan: Pick<BackupPlan, 'run' | 'options' | 'schemas'>,
): Promise<ReadonlyMap<Measure, Manifest>> {
  const { run } = plan;
  const started = Date.parse(run.startedAt);
  const suspicionsOf = await readSuspicious(services.work);
  const found = new Map<Measure, { readonly manifest: Manifest; readonly has: number }>();
  const sought = () => measures.filter((measure) => found.get(measure)?.has !== Number.POSITIVE_INFINITY);
  const mayBe = (name: string) =>
    sought().some((measure) => name <= backupName(new Date(started - ages[measure] + nameTolerance).toISOString()));
  for await (const { manifest } of backupsThatCount(services, { before: run.backup, isWanted: mayBe })) {
    if (manifest.site.workspaceId !== run.workspace.workspaceId) continue;
    const age = started - Date.parse(manifest.startedAt);
    const has = schemasOfPlan(manifest, plan);
    const fitting = sought().filter((measure) => age >= ages[measure] && has > (found.get(measure)?.has ?? 0));
    if (fitting.length === 0 || (await suspicionsOf(manifest)).length > 0) continue;
    for (const measure of fitting) found.set(measure, { manifest, has });
    if (sought().length === 0) break;
  }
  return new Map([...found].map(([measure, { manifest }]) => [measure, manifest]));
}

/**
 * How many of the schemas of this backup another one was made of, infinitely many if of all that this one is asked for; of a schema
 * whose key has changed since its id tells.
 */
function schemasOfPlan({ options, schemas }: Manifest, plan: Pick<BackupPlan, 'options' | 'schemas'>): number {
  const covered = options.objectSchemaKeys;
  if (covered === null) return Number.POSITIVE_INFINITY;
  const both = plan.schemas.filter(
    ({ id, key }) => covered.includes(key) || schemas.some((schema) => schema.id === id),
  );
  const hasAll = plan.options.objectSchemaKeys !== null && both.length === plan.schemas.length;
  return hasAll ? Number.POSITIVE_INFINITY : both.length;
}
