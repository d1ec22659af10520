import { counted, readableCount } from '../../core/counted.ts';
import { harmless } from '../../core/harmless.ts';

/** How much of a list is shown, how long it is where only its beginning is at hand, and where the rest stands. */
export interface Excerpt {
  readonly shown: number;
  readonly total?: number;
  /** How many are not shown, where a line stands for several. */
  readonly hidden?: number;
  /** What is counted, where it is not the lines. */
  readonly unit?: readonly [one: string, many: string];
  /** As in `and 12 more, which the manifest names`. */
  readonly rest: string;
}

/** A heading with a count and the lines under it; nothing where there are none. */
export function section(
  title: string,
  lines: readonly string[],
  { shown, total = lines.length, hidden = total - Math.min(shown, lines.length), unit, rest }: Excerpt,
): string {
  if (total === 0) return '';
  return [
    `${title} (${unit ? counted(total, ...unit) : readableCount(total)}):`,
    ...lines.slice(0, shown).map((line) => `  - ${harmless(line)}`),
    ...(hidden > 0 ? [`  and ${readableCount(hidden)} more, ${rest}`] : []),
  ].join('\n');
}

/** Puts paragraphs one below the other; empty ones are left out. */
export function paragraphs(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
