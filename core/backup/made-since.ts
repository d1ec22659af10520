import { type ApiRecord, textOf } from '../model/json.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';

/** So much earlier than the run by the site's clock, which is told to the second, something still counts as made after it began. */
const clockPrecisionMilliseconds = 2_000;

/** When a run began by the site's clock, in milliseconds since 1970, as far as its answers have told it. */
export function begunOnSite(reader: AssetsReader, { startedAt }: Run): number {
  return Date.parse(startedAt) + (reader.clockDifference() ?? 0);
}

/** Whether a schema or an object type says of itself that it was made after a run had begun. */
export function isMadeSince(reader: AssetsReader, run: Run, { created }: ApiRecord): boolean {
  return Date.parse(textOf(created) ?? '') >= begunOnSite(reader, run) - clockPrecisionMilliseconds;
}
