import { oneLine } from '../../core/one-line.ts';
import { readableCount } from './readable.ts';

/** How much of a list is shown, how long it is where only its beginning is at hand, and where the rest stands. */
export interface Excerpt {
  readonly shown: number;
  readonly total?: number;
  /** As in `and 12 more, which the manifest names`. */
  readonly rest: string;
}

/** A heading with a count and the lines under it; nothing where there are none. */
export function section(
  title: string,
  lines: readonly string[],
  { shown, total = lines.length, rest }: Excerpt,
): string {
  if (total === 0) return '';
  const first = lines.slice(0, shown);
  const hidden = total - first.length;
  return [
    `${title} (${readableCount(total)}):`,
    ...first.map((line) => `  - ${oneLine(line)}`),
    ...(hidden > 0 ? [`  and ${readableCount(hidden)} more, ${rest}`] : []),
  ].join('\n');
}

/** Puts paragraphs one below the other; empty ones are left out. */
export function paragraphs(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
