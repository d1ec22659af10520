import { harmless } from '../../core/harmless.ts';

/**
 * What a chat would take for more than text: mentions (`@channel`, `<!here>`), markup, links. In its place stands a letter that looks
 * like it, since chats agree upon no escape: Slack has entities, Markdown backslashes, and each shows the other's.
 */
const lookAlikes: Readonly<Record<string, string>> = {
  '@': '＠',
  '<': '‹',
  '>': '›',
  '&': '＆',
  '*': '∗',
  '~': '∼',
  '`': '´',
  '[': '(',
  ']': ')',
  '|': '¦',
  '#': '＃',
  '\\': '＼',
};

/** Longer ones are cut by some chats, and read by nobody. */
const mostCharacters = 600;

/** A line that a chat shows as it is, whatever a site has put into it. */
export function chatLine(text: string): string {
  const line = harmless(text.trim().replaceAll(/\s*\n\s*/g, ' '))
    .replaceAll(/[@<>&*~`[\]|#\\]/g, (character) => lookAlikes[character] ?? '')
    // Of a name with underscores, or of a backup, they are no markup.
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '＿')
    .replaceAll('://', '：//')
    // Some make a link of that alone.
    .replaceAll(/\b(www)\./gi, '$1．');
  const letters = [...line];
  return letters.length > mostCharacters ? `${letters.slice(0, mostCharacters).join('')} ...` : line;
}
