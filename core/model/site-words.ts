import { harmless } from '../harmless.ts';

/** A reason is read by people, in a table too. */
const mostCharacters = 300;
/** So much of a value that stands in a text counts as a quotation: a site may cut what it quotes. */
const telling = 8;

/**
 * What a site says of a refusal, to go after a reason. No value may get into a report by it: where any of `values` stands in the
 * words, whole or in a part of eight letters, however it is spelt, they are left out.
 */
export function wordsWithout(words: string, values: Iterable<string>): string {
  const said = harmless(words.replaceAll(/\s+/g, ' ')).trim();
  if (said === '') return '; it gives no reason';
  for (const value of values) {
    if (quotes(bare(words), bare(value))) return " (the site's words are left out, since they quote a value)";
  }
  const shown = said.length > mostCharacters ? `${said.slice(0, mostCharacters).trimEnd()}…` : said;
  return `; it says "${shown.replaceAll('"', "'")}"`;
}

function quotes(words: string, value: string): boolean {
  const length = Math.min(value.length, telling);
  if (length === 0) return false;
  const parts = new Set(Array.from({ length: words.length - length + 1 }, (_, at) => words.slice(at, at + length)));
  for (let at = 0; at + length <= value.length; at += 1) if (parts.has(value.slice(at, at + length))) return true;
  return false;
}

/** Only what neither HTML nor JSON writes in another way, in small letters. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/&#?\w+;/g, '')
    .replaceAll(/[^\p{L}\p{N}\p{So}]+/gu, '');
}
