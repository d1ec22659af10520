import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import { type ObjectId, typeIdOf } from '../../model/ids.ts';
import type { Difference, RestoreRun } from '../../model/restore.ts';
import type { Staying } from '../../model/undo.ts';
import type { IssuesReader } from '../../ports/issues-reader.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sideBySide } from '../../side-by-side.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { idsInField, issuesNow } from '../issues/issue-fields.ts';
import { holdsSame, type WrittenField } from '../issues/issue-journal.ts';
import { restoreKeys } from '../restore-keys.ts';
import { readMadeConfiguration } from './live-made.ts';
import { goneBefore } from './own-links.ts';
import {
  type OverwrittenObject,
  thingsGone,
  type UndoneBatch,
  type UndonePart,
  type UndoPlanFile,
  type UntouchedObject,
} from './undo-files.ts';
import { UndoStage } from './undo-stage.ts';

/** What reading again has found; as JSON it goes from one invocation to the next. */
export interface UndoVerified {
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** What was left to deletes, and stays since what it refers to does. */
  readonly stays: readonly Staying[];
}

const inFlight = 16;

/**
 * Reads again, by id, all that was deleted and set back. Goes on from the batch `from`; hands back where to go on, or null.
 * Changes nothing.
 */
export async function verifyUndo(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  await checkSiteLock(services, run);
  const keys = restoreKeys(run.restore);
  const plan = await needJson<UndoPlanFile>(work, keys.undoPlan);
  const { batches } = plan;
  const reader = site.reader(run.workspace, budget);
  const issuesReader = site.issuesReader(run.workspace, budget);
  const stage = batches > 0 ? await UndoStage.open(services, run, reader) : undefined;
  const before = from === 0 ? undefined : await needJson<UndoVerified>(work, keys.undoVerified(from));
  const differences: Difference[] = [...(before?.differences ?? [])];
  const stays: Staying[] = [...(before?.stays ?? [])];
  let compared = before?.compared ?? 0;
  const isThere = async ({ target, key }: UntouchedObject) => {
    if (!(await reader.object(target as ObjectId))) return;
    differences.push({ kind: 'object', source: '', target, where: key, what: 'it was deleted, and is there' });
  };
  const otherwise = async ({ id, attributes }: OverwrittenObject) => {
    const found = await reader.object(id as ObjectId);
    const kinds = found && (await stage?.kindsOf(typeIdOf(found) ?? ''));
    const now = found && kinds ? comparableValues(found, kinds) : undefined;
    return attributes
      .filter(({ id: attribute, before }) => !now || valuesDigest(now.get(attribute) ?? []) !== before)
      .map(({ name }) => ({ name, isGone: !now }));
  };
  const isOtherwise = async (object: OverwrittenObject) => {
    for (const { name, isGone } of await otherwise(object)) {
      const what = isGone ? 'it was set back, and is gone' : `the values of ${name} are not what stood there before`;
      differences.push({ kind: 'object', source: '', target: object.id, where: object.key, what });
    }
  };
  const stayed = async (object: OverwrittenObject) => {
    const reason = 'the site does not take what stood there before, and what it refers to stays';
    for (const { name } of await otherwise(object))
      stays.push({ kind: 'object', source: object.id, where: object.key, attribute: name, values: 1, reason });
  };
  try {
    for (let number = from; number < batches; number += 1) {
      const {
        setBack,
        goesByItself,
        deleted,
        issues = [],
      } = await needJson<UndoneBatch>(work, keys.undoneBatch(number));
      if (number === 0) reporter.planned('comparison', batches);
      await sideBySide(deleted, inFlight, isThere);
      await sideBySide(setBack, inFlight, isOtherwise);
      await sideBySide(goesByItself, inFlight, stayed);
      const otherIssues = await issuesOtherwise(issuesReader, issues);
      differences.push(...otherIssues);
      compared += deleted.length + setBack.length + goesByItself.length + issues.length;
      reporter.advanced('comparison', 1);
      if (number + 1 === batches || !isTimeShort(services)) continue;
      await writeJson<UndoVerified>(work, keys.undoVerified(number + 1), { compared, differences, stays });
      return { next: number + 1 };
    }
    const gone = thingsGone(plan, await readJson<UndonePart>(work, keys.undoneConfiguration));
    const made = gone.length > 0 ? ((await readMadeConfiguration(services, run, reader))?.made ?? []) : [];
    const left = new Set(made.map(({ kind, id }) => `${kind} ${id}`));
    for (const { kind, id, where } of gone) {
      compared += 1;
      if (!left.has(`${kind} ${id}`)) continue;
      differences.push({ kind, source: '', target: id, where, what: 'it was deleted, and is there' });
    }
    for (const { kind, target } of differences) reporter.event('warn', 'restore.difference', { kind, target });
    await writeJson<UndoVerified>(work, keys.undoVerification, { compared, differences, stays });
    return { next: null };
  } finally {
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, issuesReader);
  }
}

/** Fields of issues that were set back and are not as they were before the restore; sites drop what was gone even then, or keep it. */
async function issuesOtherwise(reader: IssuesReader, fields: readonly WrittenField[]): Promise<Difference[]> {
  if (fields.length === 0) return [];
  const ids = [new Set(fields.map(({ issue }) => issue)), new Set(fields.map(({ field }) => field))] as const;
  const { found } = await issuesNow(reader, ...ids);
  return fields.flatMap((field): Difference[] => {
    const { issue, key, name, before } = field;
    const record = found.get(issue);
    const now = record && idsInField(record, field.field);
    if (now && holdsSame(now, before, goneBefore(field))) return [];
    const what = `what ${name} holds is not what stood there before`;
    return [{ kind: 'issue', source: issue, target: issue, where: key, what }];
  });
}
