import { h } from 'preact';
import { counted } from '../../core/counted.ts';
import type { RestoreOutcome } from '../../core/model/restore.ts';
import type { RestoreFacts } from '../../core/report/restore-facts.ts';
import { countsText } from '../../core/restore/undo/undo-outcome.ts';
import { CutText } from '../components/cut-text.ts';
import { Facts } from '../components/facts.ts';
import { Badge, type Tone } from '../components/status-badge.ts';
import { Differences, LossTable } from './loss-table.ts';
import { reportDocument } from './report-document.ts';
import { Lines, Part, ReportFooter, Standing, timeFacts } from './report-parts.ts';
import { Requests } from './requests.ts';

const standings: Readonly<Partial<Record<RestoreOutcome, { readonly tone: Tone; readonly word: string }>>> = {
  restored: { tone: 'good', word: 'Undone' },
  'restored-with-losses': { tone: 'fair', word: 'Undone as far as it could be' },
  'differences-found': { tone: 'bad', word: 'Differences found' },
};

/** `report.html` of an undo. */
export function undoPage(facts: Extract<RestoreFacts, { kind: 'undo' }>): string {
  const { report, plan, where, madeAt, madeBy } = facts;
  const { outcome, counts, compared, stayCount, differenceCount, startedAt, finishedAt } = report;
  const { tone, word } = standings[outcome] ?? { tone: 'plain', word: outcome };
  return reportDocument(`Undo ${report.restore}`, [
    h('h1', null, 'Undo ', report.restore),
    h(Standing, {
      tone,
      of: [
        [h(Badge, { tone, word }), ` ${countsText(counts)} gone or set back.`],
        `${counted(compared, 'thing')} read again: ${differenceCount === 0 ? 'no difference' : counted(differenceCount, 'difference')}; ${stayCount === 0 ? 'nothing stays' : counted(stayCount, 'thing stays', 'things stay')}.`,
      ],
    }),
    h(
      Part,
      { title: 'What it is of' },
      h(Facts, {
        of: [
          ['Takes back', report.undo],
          ['Which restored', h(CutText, { text: report.backup })],
          ['Site', h(CutText, { text: report.target.siteName })],
          ...timeFacts({ startedAt, finishedAt, plannedMinutes: plan.minutes }),
          [
            'Planned',
            `${countsText(plan.counts)}; ${counted(plan.stayCount, 'thing was to stay', 'things were to stay')}`,
          ],
          ['Plan', h('code', null, report.hash)],
          ['Written by', report.writtenBy],
        ],
      }),
    ),
    h(LossTable, {
      title: 'What stays',
      ...{
        groups: report.stayGroups.map((group) => ({ ...group, values: group.losses })),
        count: stayCount,
        unit: ['thing', 'things'],
      },
      file: report.stayFiles[0] ?? null,
    }),
    h(Differences, { of: report.differences, count: differenceCount, file: null }),
    h(Lines, { title: 'Notices', of: report.notices, rest: 'which report.json names' }),
    h(Requests, { of: report, planned: plan.requests }),
    h(ReportFooter, { madeAt, madeBy, where, again: report.restore }),
  ]);
}
