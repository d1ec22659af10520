import { counted, readableCount } from '../../core/counted.ts';
import type { SetupCheck } from '../../core/operations/one-check.ts';
import { paragraphs, section } from './section.ts';
import { sentenceTable } from './table.ts';

interface CheckedPlace {
  /** Begins a sentence: `The stack AssetsBackup`. */
  readonly what: string;
  /** The command line that checks again. */
  readonly again: string;
  readonly width: number;
}

/** What was checked and found, and what to do about it. */
export function checkReport(checks: readonly SetupCheck[], { what, again, width }: CheckedPlace): string {
  const rows = checks.map(({ name: check, ok, detail }) => [check, ok ? 'ok' : 'failed', detail]);
  const failed = checks.filter(({ ok }) => !ok);
  return paragraphs([
    sentenceTable([{ title: 'Check' }, { title: 'Result' }, { title: 'Found' }], rows, width),
    section('What to do', remediesOf(failed), unabridged),
    section('For you to decide', remediesOf(checks.filter(({ ok }) => ok)), unabridged),
    failed.length === 0
      ? `${what} is ready: ${counted(checks.length, 'check')}, none failed.`
      : `${readableCount(failed.length)} of ${counted(checks.length, 'check')} failed or could not be made. Do what is said above, then check again: ${again}`,
  ]);
}

const unabridged = { shown: Number.POSITIVE_INFINITY, rest: '' };

function remediesOf(checks: readonly SetupCheck[]): string[] {
  return checks.flatMap(({ name, remedy }) => (remedy ? [`${name}: ${remedy}`] : []));
}
