import { harmless } from '../../core/harmless.ts';
import type {
  CameLater,
  ChangedValues,
  ItemKind,
  LinkedAgain,
  PlanSummary,
  RestoreReport,
} from '../../core/model/restore.ts';
import {
  plannedIssuesLines,
  plannedIssuesTitle,
  relinkedLines,
  relinkedTitle,
} from '../../core/restore/issues/relinked-fields.ts';
import { lossLines } from '../../core/restore/loss-groups.ts';
import {
  cameLaterLines,
  cameLaterTitle,
  changedLines,
  changedTitle,
  linkedLines,
  linkedTitle,
  overwrittenTitle,
} from '../../core/restore/survivor-lines.ts';
import { section } from './section.ts';

/** One and many of each kind of thing, for people. */
export const kindWords: Readonly<Record<ItemKind, readonly [one: string, many: string]>> = {
  schema: ['schema', 'schemas'],
  'status-type': ['status type', 'status types'],
  'reference-type': ['reference type', 'reference types'],
  icon: ['icon', 'icons'],
  'object-type': ['object type', 'object types'],
  attribute: ['attribute', 'attributes'],
  object: ['object', 'objects'],
  comment: ['comment', 'comments'],
  issue: ['issue', 'issues'],
};

/** `ASSETS` of one that keeps its key, else `ASSETS → ASSETS_IMP`. */
export function schemaMove({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? from : `${from} → ${to}`;
}

/** The losses in values, of which a line may name many, and where all of them stand. */
export function lossSection(
  title: string,
  { lossGroups, lossCount }: Pick<RestoreReport, 'lossGroups' | 'lossCount'>,
  rest: string,
): string {
  const lines = lossLines(lossGroups);
  const told = lines.slice(0, shownLosses).reduce((sum, { values }) => sum + values, 0);
  const texts = lines.map(({ text }) => text);
  const counts = { total: lossCount, hidden: lossCount - told, unit: ['value', 'values'] } as const;
  return section(title, texts, { shown: shownLosses, ...counts, rest });
}

/** References of objects that were there, that were or will be linked again; by schema. */
export function linkedSection(linked: LinkedAgain, isDone: boolean, all: string): string {
  if (linked.references === 0) return '';
  return titledLines(linkedTitle(linked, isDone), linkedLines(linked), all);
}

/** Issues that are linked again, by field; empty where that was not asked for. */
export function plannedIssuesSection(issues: PlanSummary['issues'], all: string): string {
  if (!issues || issues.issues === 0) return '';
  return titledLines(plannedIssuesTitle(issues), plannedIssuesLines(issues), all);
}

/** What became of them. */
export function relinkedSection(issues: RestoreReport['issues'], all: string): string {
  if (!issues || issues.fields + issues.already + issues.others === 0) return '';
  return titledLines(relinkedTitle(issues, true), relinkedLines(issues), all);
}

/** Values that somebody has changed since the backup; by type and attribute. */
export function changedSection(changed: ChangedValues, all: string): string {
  if (changed.attributes === 0) return '';
  return titledLines(changedTitle(changed), changedLines(changed), all);
}

/** Values that are set back to the backup's; by type and attribute. */
export function overwrittenSection(overwritten: ChangedValues, how: 'would' | 'were', all: string): string {
  if (overwritten.attributes === 0) return '';
  return titledLines(overwrittenTitle(overwritten, how), changedLines(overwritten), all);
}

/** Objects that came after the backup; by type. */
export function cameLaterSection(cameLater: CameLater, all: string): string {
  if (cameLater.objects === 0) return '';
  return titledLines(cameLaterTitle(cameLater), cameLaterLines(cameLater), all);
}

function titledLines(title: string, lines: readonly string[], all: string): string {
  const shown = lines.slice(0, shownPlaces).map((line) => `  - ${harmless(line)}`);
  return [`${title}:`, ...shown, `  each of them ${all}`].join('\n');
}

/** How many losses and the like are shown; files hold all of them. */
const shownLosses = 10;
export const shownDifferences = 10;
const shownPlaces = 10;
export const shownNotices = 20;
