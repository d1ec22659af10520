import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PretendSite } from '../pretend-site.ts';
import type { BareLoopInput, BareLoopReport } from '../processes/bare-loop.ts';
import type { Workshop } from '../workshop.ts';
import type { Checkout } from './checkout.ts';
import type { Comparison } from './comparison.ts';
import { type TimedEnd, timedCommand, type Usage } from './timed-command.ts';

/** What every row is given. */
export interface Contest {
  readonly workshop: Workshop;
  readonly baseline: Checkout;
  readonly today: Checkout;
  /** How often each of the three runs; the median counts. */
  readonly turns: number;
  /** Says on stderr what is going on. */
  progress(text: string): void;
}

/** A row of what is compared. */
export interface Row {
  /** As `--only` takes it; several rows may have one. */
  readonly name: string;
  /** Takes long and much disk: it runs only where it is named, and once. */
  readonly isLarge?: boolean;
  /** Of its site: what says how much of the disk it takes. */
  readonly objects: number;
  /** What is left to the bare loop, and why: a sentence below its figures. */
  readonly left?: string;
  compare(contest: Contest): Promise<Comparison>;
}

/** What a run may ask of a site: as much as it does where nobody says anything, or whatever it likes. */
export type Budget = 'default' | 'unlimited';

/** So large that no request ever waits for its turn. */
const requestsPerMinute = 1e12;

/** Writes the settings of a site as a command takes them. */
export function siteFile({ workshop }: Contest, of: Checkout, { ready }: PretendSite, budget: Budget): string {
  const { url, credentials } = ready;
  const byClass = Object.fromEntries(of.endpointClasses.map((name) => [name, requestsPerMinute]));
  const unlimited = { requestBudget: { total: requestsPerMinute, byClass } };
  const settings = { siteName: url, apiUrl: url, ...credentials, ...(budget === 'unlimited' && unlimited) };
  const file = `${workshop.folder()}.json`;
  // As a file with a token should be.
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  return file;
}

/** Runs the command of a checkout as a person would. */
export function command(
  { workshop }: Contest,
  of: Checkout,
  words: readonly string[],
  node: string = process.execPath,
): Promise<TimedEnd> {
  const file = join(of.directory, 'cli/assets-backup.mjs');
  return timedCommand({ node, words: [file, ...words], folder: workshop.folder() });
}

/** Runs the bare loop, without the time that reading its requests takes. */
export async function bareLoop({ workshop }: Contest, input: BareLoopInput): Promise<Usage> {
  const inputFile = `${workshop.folder()}.json`;
  writeFileSync(inputFile, JSON.stringify(input));
  const file = join(import.meta.dirname, '../processes/bare-loop.ts');
  const { stdout, ...usage } = await timedCommand({ words: [file, inputFile], folder: workshop.folder() });
  const { seconds, cpuSeconds } = JSON.parse(stdout) as BareLoopReport;
  return { ...usage, seconds: usage.seconds - seconds, cpuSeconds: usage.cpuSeconds - cpuSeconds };
}
