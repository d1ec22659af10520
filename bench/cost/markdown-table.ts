/** A table for a page; numbers stand to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** To three digits that count: the formula knows no more. */
export function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

/** The same of what is counted. */
export const written = (count: number) => threeDigits(Math.round(count));
