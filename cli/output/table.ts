import Table from 'cli-table3';
import { harmless } from '../../core/harmless.ts';

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** Names on a site may be long; the table of a terminal is not the place for all of one. */
const widest = 44;

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns side by side under their titles, without lines; wide characters count as two. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(harmless));
  const isLong = (index: number) => cells.some((row) => [...(row[index] ?? '')].length > widest);
  const layout = new Table({
    chars: borderless,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
    colWidths: columns.map((_, index) => (isLong(index) ? widest : null)),
  });
  layout.push(...cells);
  const lines = layout.toString().split('\n');
  return lines.map((line) => `  ${line.trimEnd()}`).join('\n');
}

/** The same with sentences in the last column: they are wrapped where a line would be wider than `width`. */
export function sentenceTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(harmless));
  const widths = columns.slice(0, -1).map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
  const room = width - widths.reduce((sum, one) => sum + one + gap, gap);
  const layout = new Table({
    chars: borderless,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  layout.push(
    ...cells.map((row) => [...row.slice(0, -1), wrapped(row.at(-1) ?? '', Math.max(narrowestSentence, room))]),
  );
  const lines = layout.toString().split('\n');
  return lines.map((line) => `  ${line.trimEnd()}`).join('\n');
}

/** Breaks lines between words; a word that is longer than a line, such as an address, wherever the line ends. */
function wrapped(text: string, width: number): string {
  const pieces = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = `${lines.at(-1)} ${piece}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.join('\n');
}

const gap = 2;
const narrowestSentence = 20;

/** Labels and what belongs to them: `Site     https://...`. */
export function facts(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `  ${label.padEnd(width)}  ${harmless(value)}`).join('\n');
}
