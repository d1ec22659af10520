import { backupName, schemaFolders, schemaListKey } from '../backup-format/keys.ts';
import type { BackupRequest } from '../backup-format/manifest.ts';
import { arrayFile } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import { isScratch } from '../drill/scratch-mark.ts';
import { WrongInputError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, type JsonRecord, textOf } from '../model/json.ts';
import type { Notice, ReadKind } from '../model/outcome.ts';
import { divideBudget } from '../model/request-budget.ts';
import { type Run, runContract } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { isManagedByAtlassian } from '../reading/managed-schema.ts';
import { releaseSiteLockAtEnd, takeSiteLock } from '../runs/site-lock.ts';
import { readJson, writeItems, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { formerKeys } from './former-keys.ts';
import { GapCollector } from './gaps.ts';
import { type Claim, claimScheduledTime } from './scheduled-time.ts';
import { storeFile, strayNotices } from './store-file.ts';
import { namesTaken, takeName } from './take-name.ts';
import {
  type BackupPlan,
  type GlobalConfiguration,
  type SchemaBatch,
  type SchemaToExport,
  workKeys,
} from './work-files.ts';

export interface PlanBackupInput {
  readonly executionId: string;
  /** ISO 8601; the backup's name is made of it: it is the first free second from there on. */
  readonly startedAt: string;
  readonly options: BackupRequest;
  /** The time of the schedule that started it (ISO 8601); null where a person did. */
  readonly scheduledTime: string | null;
}

/** What the execution does next; where another one makes this backup, what it says instead. */
export type PlanBackupSummary =
  | ({ readonly isNeeded: true } & PlannedRun)
  | { readonly isNeeded: false; readonly madeBy: string; readonly message: string };

interface PlannedRun {
  readonly run: Run;
  readonly schemas: { readonly count: number; readonly key: string; readonly slots: number };
  readonly issueLinks: boolean;
}

/**
 * Logs in, takes the site's lock, and writes down which schemas this backup holds. Run again for the same execution it
 * gives the same plan. Throws before anything is read where a schema key does not exist; leaves no lock when it fails.
 * Does nothing where the event of the schedule came twice, and another execution has the first one.
 */
export async function planBackup(services: Services, input: PlanBackupInput): Promise<PlanBackupSummary> {
  const { scheduledTime, executionId } = input;
  if (scheduledTime !== null) {
    const backup = backupName(input.startedAt);
    const claim = await claimScheduledTime(services, { scheduledTime, executionId, backup });
    if (claim) return notNeeded(services, scheduledTime, claim);
  }
  return { isNeeded: true, ...(await planRun(services, input)) };
}

function notNeeded({ reporter }: Services, scheduledTime: string, { holder, backup }: Claim): PlanBackupSummary {
  const madeBy = holder.executionId;
  reporter.event('info', 'backup.not-needed', { backup, executionId: madeBy });
  const message = `Nothing to do: the execution ${madeBy} makes, or has made, the backup of ${scheduledTime}, which is ${backup}. To make another one, start without "scheduledTime".`;
  return { isNeeded: false, madeBy, message };
}

async function planRun(services: Services, input: PlanBackupInput): Promise<PlannedRun> {
  const { executionId, startedAt, scheduledTime } = input;
  const workspace = await services.site.discover();
  const lock = { executionId, workspace };
  await takeSiteLock(services, lock);
  try {
    const { name: backup, passed } = await takeName(services, input);
    if (passed.length > 0 && scheduledTime !== null) {
      await claimScheduledTime(services, { scheduledTime, executionId, backup });
    }
    const run: Run = { contract: runContract, backup, executionId, startedAt, workspace };
    return await writePlan(services, run, { ...input, notices: namesTaken(passed) });
  } catch (error) {
    await releaseSiteLockAtEnd(services, lock);
    throw error;
  }
}

async function writePlan(
  services: Services,
  run: Run,
  input: PlanBackupInput & { readonly notices: readonly Notice[] },
): Promise<PlannedRun> {
  const { work, backups, reporter, site, budget, concurrency } = services;
  const keys = workKeys(run.backup);
  const summary = (plan: BackupPlan): PlannedRun => ({
    run,
    schemas: { count: plan.schemas.length, key: keys.schemaBatches, slots: concurrency.configuration },
    issueLinks: plan.options.issueLinks,
  });
  const earlier = await readJson<BackupPlan>(work, keys.plan);
  if (earlier?.run.executionId === run.executionId) return summary(earlier);

  const reader = site.reader(run.workspace, budget);
  const seen = await allSchemas(reader);
  const all = seen.filter((schema) => !isScratch(schema));
  const schemas = await chosenSchemas(services, run, all, input.options.objectSchemaKeys);
  const gaps = new GapCollector(reporter, reader);
  await writeJson<GlobalConfiguration>(work, keys.globals, await readGlobals(reader, gaps));
  const list = arrayFile(all.map((schema) => JSON.stringify(schema)));
  const strays: string[] = [];
  const file = await storeFile(backups, schemaListKey(run.backup), list, all.length, strays);
  const batches = schemas.map(
    (schema): SchemaBatch => ({ schema, budget: divideBudget(budget, concurrency.configuration) }),
  );
  await writeItems(work, keys.schemaBatches, batches);
  const plan: BackupPlan = {
    run,
    options: { ...input.options, ...services.activity, issueLinks: services.issueLinks },
    schemas,
    files: [file],
    gaps: gaps.gaps,
    notices: [...scratchLeftOut(seen), ...managesNothing(all), ...input.notices, ...strayNotices(strays)],
  };
  await writeJson(work, keys.plan, plan);
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  reporter.planned('configuration', schemas.length);
  return summary(plan);
}

/** The list is all that tells which schemas there are, so one reading has to confirm the other. */
async function allSchemas(reader: AssetsReader): Promise<ApiRecord[]> {
  const first = await reader.objectSchemas();
  const second = await reader.objectSchemas();
  return [...new Map([...first, ...second].map((schema) => [idOf(schema), schema])).values()];
}

/** What a drill makes is a copy of what is in a backup already, and gone the next day. */
function scratchLeftOut(seen: readonly ApiRecord[]): Notice[] {
  const keys = seen.filter(isScratch).map(({ objectSchemaKey }) => textOf(objectSchemaKey));
  if (keys.length === 0) return [];
  const message = `${counted(keys.length, 'scratch schema')} of a restore drill (${keys.slice(0, 10).join(', ')}) ${keys.length === 1 ? 'is' : 'are'} left out: a drill makes and removes them.`;
  return [{ kind: 'scratch-left-out', message }];
}

/** A login that may manage nothing reads all that a backup needs; but somebody may have meant to give it more. */
function managesNothing(all: readonly ApiRecord[]): Notice[] {
  const own = all.filter(({ objectSchemaKey: key, name }) => !isManagedByAtlassian({ key, name }));
  if (own.length === 0 || all.some(({ canManage }) => canManage !== false)) return [];
  const message =
    'The site says that this account may manage none of the object schemas. What it sees is in the backup, and can be restored by an account that may manage.';
  return [{ kind: 'manages-nothing', message }];
}

async function chosenSchemas(
  services: Services,
  { workspace }: Run,
  all: readonly ApiRecord[],
  wanted: readonly string[] | null,
): Promise<SchemaToExport[]> {
  const known = all.map((schema) => ({
    id: idOf(schema),
    key: textOf(schema.objectSchemaKey) ?? idOf(schema),
    name: textOf(schema.name) ?? '',
  }));
  const missing = (wanted ?? []).filter((key) => !known.some((schema) => schema.key === key));
  if (missing.length > 0) {
    const list = known.map((schema) => schema.key).join(', ') || 'none';
    const refusal = `The site has no object schema with the key ${missing.join(', ')} that this account can see. It has: ${list}.`;
    throw new WrongInputError([refusal, ...(await formerKeys(services, workspace, missing, known))].join(' '));
  }
  const folders = schemaFolders(known);
  return known
    .filter((schema) => !wanted?.length || wanted.includes(schema.key))
    .map((schema) => ({ ...schema, folder: folders.get(schema.id) ?? schema.id }));
}

async function readGlobals(reader: AssetsReader, gaps: GapCollector): Promise<GlobalConfiguration> {
  const read = async (what: string, list: () => Promise<JsonRecord[]>, kind: ReadKind = 'configuration') =>
    (await gaps.try({ kind, what }, list))?.map((record) => JSON.stringify(record));
  const [referenceTypes, statusTypes, icons] = await Promise.all([
    read('global reference types', () => reader.globalReferenceTypes()),
    read('global status types', () => reader.globalStatusTypes()),
    read('global icons', () => reader.globalIcons(), 'icons'),
  ]);
  return {
    ...(referenceTypes && { referenceTypes }),
    ...(statusTypes && { statusTypes }),
    ...(icons && { icons }),
  };
}
