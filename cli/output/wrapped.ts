/** A terminal that does not know its width says 0. */
const unlimited = Number.POSITIVE_INFINITY;

/** Breaks lines that are wider than a terminal between words; what follows stands a little further in. A long word stays whole. */
export function wrapped(text: string, width = unlimited): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, width || unlimited))
    .join('\n');
}

function wrappedLine(line: string, width: number): string {
  if (line.length <= width) return line;
  const margin = /^\s*/.exec(line)?.[0] ?? '';
  const indent = margin === '' ? '' : `${margin}  `;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const start = lines.length === 0 ? margin.length : indent.length;
    const before = rest.lastIndexOf(' ', width);
    const at = before > start ? before : rest.indexOf(' ', start + 1);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${indent}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}
