import { aligned, withUnit, written } from '../table.ts';
import { type ComparedFigure, type Comparison, isReached, ratioTo } from './comparison.ts';

const titles = ['figure', 'baseline', 'today', 'bare loop', 'of baseline', 'of bare loop', 'to reach', ''];

/** One aligned table of all that was compared, with the notes of each row below its figures. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const groups = comparisons.map(({ heading, figures, notes }) => ({ heading, rows: figures.map(cells), notes }));
  return aligned(titles, groups);
}

function cells(figure: ComparedFigure): string[] {
  const { what, unit, baseline, today, bare, target } = figure;
  const measured = (value: number | undefined) => (value === undefined ? '' : withUnit(value, unit));
  const ratio = (value: number | undefined) => (value === undefined ? '' : `${written(value, 2)}×`);
  return [
    `  ${what}`,
    measured(baseline),
    measured(today),
    measured(bare),
    ratio(ratioTo('baseline', figure)),
    ratio(ratioTo('bare', figure)),
    target ? targetText(target, (value) => withUnit(value, unit)) : '',
    { true: 'reached', false: '<- MISSED', undefined: '' }[`${isReached(figure)}`],
  ];
}

function targetText(target: NonNullable<ComparedFigure['target']>, amount: (value: number) => string): string {
  if (!('of' in target)) return `≤ ${amount(target.atMost)}`;
  return `≤ ${written(target.atMost, 2)}× ${target.of === 'bare' ? 'bare loop' : 'baseline'}`;
}
