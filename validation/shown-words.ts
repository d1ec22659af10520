/**
 * A secret may stand where a name should: pasted as a field of a file, as a command or an option. What looks like one is not shown.
 */

/** Long runs without a space. Atlassian's tokens begin with ATATT3, ATCTT3 and the like; older ones are 24 letters and digits. */
const run = /[\w=+/-]{16,}/g;

function looksSecret(text: string): boolean {
  const digits = text.match(/\d/g)?.length ?? 0;
  return (
    /AT[A-Z]{3}3/.test(text) ||
    (/[A-Za-z]/.test(text) && (digits > 3 || (digits > 0 && /[a-z].*[A-Z]|[A-Z].*[a-z]/.test(text))))
  );
}

const hidden = (text: string) => `<${text.length} characters, not shown>`;

/** No field of ours, and none that is worth showing, has a longer name. */
const longestName = 40;

/** The name of a field as a sentence may show it. */
export function shownName(name: string): string {
  return name.length > longestName || (name.length >= 16 && looksSecret(name)) ? hidden(name) : name;
}

/** A sentence about words of a command line, without those that look like secrets. */
export function shownSentence(sentence: string): string {
  return sentence.replaceAll(run, (text) => (looksSecret(text) ? hidden(text) : text));
}
