/** A command of ours as a page prints it. */
export interface PrintedCommand {
  readonly line: string;
  /** Without what begins each of them; its first is the command's name. */
  readonly words: readonly string[];
  /** Whether it is one to be typed; other ones show how such a command is written, or name a part of it. */
  readonly isWhole: boolean;
}

/** How a line begins that runs the command: in a clone or where the package is, and by its whole path. */
const beginning = /(?:npx assets-backup|node \/opt\/assets-backup\/cli\/assets-backup\.mjs) /;

/** Every command of ours in a page's blocks and code, each once. */
export function printedCommands(page: string, names: ReadonlySet<string>): PrintedCommand[] {
  const blocks = page.match(fence) ?? [];
  const lines = blocks.flatMap((block) => block.replaceAll(/ \\\n\s*/g, ' ').split('\n'));
  const pieces = [...page.replaceAll(fence, '').matchAll(/`([^`]+)`/g)].map(([, text = '']) =>
    text.replaceAll(/\s+/g, ' ').replaceAll('\\|', '|'),
  );
  const inBlocks = lines.flatMap((line) => {
    const [, command] = line.split(beginning, 2);
    return command === undefined ? [] : [wholeCommand(command)];
  });
  const inText = pieces.flatMap((piece) => {
    const typed = new RegExp(`^${beginning.source}(.+)$`).exec(piece)?.[1];
    if (typed !== undefined) return [wholeCommand(typed)];
    const usage = piece.replace(/^assets-backup (?=\S)/, '');
    const words = usage.split(/[\s[\]()|]+/).filter((word) => word !== '' && word !== '...');
    const [name = ''] = words;
    const isOurs = usage !== piece || (words.length > 1 && names.has(name) && piece.includes(' --'));
    return isOurs ? [{ line: piece, words, isWhole: false }] : [];
  });
  return [...new Map([...inBlocks, ...inText].map((command) => [command.line, command])).values()];
}

const fence = /^ *(?:\d\. |\* )?```.*?^ *```/gms;

/** A line as a shell reads it: words in quotes are one, and it ends where a comment or another command begins. */
function wholeCommand(text: string): PrintedCommand {
  const [command = ''] = text.split(/\s+(?:#|>|\||&&)/, 1);
  const words = [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));
  return { line: command.trim(), words, isWhole: true };
}

/** What stands for something of the reader's own, and what it is in the world in which these commands run. */
const placeholders: Readonly<Record<string, readonly string[]>> = {
  PLACE: ['--local', './backups'],
  DIR: ['./backups'],
  'DIR|FILE.zip': ['backup.zip'],
  FILE: ['site.json'],
  BACKUP: ['2026-11-23_02-00-00'],
  AGAINST: ['2026-11-26_02-00-00'],
  WORDS: ['nas-7'],
  KEY: ['FAC-12'],
  DAY: ['2026-11-20'],
  DATE: ['2026-11-20'],
};

const ofSuspicious = '2026-11-27_02-00-00';

/** The same with what a reader puts in the place of words in capitals. */
export function filledIn(words: readonly string[], own: { readonly restore: string; readonly type: string }): string[] {
  return words.flatMap((word, index) => {
    const option = words[index - 1] ?? '';
    if (option === '--stack') return ['assets-backup'];
    if (word.startsWith('stack:')) return ['stack:assets-backup'];
    if (word === 'RESTORE' || /^[-\d_]{19}_[0-9a-f]{8}$/.test(word)) return [own.restore];
    if (word === 'ID') return [own.type];
    if (word === 'NAME' && words.includes('backup.zip')) return ['2022-06-16_10-41-30'];
    if (word === 'BACKUP' && ['accept', 'diff'].includes(words[0] ?? '')) return [ofSuspicious];
    if (word === 'NAME') return words.includes('DIR|FILE.zip') ? ['2022-06-16_10-41-30'] : (placeholders.BACKUP ?? []);
    return placeholders[word] ?? [word];
  });
}
