import { type Bound, type Figure, type FigureGroup, isMissed, type Unit } from './figure.ts';

const titles = ['figure', 'measured', 'floor or limit', 'ratio', ''];

/** Rows of cells under one heading, and notes below them. */
interface RowGroup {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
  readonly notes?: readonly string[];
}

/** One aligned table of all figures, with the notes of each group below its figures. */
export function table(groups: readonly FigureGroup[]): string {
  return aligned(
    titles,
    groups.map(({ figures, ...group }) => ({ ...group, rows: figures.map(cells) })),
  );
}

/** Groups of rows as one table. The first column and the last are text; numbers, between them, are set to the right. */
export function aligned(titles: readonly string[], groups: readonly RowGroup[]): string {
  const rows = groups.flatMap((group) => group.rows);
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number) => column === 0 || column === titles.length - 1;
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const parts = groups.map(({ heading, rows, notes = [] }) =>
    ['', heading, ...rows.map(line), ...notes.map((note) => `    ${note}`)].join('\n'),
  );
  return [line(titles), ...parts].join('\n');
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

/** As in `1,234.50 MB`. */
export function withUnit(value: number, { name, digits }: Unit): string {
  return `${written(value, digits)} ${name}`;
}

/** As in `1,234.50`. */
export function written(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
