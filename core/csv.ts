import { WrongInputError } from './errors.ts';
import { escapeOf, unsafeCharacters } from './harmless.ts';

/**
 * Rows of a CSV text (RFC 4180), with or without a byte order mark, with CRLF or LF. Where the first line has no comma, `;` separates,
 * as spreadsheets of many countries write it, or a tab, as they write "Unicode text". A blank line is a row of one empty value.
 * Throws WrongInputError, with the number of the line, where a quote is never closed.
 */
export function parseCsv(text: string): string[][] {
  const csv = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(csv);
  const restOfValue = new RegExp(`[^${separator}\\r\\n]*(?:\\r(?!\\n)[^${separator}\\r\\n]*)*`, 'y');
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
 * passed over, spaces around a value are no part of it; what `csvText` has made harmless is read as it was meant. `line`: where
 * the row begins, from 1.
 */
export function pairsOfCsv(
  text: string,
  header: readonly [string, string],
): { readonly line: number; readonly first: string; readonly second: string | undefined }[] {
  let next = 1;
  return parseCsv(text).flatMap((row, index) => {
    const line = next;
    next += 1 + row.join('').split('\n').length - 1;
    const [first = '', second, ...comments] = row.map((value) => asMeant(value.trim()));
    const isBlank = first === '' && !second && comments.every((comment) => comment === '');
    const isHeader = index === 0 && first.toLowerCase() === header[0] && second?.toLowerCase() === header[1];
    return isBlank || isHeader ? [] : [{ line, first, second }];
  });
}

/**
 * CSV as RFC 4180 has it, lines ending with CRLF, for a spreadsheet to open. What that would take for a formula has a `'` before it;
 * control and direction characters, and spaces that would be lost at the ends, stand there as `\u202e`. `asMeant` is the way back.
 * A cell of several texts has each on a line of its own, made harmless by itself: where `;` separates, a line of a cell is a row.
 */
export function csvText(rows: readonly (readonly (string | readonly string[])[])[]): string {
  const cell = (value: string | readonly string[]) =>
    typeof value === 'string' ? cellOf(value) : value.map(cellOf).join('\n');
  return rows.map((row) => `${row.map((value) => quotedIfNeeded(cell(value))).join(',')}\r\n`).join('');
}

/** By this a spreadsheet knows that a file is UTF-8. */
export const byteOrderMark = '\ufeff';

/** The value that `csvText` has written so, also after a spreadsheet has stored it; any other as it is. */
export function asMeant(cell: string): string {
  const value = cell.replaceAll(/\\u([\da-f]{4})/gi, (found, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return isEscaped.test(character) ? character : found;
  });
  return value.startsWith("'") && isFormula.test(value) ? value.slice(1) : value;
}

/** By these a spreadsheet knows a formula, full width too (OWASP, "CSV Injection"). */
const sign = '[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]';
/**
 * Those with a `'` of their own get another, so that it is one that falls away again. Quotes and blanks before a sign may be passed over by
 * whoever splits lines otherwise. A number below zero is a number.
 */
const isFormula = new RegExp(`^(?!-\\d+(?:\\.\\d+)?$)["'\\s]*${sign}`, 'u');

/**
 * What is escaped in a cell: what is unsafe anywhere; spaces at the ends; a `;` behind which a formula would begin where `;` separates
 * (a spreadsheet of many countries splits the line there, whatever its quotes); and a backslash that looks like one of these escapes.
 */
const escaped = new RegExp(`${unsafeCharacters.source}|^\\s+|\\s+$|;(?=["'\\s]*${sign})|\\\\(?=u[\\da-f]{4})`, 'giu');
const isEscaped = new RegExp(`${unsafeCharacters.source}|[\\s;\\\\]`, 'u');

function cellOf(value: string): string {
  const guarded = isFormula.test(value) ? `'${value}` : value;
  return guarded.replaceAll(escaped, (characters) => characters.replaceAll(/./gsu, escapeOf));
}

/** `;` is quoted too, so that no first line looks as if it separated. */
function quotedIfNeeded(cell: string): string {
  return /[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function separatorOf(csv: string): ',' | ';' | '\t' {
  const [firstLine = ''] = csv.replaceAll(/"[^"]*"/g, '').split('\n', 1);
  return ([',', ';', '\t'] as const).find((separator) => firstLine.includes(separator)) ?? ',';
}

/** Position behind the quote that closes the one at `opening`. */
function closingQuote(csv: string, opening: number): number {
  let quote = csv.indexOf('"', opening + 1);
  while (quote !== -1 && csv[quote + 1] === '"') quote = csv.indexOf('"', quote + 2);
  if (quote !== -1) return quote + 1;
  const line = csv.slice(0, opening).split('\n').length;
  throw new WrongInputError(`The quote that opens in line ${line} of the CSV file is never closed`);
}
