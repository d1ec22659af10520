import { h } from 'preact';
import { oldestActivityText } from '../../core/backup-format/oldest-activity.ts';
import { counted, readableCount } from '../../core/counted.ts';
import type { RestoreOutcome } from '../../core/model/restore.ts';
import type { RestoreFacts } from '../../core/report/restore-facts.ts';
import { outcomeWords } from '../../core/report/status-words.ts';
import { relinkedLines, relinkedTitle } from '../../core/restore/issues/relinked-fields.ts';
import {
  changedLines,
  changedTitle,
  linkedLines,
  linkedTitle,
  overwrittenTitle,
} from '../../core/restore/survivor-lines.ts';
import { CutText } from '../components/cut-text.ts';
import { Facts } from '../components/facts.ts';
import { Badge, type Tone } from '../components/status-badge.ts';
import { Differences, LossTable } from './loss-table.ts';
import { NewKeys, PlanAndResult } from './plan-and-result.ts';
import { relinkPage } from './relink-page.ts';
import { reportDocument } from './report-document.ts';
import { Lines, Part, ReportFooter, Standing, timeFacts } from './report-parts.ts';
import { Requests } from './requests.ts';
import { undoPage } from './undo-page.ts';

type OfRestore = Extract<RestoreFacts, { kind: 'restore' }>;

const standings: Readonly<Record<RestoreOutcome, { readonly tone: Tone; readonly word: string }>> = {
  planned: { tone: 'plain', word: 'Planned' },
  'needs-approval': { tone: 'plain', word: 'Needs approval' },
  restored: { tone: 'good', word: 'Restored' },
  'restored-with-losses': { tone: 'fair', word: 'Restored with losses' },
  'differences-found': { tone: 'bad', word: 'Differences found' },
};

/** `report.html` of a restore, of an undo, or of a linking of issues alone. */
export function restorePage(facts: RestoreFacts): string {
  if (facts.kind === 'undo') return undoPage(facts);
  if (facts.kind === 'relink') return relinkPage(facts);
  const { report, where, madeAt, madeBy } = facts;
  const { linked, issues, overwritten, changed, files } = report;
  const rest = (file: string | null | undefined) =>
    file ? `all of them in ${nameIn(file)}` : 'which report.json names';
  return reportDocument(`Restore ${report.restore}`, [
    h('h1', null, 'Restore ', report.restore),
    h(RestoreStanding, { facts }),
    h(RestoreNumbers, { facts }),
    h(LossTable, {
      title: 'Losses: not brought back',
      ...{ groups: report.lossGroups, count: report.lossCount, unit: ['value', 'values'] },
      file: files.losses,
    }),
    h(Differences, { of: report.differences, count: report.differenceCount, file: files.differences }),
    h(PlanAndResult, { plan: facts.plan, report }),
    linked.references > 0 &&
      h(Counted, {
        part: 'References linked again',
        title: linkedTitle(linked, true),
        of: linkedLines(linked),
        rest: rest(files.links),
      }),
    issues &&
      issues.fields > 0 &&
      h(Counted, {
        part: 'Issues linked again',
        title: relinkedTitle(issues, true),
        of: relinkedLines(issues),
        rest: rest(files.issues),
      }),
    overwritten.attributes > 0 &&
      h(Counted, {
        part: 'Values set back',
        title: overwrittenTitle(overwritten, 'were'),
        of: changedLines(overwritten),
        rest: rest(files.overwritten),
      }),
    changed.attributes > 0 &&
      h(Counted, {
        part: 'Values that stay as somebody has changed them',
        title: changedTitle(changed),
        of: changedLines(changed),
        rest: rest(files.changed),
      }),
    h(Lines, { title: 'Notices', of: report.notices, rest: 'which report.json names' }),
    h(NewKeys, { keys: facts.keys, file: files.keys }),
    h(Requests, { of: report, planned: facts.plan.requests }),
    h(Lines, { title: 'What no restore can bring back', of: report.neverRestored, rest: 'which report.json names' }),
    h(ReportFooter, { madeAt, madeBy, where, again: report.restore }),
  ]);
}

/** Of a key in the work store, its name in the folder of the report. */
export const nameIn = (key: string) => key.slice(key.lastIndexOf('/') + 1);

function Counted({
  part,
  title,
  of,
  rest,
}: {
  readonly part: string;
  readonly title: string;
  readonly of: readonly string[];
  readonly rest: string;
}) {
  const shown = of.slice(0, 50);
  return h(
    Part,
    { title: part },
    h('p', null, `${title}:`),
    h(
      'ul',
      { class: 'lines' },
      shown.map((text) => h('li', null, h(CutText, { text }))),
    ),
    h(
      'p',
      { class: 'quiet' },
      of.length > shown.length ? `and ${readableCount(of.length - shown.length)} more; ${rest}.` : `${rest}.`,
    ),
  );
}

function RestoreStanding({ facts: { report } }: { readonly facts: OfRestore }) {
  const { outcome, counts, lossCount, differenceCount } = report;
  const { tone, word } = standings[outcome];
  const words = outcomeWords[outcome].slice(outcome.length + 2);
  return h(Standing, {
    tone,
    of: [
      [h(Badge, { tone, word }), ` ${words.charAt(0).toUpperCase()}${words.slice(1)}.`],
      `${counted(counts.created, 'object')} created, ${readableCount(counts.reused)} found, ${readableCount(counts.updated)} completed; ${counted(counts.objectsCompared, 'object')} with ${counted(counts.valuesCompared, 'value')} compared with the backup.`,
      `${lossCount === 0 ? 'No value was lost' : `${counted(lossCount, 'value')} could not be brought back`}; ${differenceCount === 0 ? 'no difference that nothing announced' : counted(differenceCount, 'difference that nothing announced', 'differences that nothing announced')}.`,
    ],
  });
}

function RestoreNumbers({ facts: { report, plan } }: { readonly facts: OfRestore }) {
  const { backup, source, target, startedAt, finishedAt, counts, hash, writtenBy } = report;
  const oldest = oldestActivityText(report.oldestActivity);
  return h(
    Part,
    { title: 'What it is of' },
    h(Facts, {
      of: [
        ['Backup', h(CutText, { text: backup })],
        ['Of the site', h(CutText, { text: source.siteName })],
        ['Target', h(CutText, { text: target.siteName })],
        ...timeFacts({ startedAt, finishedAt, plannedMinutes: plan.minutes }),
        ['Comments', `${readableCount(counts.comments)}, and ${readableCount(counts.historyComments)} with history`],
        oldest === '' ? null : ['Oldest activity', oldest],
        ['Plan', h('code', null, hash)],
        ['Written by', writtenBy],
      ],
    }),
  );
}
