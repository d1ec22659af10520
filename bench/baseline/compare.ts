import { checkDiskRoom } from '../disk-room.ts';
import { Workshop } from '../workshop.ts';
import { checkOut, today } from './checkout.ts';
import { type Comparison, isReached } from './comparison.ts';
import { comparisonTable } from './comparison-table.ts';
import type { Contest } from './contest.ts';
import { rows } from './rows.ts';

export interface ComparisonChoices {
  /** The commit to compare with. */
  readonly baseline: string;
  /** The name of a row. @default all but the large ones */
  readonly only: string | undefined;
  /** One turn instead of three. */
  readonly quick: boolean;
  /** Says on stderr what is going on. */
  progress(text: string): void;
}

/** By what `only` names rows. */
export const rowNames: readonly string[] = [...new Set(rows.map(({ name }) => name))];

/** Compares today with an earlier commit and prints the table. Gives how many targets were missed. */
export async function compareWithBaseline({ baseline, only, quick, progress }: ComparisonChoices): Promise<number> {
  const chosen = rows.filter(({ name, isLarge }) => (only === undefined ? !isLarge : name === only));
  progress(`checks out and builds ${baseline}`);
  await checkDiskRoom(Math.max(...chosen.map(({ objects }) => objects)));
  const built = await checkOut(baseline);
  const contest: Contest = {
    workshop: new Workshop(),
    baseline: built,
    today: await today(),
    turns: quick ? 1 : 3,
    progress,
  };
  const comparisons: Comparison[] = [];
  for (const row of chosen) {
    const { notes, ...measured } = await row.compare(contest);
    comparisons.push({ ...measured, notes: row.left === undefined ? notes : [...notes, `left: ${row.left}`] });
  }
  process.stdout.write(`${comparisonTable(comparisons)}\n\n`);
  process.stdout.write('npm test is not run here: vitest says in its last lines how long it took.\n');
  return comparisons.flatMap(({ figures }) => figures).filter((figure) => isReached(figure) === false).length;
}
