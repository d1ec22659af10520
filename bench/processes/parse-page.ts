import { pathToFileURL } from 'node:url';
import { median } from '../median.ts';
import { finish, inputOf } from './parent.ts';

export interface ParsePageInput {
  readonly page: string;
  /** The file that exports `parseLosslessJson`. */
  readonly parser: string;
  /** Times that each of both parses it, in turns. */
  readonly turns: number;
}

/** Medians, for one page. */
export interface ParsedPage {
  readonly milliseconds: number;
  readonly millisecondsOfJsonParse: number;
}

type Parse = (text: string) => unknown;

const { page, parser, turns } = await inputOf<ParsePageInput>();
const { parseLosslessJson } = (await import(pathToFileURL(parser).href)) as { readonly parseLosslessJson: Parse };
const [ours, plain]: [number[], number[]] = [[], []];
for (let turn = 0; turn < turns; turn += 1) {
  ours.push(millisecondsOf(parseLosslessJson));
  plain.push(millisecondsOf(JSON.parse));
}
const report: ParsedPage = { milliseconds: median(ours), millisecondsOfJsonParse: median(plain) };
await finish(report);

function millisecondsOf(parse: Parse): number {
  const start = performance.now();
  parse(page);
  return performance.now() - start;
}
