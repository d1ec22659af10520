import { counted } from '../counted.ts';
import {
  DamagedWorkFileError,
  NotFoundError,
  PermissionRefusedError,
  RequestRefusedError,
  UnexpectedAnswerError,
} from '../errors.ts';
import type { DrillRecord, DrillRun } from '../model/drill.ts';
import { idOf, type ObjectSchemaId } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { AssetsWriter } from '../ports/assets-writer.ts';
import type { Services } from '../ports/services.ts';
import type { ConfigurationIntents } from '../restore/id-map/configuration-journal.ts';
import { Deadline } from '../runs/deadline.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { needJson } from '../work-store/json-file.ts';
import { drillRecords, noteDrill } from './drill-record.ts';
import { DrillWork } from './drill-work.ts';
import { emptySchemas } from './empty-schemas.ts';
import { drillOf, isScratch } from './scratch-mark.ts';

/** What a journal of a drill says that it set out to make. */
interface ScratchSchema {
  readonly id: string | undefined;
  readonly key: string;
  readonly name: string | undefined;
}

/**
 * Removes the scratch schemas of all drills of this site that are not removed yet: those that were killed, this one's own, and those of
 * which the site shows one all the same, since a create whose answer was lost may be carried out late. Only what a journal names, by its id
 * or where its answer was lost by key and name, and what bears the mark of that very drill. Looks afterwards whether it is gone. May be run
 * any number of times. Throws PermissionRefusedError, LockLostError, UnexpectedAnswerError.
 */
export async function removeScratch(
  services: Services,
  { run, from }: { run: DrillRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget } = services;
  await checkSiteLock(services, run);
  const deadline = new Deadline(services);
  const records = (await drillRecords(work)).filter(({ workspaceId }) => workspaceId === run.workspace.workspaceId);
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  let there = await reader.objectSchemas();
  const isShown = ({ drill }: DrillRecord) => there.some((schema) => drillOf(schema) === drill);
  for (const record of records.filter((one) => one.scratch === 'open' || isShown(one))) {
    const made = await madeBy(services, record);
    if (!made) continue;
    const found = await schemasOf(reader, record, { made, there });
    const refused: ApiRecord[] = [];
    for (const schema of found) {
      if (!deadline.mayBegin()) return { next: from + 1 };
      await checkSiteLock(services, run);
      if (!(await remove(writer, schema))) refused.push(schema);
    }
    if (refused.length > 0) {
      // Not every site deletes what is not empty.
      await emptySchemas(
        { reader, writer },
        refused.map((schema) => idOf<'object schema'>(schema)),
      );
      for (const schema of refused) await remove(writer, schema, { isEmpty: true });
    }
    there = await reader.objectSchemas();
    if (there.some((one) => isMadeBy(record, made, one))) {
      await services.clock.sleep(services.searchLagMilliseconds);
      there = await reader.objectSchemas();
    }
    const left = there.filter((one) => isMadeBy(record, made, one)).map(keyOf);
    if (left.length > 0)
      throw new UnexpectedAnswerError(
        `The site says that it has deleted the scratch schemas ${left.join(', ')}, and lists them still.`,
      );
    const unmarked = there.filter((one) => isNamedBy(made, one));
    if (unmarked.length > 0) {
      const message = withoutMark(unmarked);
      if (record.drill === run.restore) throw new UnexpectedAnswerError(message);
      services.reporter.event('warn', 'drill.notice', { drill: record.drill, message });
    }
    // The one that runs has yet to write: what it makes is removed when it has.
    if (record.drill !== run.restore || made.length > 0) await noteDrill(work, record.drill, { scratch: 'removed' });
  }
  tellStrangers(services, there.filter(isScratch));
  return { next: null };
}

/** What a drill has made and is there still: as the site lists it, and of what its list lacks, asked for by id. */
async function schemasOf(
  reader: AssetsReader,
  record: DrillRecord,
  { made, there }: { made: readonly ScratchSchema[]; there: readonly ApiRecord[] },
): Promise<ApiRecord[]> {
  const found = there.filter((one) => isMadeBy(record, made, one));
  const listed = new Set<string>(there.map((schema) => idOf(schema)));
  for (const { id } of made) {
    if (id === undefined || listed.has(id)) continue;
    const unlisted = await byId(reader, id as ObjectSchemaId);
    if (unlisted && isMadeBy(record, made, unlisted)) found.push(unlisted);
  }
  return found;
}

async function byId(reader: AssetsReader, id: ObjectSchemaId): Promise<ApiRecord | undefined> {
  try {
    return await reader.objectSchema(id);
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof PermissionRefusedError) return undefined;
    throw error;
  }
}

const keyOf = ({ objectSchemaKey }: ApiRecord) => textOf(objectSchemaKey) ?? '?';

/** Schemas that bear the mark and that no journal here names: of a drill of another place, or of one whose journal is lost. */
function tellStrangers({ reporter }: Services, there: readonly ApiRecord[]): void {
  if (there.length === 0) return;
  const keys = there.slice(0, 10).map(keyOf);
  reporter.event('warn', 'drill.notice', {
    message: `${counted(there.length, 'scratch schema')} on the site (${keys.join(', ')}) ${there.length === 1 ? 'is' : 'are'} of drills that this place knows nothing of; they stay. Remove them by hand if no other place runs drills there.`,
  });
}

/** What a drill has made, and whose description somebody has changed since, or which the site has stored without one: it may be of use. */
function withoutMark(unmarked: readonly ApiRecord[]): string {
  const isOne = unmarked.length === 1;
  return `${counted(unmarked.length, 'schema')} that a drill has made (${unmarked.map(keyOf).join(', ')}) ${isOne ? 'does' : 'do'} not say so in the description any more, so ${isOne ? 'it stays' : 'they stay'}. Remove by hand what nobody uses.`;
}

const isMadeBy = ({ drill }: DrillRecord, made: readonly ScratchSchema[], schema: ApiRecord) =>
  drillOf(schema) === drill && isNamedBy(made, schema);

function isNamedBy(made: readonly ScratchSchema[], schema: ApiRecord): boolean {
  const [id, key, name] = [idOf(schema) as string, textOf(schema.objectSchemaKey), textOf(schema.name)];
  return made.some((one) => (one.id === undefined ? one.key === key && one.name === name : one.id === id));
}

/** Undefined where a journal is damaged: nothing of that drill is removed until it is put back. */
async function madeBy(services: Services, { drill }: DrillRecord): Promise<ScratchSchema[] | undefined> {
  const work = new DrillWork(services.work, drill);
  const made: ScratchSchema[] = [];
  for await (const key of work.list('journals/')) {
    if (!key.includes('/configuration/')) continue;
    try {
      const { intents, schemas } = await needJson<ConfigurationIntents>(work, key);
      for (const { kind, source, schemaKey, name } of intents)
        if (kind === 'schema') made.push({ id: schemas[source], key: schemaKey, name });
    } catch (error) {
      if (!(error instanceof DamagedWorkFileError)) throw error;
      services.reporter.event('warn', 'drill.notice', { drill, message: error.message });
      return undefined;
    }
  }
  return made;
}

/** False where the site refuses to, as it is not empty. */
async function remove(writer: AssetsWriter, schema: ApiRecord, { isEmpty = false } = {}): Promise<boolean> {
  try {
    await writer.deleteObjectSchema(idOf(schema));
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return true;
    if (error instanceof RequestRefusedError && !isEmpty) return false;
    if (!(error instanceof PermissionRefusedError)) throw error;
    throw new PermissionRefusedError(
      `The login may not delete the scratch schema ${keyOf(schema)}, so it stays. Give the drill a login that may (a token with scopes needs those to delete), and the next drill removes it: ${error.message}`,
      { cause: error },
    );
  }
}
