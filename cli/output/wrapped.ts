/** A terminal that does not know its width says 0. */
const unlimited = Number.POSITIVE_INFINITY;

/**
 * Breaks lines that are wider than a terminal between words; what follows stands a little further in. A long word stays whole. A
 * command line at the end of a line gets lines of its own, broken as a shell reads them, so that it can still be pasted.
 */
export function wrapped(text: string, width = unlimited): string {
  return text
    .split('\n')
    .flatMap((line) => wrappedLine(line, width || unlimited))
    .join('\n');
}

function wrappedLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const margin = /^\s*/.exec(line)?.[0] ?? '';
  const indent = margin === '' ? '' : `${margin}  `;
  const { prose = '', command } =
    /^(?<prose>.*?)(?<command>(?<!`)\b(?:npx assets-backup|chmod) .*)$/.exec(line)?.groups ?? {};
  if (command === undefined)
    return filled(line.slice(margin.length).split(/(?<=\S) /), { width, margin, indent, end: '' });
  const words = command.match(shellWords) ?? [];
  const [begin, before] = prose.trim() === '' ? [margin, []] : [`${margin}  `, wrappedLine(prose.trimEnd(), width)];
  return [...before, ...filled(words, { width, margin: begin, indent: `${begin}  `, end: ' \\' })];
}

/** As `shellWord` writes them. */
const shellWords = /(?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^\s'])+/gu;

interface Filling {
  readonly width: number;
  /** Before the first line, and before the others. */
  readonly margin: string;
  readonly indent: string;
  /** After each line that goes on in the next one. */
  readonly end: string;
}

/** As many words on each line as fit, one at least. */
function filled(words: readonly string[], { width, margin, indent, end }: Filling): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? `${lines.length === 0 ? margin : indent}${word}` : `${line} ${word}`;
    const room = index === words.length - 1 ? width : width - end.length;
    if (line === '' || longer.length <= room) {
      line = longer;
      continue;
    }
    lines.push(`${line.trimEnd()}${end}`);
    line = `${indent}${word.trimStart()}`;
  }
  return [...lines, line];
}
