import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { units } from '../figure.ts';
import { parserFile, parseTurns } from '../measurements/parse.ts';
import { pagesToParse } from '../pages.ts';
import type { ParsedPage, ParsePageInput } from '../processes/parse-page.ts';
import type { ComparedFigure, Comparison } from './comparison.ts';
import type { Contest, Row } from './contest.ts';

/** Pages with numbers that must be kept as they are spelt: no command does nothing else, so this one is measured from inside. */
export const parseRow: Row = { name: 'parse', objects: 0, compare };

/** Where the parser has been so far, newest first. */
const places = ['core/lossless-json.ts', 'adapters/atlassian/lossless-json.ts'];

async function compare({ workshop, baseline, progress }: Contest): Promise<Comparison> {
  progress('parsing pages of objects');
  const before = places.map((place) => join(baseline.directory, place)).find((file) => existsSync(file));
  const parsed = (page: string, parser: string) =>
    workshop.run<ParsedPage>('parse-page', { page, parser, turns: parseTurns } satisfies ParsePageInput);
  const figures: ComparedFigure[] = [];
  for (const { what, text } of await pagesToParse(workshop)) {
    const today = await parsed(text, parserFile);
    figures.push({
      what: `time of a page with ${what}`,
      unit: units.millisecondsExact,
      today: today.milliseconds,
      ...(before !== undefined && { baseline: (await parsed(text, before)).milliseconds }),
      bare: today.millisecondsOfJsonParse,
      target: { of: 'bare', atMost: 2 },
    });
  }
  return {
    heading: `parse: a page of 400 objects, median of ${parseTurns}, in one process`,
    figures,
    notes: ['bare loop: JSON.parse, which spells some numbers otherwise'],
  };
}
