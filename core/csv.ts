import { WrongInputError } from './errors.ts';

/**
 * Rows of a CSV text (RFC 4180), with or without a byte order mark, with CRLF or LF. Where the first line has `;` and no
 * comma, as spreadsheets of many countries write it, `;` separates. A blank line is a row of one empty value.
 * Throws WrongInputError, with the number of the line, where a quote is never closed.
 */
export function parseCsv(text: string): string[][] {
  const csv = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(csv);
  const restOfValue = separator === ',' ? /[^,\r\n]*(?:\r(?!\n)[^,\r\n]*)*/y : /[^;\r\n]*(?:\r(?!\n)[^;\r\n]*)*/y;
  const rows: string[][] = [];
  let row: string[] = [];
  let position = 0;
  let isInRow = false;
  while (position < csv.length || isInRow) {
    const isQuoted = csv[position] === '"';
    const end = isQuoted ? closingQuote(csv, position) : position;
    restOfValue.lastIndex = end;
    const rest = restOfValue.exec(csv)?.[0] ?? '';
    row.push((isQuoted ? csv.slice(position + 1, end - 1).replaceAll('""', '"') : '') + rest);
    position = end + rest.length;
    isInRow = csv[position] === separator;
    if (!isInRow) {
      rows.push(row);
      row = [];
    }
    position += csv.startsWith('\r\n', position) ? 2 : 1;
  }
  return rows;
}

/**
 * Rows of a table of two columns that a person wrote, with or without this header. Further columns are comments, blank lines are
 * passed over, spaces around a value are no part of it. `line`: where the row begins, from 1.
 */
export function pairsOfCsv(
  text: string,
  header: readonly [string, string],
): { readonly line: number; readonly first: string; readonly second: string | undefined }[] {
  let next = 1;
  return parseCsv(text).flatMap((row, index) => {
    const line = next;
    next += 1 + row.join('').split('\n').length - 1;
    const [first = '', second, ...comments] = row.map((value) => value.trim());
    const isBlank = first === '' && !second && comments.every((comment) => comment === '');
    const isHeader = index === 0 && first.toLowerCase() === header[0] && second?.toLowerCase() === header[1];
    return isBlank || isHeader ? [] : [{ line, first, second }];
  });
}

/** CSV as RFC 4180 has it, lines ending with CRLF. Quotes only what needs them and alters no value, nor those a spreadsheet may take for a formula. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quotedIfNeeded).join(',')}\r\n`).join('');
}

/** `;` is quoted too, so that no first line looks as if it separated. */
function quotedIfNeeded(value: string): string {
  return /[",;\r\n]|^[\s\uFEFF]|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function separatorOf(csv: string): ',' | ';' {
  const [firstLine = ''] = csv.replaceAll(/"[^"]*"/g, '').split('\n', 1);
  return firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',';
}

/** Position behind the quote that closes the one at `opening`. */
function closingQuote(csv: string, opening: number): number {
  let quote = csv.indexOf('"', opening + 1);
  while (quote !== -1 && csv[quote + 1] === '"') quote = csv.indexOf('"', quote + 2);
  if (quote !== -1) return quote + 1;
  const line = csv.slice(0, opening).split('\n').length;
  throw new WrongInputError(`The quote that opens in line ${line} of the CSV file is never closed`);
}
