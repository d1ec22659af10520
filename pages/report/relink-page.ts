import { h } from 'preact';
import { counted } from '../../core/counted.ts';
import type { RestoreOutcome } from '../../core/model/restore.ts';
import type { RestoreFacts } from '../../core/report/restore-facts.ts';
import { relinkedLines, relinkedTitle } from '../../core/restore/issues/relinked-fields.ts';
import { CutText } from '../components/cut-text.ts';
import { Facts } from '../components/facts.ts';
import { Badge, type Tone } from '../components/status-badge.ts';
import { LossTable } from './loss-table.ts';
import { reportDocument } from './report-document.ts';
import { Lines, Part, ReportFooter, Standing, timeFacts } from './report-parts.ts';
import { Requests } from './requests.ts';

const standings: Readonly<Partial<Record<RestoreOutcome, { readonly tone: Tone; readonly word: string }>>> = {
  restored: { tone: 'good', word: 'Linked again' },
  'restored-with-losses': { tone: 'fair', word: 'Linked again as far as it could be' },
  planned: { tone: 'plain', word: 'Planned: nothing was written' },
};

/** `report.html` of a linking of issues alone. */
export function relinkPage({ report, where, madeAt, madeBy }: Extract<RestoreFacts, { kind: 'relink' }>): string {
  const { restore, outcome, issues, lossCount, startedAt, finishedAt, lines } = report;
  const { tone, word } = standings[outcome] ?? { tone: 'plain', word: outcome };
  return reportDocument(`Issues linked again ${restore}`, [
    h('h1', null, 'Issues linked again ', restore),
    h(Standing, {
      tone,
      of: [
        h(Badge, { tone, word }),
        `${relinkedTitle(issues, outcome !== 'planned')}; ${lossCount === 0 ? 'no link is lost' : `${counted(lossCount, 'link')} could not be brought back`}.`,
      ],
    }),
    h(
      Part,
      { title: 'What it is of' },
      h(Facts, {
        of: [
          ['Restore', report.relink],
          ['Backup', h(CutText, { text: report.backup })],
          ['Site', h(CutText, { text: report.target })],
          ...timeFacts({ startedAt, finishedAt }),
          ['Written by', report.writtenBy],
        ],
      }),
    ),
    h(LossTable, {
      title: 'Losses: not brought back',
      ...{ groups: report.lossGroups, count: lossCount, unit: ['link', 'links'] },
      file: lines,
    }),
    h(Lines, { title: 'Fields', of: relinkedLines(issues), rest: 'which report.json names' }),
    h(Lines, { title: 'Notices', of: report.notices, rest: 'which report.json names' }),
    h(Requests, { of: report }),
    h(ReportFooter, { madeAt, madeBy, where, again: restore }),
  ]);
}
