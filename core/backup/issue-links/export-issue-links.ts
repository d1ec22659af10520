import { issueFieldsKey } from '../../backup-format/keys.ts';
import type { ManifestIssueField } from '../../backup-format/manifest-issue-field.ts';
import { arrayFile } from '../../backup-format/record-files.ts';
import type { Run } from '../../model/run.ts';
import type { IssueField, IssuesReader } from '../../ports/issues-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { StoredFieldLine } from '../../reading/stored-issue-links.ts';
import { Deadline } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { createJson, needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { GapCollector } from '../gaps.ts';
import { storeFile, strayNotices } from '../store-file.ts';
import { type IssueFieldList, type IssueFieldRecord, type IssueLinksRecord, workKeys } from '../work-files.ts';
import { exportField } from './export-field.ts';
import { issuesNotOffered } from './issues-not-offered.ts';

/**
 * Stores which issues hold which objects: for each Assets field the issues in which it holds something, in pages, as the site gives
 * them. May be run again: fields that have a record are passed over. Hands back (`isDone: false`) where time ran short. What cannot be
 * read is a gap of its field, and what this login may not read is not offered: neither takes anything from the rest of the backup.
 */
export async function exportIssueLinks(services: Services, { run }: { run: Run }): Promise<{ isDone: boolean }> {
  const { work, site, budget, reporter } = services;
  await checkSiteLock(services, run);
  const keys = workKeys(run.backup);
  if (await readJson<IssueLinksRecord>(work, keys.issueLinks)) return { isDone: true };
  const reader = site.issuesReader(run.workspace, budget);
  const loginReader = site.reader(run.workspace, budget);
  const gaps = () => new GapCollector(reporter, loginReader);
  const deadline = new Deadline(services);
  const list = await fieldList(services, run, { reader, gaps: gaps() });
  let isDone = true;
  for (const field of list.fields ?? []) {
    if (await readJson<IssueFieldRecord>(work, keys.issueField(field.id))) continue;
    isDone =
      deadline.mayBegin() &&
      (await exportField(services, run, field, { reader, gaps: gaps(), mayBegin: pages(deadline) }));
    if (!isDone) break;
    reporter.advanced('issues', 1);
  }
  if (isDone) await writeJson<IssueLinksRecord>(work, keys.issueLinks, await recordOf(services, run, list));
  await recordRequests(work, keys.allRequests, reader);
  await recordRequests(work, keys.allRequests, loginReader);
  return { isDone };
}

/** The first page of a field may be begun with it. */
function pages(deadline: Deadline): () => boolean {
  let isFirst = true;
  return () => {
    const may = isFirst || deadline.mayBegin();
    isFirst = false;
    return may;
  };
}

/** The fields as the first try of this run saw them: what was stored since goes by them. */
async function fieldList(
  { work, reporter }: Services,
  run: Run,
  { reader, gaps }: { reader: IssuesReader; gaps: GapCollector },
): Promise<IssueFieldList> {
  const key = workKeys(run.backup).issueFields;
  const earlier = await readJson<IssueFieldList>(work, key);
  if (earlier) return earlier;
  const answer = await gaps.try({ kind: 'issues', what: 'Assets fields of issues' }, () => reader.assetsFields());
  const { fields, withoutContexts } = answer?.offered ? answer.value : { fields: null, withoutContexts: null };
  const refused = answer?.offered === false ? answer.reason : null;
  await createJson<IssueFieldList>(work, key, { fields, withoutContexts, refused, gaps: gaps.gaps });
  if (fields && fields.length > 0) reporter.planned('issues', fields.length);
  return needJson<IssueFieldList>(work, key);
}

async function recordOf(services: Services, run: Run, list: IssueFieldList): Promise<IssueLinksRecord> {
  const records: (readonly [IssueField, IssueFieldRecord])[] = [];
  for (const field of list.fields ?? []) {
    const key = workKeys(run.backup).issueField(field.id);
    records.push([field, await needJson<IssueFieldRecord>(services.work, key)]);
  }
  const { notOffered, gaps } = issuesNotOffered(list, records);
  const strays: string[] = [];
  const listFile = list.fields && (await storeFieldList(services, run, records, strays));
  const ofFields = records.map(([, record]) => record);
  return {
    fields: list.fields && records.map(inManifest),
    files: [...(listFile ? [listFile] : []), ...ofFields.flatMap(({ files }) => files)],
    counts: {},
    gaps: [...list.gaps, ...ofFields.flatMap((record) => record.gaps), ...gaps],
    notices: [...ofFields.flatMap(({ notices }) => notices), ...strayNotices(strays)],
    notOffered,
  };
}

function storeFieldList(
  { backups }: Services,
  run: Run,
  records: readonly (readonly [IssueField, IssueFieldRecord])[],
  strays: string[],
) {
  const lines = records.map(([{ id, name, record }, { configurations }]) =>
    JSON.stringify({ id, name, field: record, configurations } satisfies StoredFieldLine),
  );
  return storeFile(backups, issueFieldsKey(run.backup), arrayFile(lines), lines.length, strays);
}

function inManifest([{ id, name }, { issues, links, files }]: readonly [
  IssueField,
  IssueFieldRecord,
]): ManifestIssueField {
  return { id, name, issues, links, files: files.map(({ key }) => key) };
}
