import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { type FigureGroup, units } from '../figure.ts';
import { pagesToParse } from '../pages.ts';
import type { ParsedPage, ParsePageInput } from '../processes/parse-page.ts';

export const parserFile = fileURLToPath(new URL('../../core/lossless-json.ts', import.meta.url));
export const parseTurns = 31;

/** Pages with numbers that must not be spelt otherwise, next to JSON.parse, which may. */
export async function measureParse({ workshop, progress }: Bench): Promise<FigureGroup> {
  progress('parsing pages of objects');
  const pages = await pagesToParse(workshop);
  const figures = [];
  for (const { what, text } of pages) {
    const input: ParsePageInput = { page: text, parser: parserFile, turns: parseTurns };
    const parsed = await workshop.run<ParsedPage>('parse-page', input);
    figures.push({
      what: `time of a page with ${what}`,
      measured: parsed.milliseconds,
      unit: units.millisecondsExact,
      bound: { kind: 'at most', value: 2 * parsed.millisecondsOfJsonParse } as const,
    });
  }
  return {
    heading: `parse: a page of 400 objects, median of ${parseTurns}`,
    figures,
    notes: ['limit: twice what JSON.parse takes for it'],
  };
}
