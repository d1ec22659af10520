import { h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import type { DrillOutcome, DrillReport } from '../../core/model/drill.ts';
import type { DrillFacts } from '../../core/report/drill-facts.ts';
import { CutText } from '../components/cut-text.ts';
import { Facts } from '../components/facts.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import { Badge, type Tone } from '../components/status-badge.ts';
import { reportDocument } from './report-document.ts';
import { Lines, Part, ReportFooter, Standing, timeFacts } from './report-parts.ts';

const standings: Readonly<Record<DrillOutcome, { readonly tone: Tone; readonly word: string; readonly say: string }>> =
  {
    passed: { tone: 'good', word: 'Passed', say: 'What was tried of the backup comes back as it is stored.' },
    'differences-found': { tone: 'bad', word: 'Differences found', say: 'What came back is not what the backup says.' },
  };

const shownUncovered = 300;

/** `report.html` of a drill. */
export function drillPage({ report, where, madeAt, madeBy }: DrillFacts): string {
  const { drill, outcome, objects, values, comments, differences, notCovered, found } = report;
  const { tone, word, say } = standings[outcome];
  return reportDocument(`Restore drill ${drill}`, [
    h('h1', null, 'Restore drill ', drill),
    h(Standing, {
      tone,
      of: [
        [h(Badge, { tone, word }), ` ${say}`],
        `${counted(objects, 'object')} with ${counted(values, 'value')} and ${counted(comments, 'comment')} were restored into scratch schemas, compared, and removed again: ${differences === 0 ? 'no difference' : counted(differences, 'difference')}.`,
        `${notCovered === 0 ? 'Everything was covered' : `${counted(notCovered, 'thing')} ${notCovered === 1 ? 'was' : 'were'} not covered`}.`,
      ],
    }),
    h(DrillNumbers, { report }),
    h(Lines, {
      title: 'Differences',
      of: found,
      total: differences,
      rest: `${readableCount(found.length)} of them ${found.length === 1 ? 'is' : 'are'} named in report.json`,
    }),
    h(Covered, { report }),
    h(NotCovered, { report }),
    h(Lines, { title: 'Notices', of: report.notices, rest: 'which report.json names' }),
    h(ReportFooter, { madeAt, madeBy, where, again: drill }),
  ]);
}

function DrillNumbers({ report }: { readonly report: DrillReport }) {
  const { backup, siteName, inProduction, startedAt, finishedAt, schemas, writtenBy } = report;
  return h(
    Part,
    { title: 'What it is of' },
    h(Facts, {
      of: [
        ['Backup', h(CutText, { text: backup })],
        ['Site', [h(CutText, { text: siteName }), inProduction && ', which is the one that was backed up']],
        ...timeFacts({ startedAt, finishedAt }),
        ['Written by', writtenBy],
      ],
    }),
    h(NumbersTable, {
      caption: 'Schemas of the backup, and the scratch schemas that some of them were restored into',
      columns: [{ title: 'Schema' }, { title: 'Restored as' }, { title: 'Objects', isNumber: true }],
      rows: schemas.map(({ from, to, objects }) => [h(CutText, { text: from }), to, readableCount(objects)]),
    }),
  );
}

function Covered({ report: { covered } }: { readonly report: DrillReport }) {
  return h(
    Part,
    { title: 'Covered' },
    h(NumbersTable, {
      caption: 'Attributes of which at least one value was restored, by kind',
      columns: [{ title: 'Kind' }, { title: 'Attributes', isNumber: true }, { title: 'Values', isNumber: true }],
      rows: covered.map(({ kind, attributes, values }) => [kind, readableCount(attributes), readableCount(values)]),
    }),
  );
}

function NotCovered({ report: { uncovered } }: { readonly report: DrillReport }) {
  if (uncovered.length === 0) return null;
  const more = uncovered.length - shownUncovered;
  return h(
    Part,
    { title: `Not covered (${readableCount(uncovered.length)})` },
    h(NumbersTable, {
      caption: 'What was not tried, and why',
      columns: [{ title: 'What' }, { title: 'Number', isNumber: true }, { title: 'Why' }],
      rows: uncovered
        .slice(0, shownUncovered)
        .map(({ what, count, reason }) => [
          h(CutText, { text: what, most: 200 }),
          readableCount(count),
          h(CutText, { text: reason }),
        ]),
    }),
    more > 0 && h('p', null, `and ${readableCount(more)} more, which report.json names.`),
  );
}
