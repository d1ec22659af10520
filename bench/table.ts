import { type Bound, type Figure, type FigureGroup, isMissed, type Unit } from './figure.ts';

const titles = ['figure', 'measured', 'floor or limit', 'ratio', ''] as const;

/** One aligned table of all figures, with the notes of each group below its figures. */
export function table(groups: readonly FigureGroup[]): string {
  const rows = groups.flatMap(({ figures }) => figures.map(cells));
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const parts = groups.map(({ heading, figures, notes = [] }) =>
    ['', heading, ...figures.map((figure) => line(cells(figure))), ...notes.map((note) => `    ${note}`)].join('\n'),
  );
  return [line(titles), ...parts].join('\n');
}

/** Numbers are set to the right, so that they can be compared. */
function isText(column: number): boolean {
  return column === 0 || column === titles.length - 1;
}

function cells(figure: Figure): string[] {
  const { what, measured, unit, bound } = figure;
  const ratio = bound && bound.value !== 0 ? written(measured / bound.value, 2) : '';
  return [
    `  ${what}`,
    withUnit(measured, unit),
    bound ? boundText(bound, unit) : '',
    ratio,
    isMissed(figure) ? '<- MISSED' : '',
  ];
}

function boundText({ kind, value }: Bound, unit: Unit): string {
  const sign = { 'at most': '≤', 'at least': '≥', floor: 'floor' }[kind];
  return `${sign} ${withUnit(value, unit)}`;
}

function withUnit(value: number, { name, digits }: Unit): string {
  return `${written(value, digits)} ${name}`;
}

function written(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
