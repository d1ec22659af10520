/** As texts are compared: without capitals and marks, `Ä` as `a`. The index of words (`unicode61 remove_diacritics 2`) does the same. */
export function foldedText(text: string): string {
  // Most are plain.
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Of a longer text nobody sees where in the order it stands. */
const most = 200;
const digits = 18;

/** As texts are ordered: numbers in them by value, so that `srv-9` stands before `srv-10`. */
export function orderedText(text: string): string {
  return foldedText(text.slice(0, most)).replaceAll(/\d+/g, (number) =>
    number.replace(/^0+(?=\d)/, '').padStart(digits, '0'),
  );
}
