import { h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import type { Difference, Loss, LossGroup } from '../../core/model/restore.ts';
import { CutText } from '../components/cut-text.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import { Part } from './report-parts.ts';

const shownGroups = 100;
const shownDifferences = 200;

/** What is lost, or stays, grouped by what it is and why; each counts in the last row, also what no row names. */
export function LossTable(props: {
  readonly title: string;
  readonly groups: readonly LossGroup[];
  readonly count: number;
  readonly unit: readonly [one: string, many: string];
  /** Key of the file that has all of them. */
  readonly file: string | null;
}) {
  const { title, groups, count, unit, file } = props;
  if (count === 0) return null;
  const shown = groups.slice(0, shownGroups);
  const others = count - shown.reduce((sum, { values }) => sum + values, 0);
  return h(
    Part,
    { title: `${title} (${counted(count, ...unit)})` },
    h(NumbersTable, {
      caption: 'By what it is, and why; the most first',
      columns: [
        { title: 'What' },
        { title: 'Number', isNumber: true },
        { title: 'Of things', isNumber: true },
        { title: 'Why' },
        { title: 'Such as' },
      ],
      rows: [
        ...shown.map(({ values, objects, first }) => [
          h(CutText, { text: first[0] ? whatOf(first[0]) : '', most: 120 }),
          readableCount(values),
          readableCount(objects),
          h(CutText, { text: first[0]?.reason ?? '' }),
          h(CutText, { text: first.map(exampleOf).join(', '), most: 200 }),
        ]),
        ...(others > 0 ? [['For other reasons, or of other things', readableCount(others), '', '', '']] : []),
      ],
      total: ['All', readableCount(count), '', '', ''],
    }),
    file !== null &&
      h('p', null, 'Each of them stands in ', h('code', null, file.slice(file.lastIndexOf('/') + 1)), ', a line each.'),
  );
}

function whatOf({ kind, where, attribute, refersTo }: Loss): string {
  const schema = kind === 'object' ? where.match(/^(\S+)-\d+$/)?.[1] : undefined;
  const thing = attribute === undefined ? kind.replaceAll('-', ' ') : `${attribute}${refersTo ? ', a reference' : ''}`;
  return schema === undefined ? thing : `${schema}: ${thing}`;
}

function exampleOf({ where, refersTo }: Loss): string {
  if (!refersTo) return where;
  const now = refersTo.now === null || refersTo.now === refersTo.key ? '' : ` → ${refersTo.now}`;
  return `${where}: ${refersTo.key}${now}`;
}

/** Where the target is not what the backup says, and nothing announced it. */
export function Differences(props: {
  readonly of: readonly Difference[];
  readonly count: number;
  readonly file: string | null;
}) {
  const { of, count, file } = props;
  if (count === 0) return null;
  const shown = of.slice(0, shownDifferences);
  const more = count - shown.length;
  return h(
    Part,
    { title: `Differences that nothing announced (${readableCount(count)})` },
    h(NumbersTable, {
      caption: 'Where, and what',
      columns: [{ title: 'Where' }, { title: 'What' }],
      rows: shown.map(({ where, what }) => [h(CutText, { text: where, most: 200 }), h(CutText, { text: what })]),
    }),
    h(
      'p',
      null,
      more > 0 ? `and ${readableCount(more)} more` : 'All of them stand',
      more > 0 ? ', all of them in ' : ' in ',
      h('code', null, file === null ? 'report.json' : file.slice(file.lastIndexOf('/') + 1)),
      '.',
    ),
  );
}
