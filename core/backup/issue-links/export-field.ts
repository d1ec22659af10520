import type { JsonRecord } from '../../model/json.ts';
import type { Gap } from '../../model/outcome.ts';
import type { Run } from '../../model/run.ts';
import type { IssueField, IssuesReader } from '../../ports/issues-reader.ts';
import type { Services } from '../../ports/services.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import type { GapCollector } from '../gaps.ts';
import { strayNotices } from '../store-file.ts';
import { type IssueFieldRecord, workKeys } from '../work-files.ts';
import { IssuePages, type PagesProgress } from './issue-pages.ts';
import { IssueShards, type StoredIssues } from './issue-shards.ts';

/** How far a field was read when time ran short. */
interface FieldProgress {
  readonly configurations: readonly JsonRecord[] | null;
  readonly configurationsRefused: string | null;
  readonly gaps: readonly Gap[];
  readonly pages: PagesProgress;
  readonly stored: StoredIssues;
}

interface FieldReading {
  readonly reader: IssuesReader;
  readonly gaps: GapCollector;
  /** Whether another page may be begun. */
  readonly mayBegin: () => boolean;
}

/**
 * Stores the issues of one field, and leaves a record of it. False where time ran short: then it has left how far it came. What
 * fails becomes a gap of this field; what was read before that is stored all the same.
 */
export async function exportField(
  services: Services,
  run: Run,
  field: IssueField,
  { reader, gaps, mayBegin }: FieldReading,
): Promise<boolean> {
  const { work } = services;
  const keys = workKeys(run.backup);
  const earlier = await readJson<FieldProgress>(work, keys.issueFieldProgress(field.id));
  gaps.gaps.push(...(earlier?.gaps ?? []));
  const { configurations, configurationsRefused } = earlier ?? (await configurationsOf(field, { reader, gaps }));
  const shards = new IssueShards(services, { backup: run.backup, fieldId: field.id }, earlier?.stored);
  const pages = new IssuePages(reader, field, earlier?.pages);
  let refused: string | null = null;
  let isWhole = false;
  const what = `issues that hold objects in the field ${field.name} (${field.id})`;
  const isDone = await gaps.try({ kind: 'issues', what }, async () => {
    while (mayBegin()) {
      const page = await pages.read();
      if (!page.offered) {
        // Jira refuses to search by a field that has no context; and nothing can stand in such a one.
        isWhole = configurations?.length === 0 && pages.count === 0;
        refused = isWhole ? null : page.reason;
        return true;
      }
      for (const issue of page.value.issues) await shards.add(issue);
      isWhole = page.value.isLast;
      if (isWhole) return true;
    }
    return false;
  });
  if (isDone === false) {
    await shards.flush();
    const { stored } = shards;
    const soFar = { configurations, configurationsRefused, gaps: gaps.gaps, pages: pages.progress, stored };
    await writeJson<FieldProgress>(work, keys.issueFieldProgress(field.id), soFar);
    return false;
  }
  await shards.flush(isWhole);
  await writeJson<IssueFieldRecord>(work, keys.issueField(field.id), {
    issues: isWhole ? pages.count : null,
    links: shards.stored.links,
    files: shards.stored.files,
    refused,
    configurations,
    configurationsRefused,
    gaps: gaps.gaps,
    notices: strayNotices(shards.stored.strays),
  });
  return true;
}

/** Null where nobody knows them; `configurationsRefused` then says why the site does not offer them, where it does not. */
async function configurationsOf(
  field: IssueField,
  { reader, gaps }: Omit<FieldReading, 'mayBegin'>,
): Promise<Pick<FieldProgress, 'configurations' | 'configurationsRefused'>> {
  const what = `configuration of the field ${field.name} (${field.id})`;
  const answer = await gaps.try({ kind: 'issues', what }, () => reader.fieldConfigurations(field));
  if (!answer) return { configurations: null, configurationsRefused: null };
  return answer.offered
    ? { configurations: answer.value, configurationsRefused: null }
    : { configurations: null, configurationsRefused: answer.reason };
}
