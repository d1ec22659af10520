/** What the text of a number says: as the API takes it, or that it may be two. */
export type ReadNumber = { readonly number: string; readonly isGrouped: boolean } | 'ambiguous' | 'unreadable';

const plain = { integer: /^[+-]?\d+$/, double: /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/ };
const gaps = /[\s\u00a0\u202f'’_]/g;

/**
 * A number as a site shows it to somebody: perhaps in groups of three, and with a comma for the point. `1,234` is one thing in English and
 * another in German: as an integer it is read, and as a number with a fraction it is not.
 */
export function readDisplayedNumber(text: string, kind: 'integer' | 'double'): ReadNumber {
  const trimmed = text.trim();
  if (plain[kind].test(trimmed)) return { number: trimmed.replace(/^\+/, ''), isGrouped: false };
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(trimmed.replace(gaps, '')) ?? [];
  if (!/^\d[\d.,]*$/.test(digits)) return 'unreadable';
  const grouped = (separator: string) => new RegExp(`^\\d{1,3}(?:\\${separator}\\d{3})+$`);
  if (kind === 'integer') {
    const isInteger = /^\d+$/.test(digits) || grouped(',').test(digits) || grouped('.').test(digits);
    return isInteger ? { number: signed(sign, digits.replace(/[.,]/g, '')), isGrouped: true } : 'unreadable';
  }
  return fraction(sign, digits, grouped);
}

function fraction(sign: string, digits: string, grouped: (separator: string) => RegExp): ReadNumber {
  const separators = [...digits].filter((one) => one === ',' || one === '.');
  const last = separators.at(-1);
  if (last === undefined) return { number: signed(sign, digits), isGrouped: true };
  const isOneKind = separators.every((one) => one === last);
  if (isOneKind && separators.length > 1)
    return grouped(last).test(digits)
      ? { number: signed(sign, digits.replaceAll(last, '')), isGrouped: true }
      : 'unreadable';
  if (isOneKind && grouped(last).test(digits)) return 'ambiguous';
  const [whole = '', rest = ''] = [
    digits.slice(0, digits.lastIndexOf(last)),
    digits.slice(digits.lastIndexOf(last) + 1),
  ];
  const other = last === ',' ? '.' : ',';
  const isWhole = /^\d+$/.test(whole) || grouped(other).test(whole);
  if (!isWhole || !/^\d+$/.test(rest)) return 'unreadable';
  return { number: signed(sign, `${whole.replaceAll(other, '')}.${rest}`), isGrouped: true };
}

const signed = (sign: string, digits: string) => `${sign === '-' ? '-' : ''}${digits}`;
