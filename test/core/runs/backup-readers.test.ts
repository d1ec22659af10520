import { describe, expect, it } from 'vitest';
import { DamagedWorkFileError } from '../../../core/errors.ts';
import type { RunRegistry } from '../../../core/ports/run-registry.ts';
import { announcePruning, isBeingPruned } from '../../../core/retention/pruning-mark.ts';
import { beginReading, endReading, readersOf } from '../../../core/runs/backup-readers.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { HurriedClock, testDirectory } from '../../end-to-end/local-run.ts';

const backup = '2026-11-23_02-00-00';
/** An execution's id on AWS has what no file's name may have. */
const arn = 'arn:aws:states:eu-central-1:123456789012:execution:Restore:a/b';
const day = 86_400_000;

function stores() {
  const ended = new Set<string>();
  const runs: RunRegistry = {
    holder: (executionId) => ({ executionId }),
    hasEnded: async ({ executionId }) => ended.has(executionId),
  };
  const { work } = openLocalStores(testDirectory());
  return { services: { work, runs, clock: new HurriedClock() }, ended };
}

const namesOf = async (services: ReturnType<typeof stores>['services'], of = backup) =>
  (await readersOf(services, of)).map(({ what, holder }) => `${what} ${holder.executionId}`).toSorted();

describe('readers of a backup', () => {
  it('are seen until they end, each for itself and of this backup alone', async () => {
    const { services } = stores();
    await beginReading(services, backup, { executionId: arn, what: 'restore' });
    await beginReading(services, backup, { executionId: 'copy-1', what: 'copy' });
    await beginReading(services, `${backup}-old`, { executionId: 'other', what: 'restore' });
    expect(await namesOf(services)).toEqual([`copy copy-1`, `restore ${arn}`]);
    expect(await namesOf(services, '2026-11-24_02-00-00')).toEqual([]);

    await endReading(services.work, backup, arn);
    expect(await namesOf(services)).toEqual(['copy copy-1']);
    await endReading(services.work, backup, 'copy-1');
    expect(await namesOf(services)).toEqual([]);
    expect(await namesOf(services, `${backup}-old`)).toEqual(['restore other']);
  });

  it('are no more where they are known to have ended, and read again where they begin again', async () => {
    const { services, ended } = stores();
    await beginReading(services, backup, { executionId: arn, what: 'restore' });
    ended.add(arn);
    expect(await namesOf(services)).toEqual([]);
    ended.delete(arn);
    await endReading(services.work, backup, arn);
    await beginReading(services, backup, { executionId: arn, what: 'restore' });
    expect(await namesOf(services)).toEqual([`restore ${arn}`]);
  });

  it('count for eight days where nobody knows whether they have ended', async () => {
    const { services } = stores();
    await beginReading(services, backup, { executionId: 'gone', what: 'copy' });
    services.clock.pass(8 * day - 60_000);
    expect(await namesOf(services)).toEqual(['copy gone']);
    services.clock.pass(120_000);
    expect(await namesOf(services)).toEqual([]);
  });

  it('end without a word where they never began', async () => {
    const { services } = stores();
    await endReading(services.work, backup, 'none');
    expect(await Array.fromAsync(services.work.list('readers/'))).toEqual([]);
  });

  it('are not taken for none where their mark is damaged', async () => {
    const { services } = stores();
    await beginReading(services, backup, { executionId: 'one', what: 'restore' });
    await services.work.write(`readers/${backup}/one.json`, '{}');
    await expect(readersOf(services, backup)).rejects.toThrow(DamagedWorkFileError);
    await expect(readersOf(services, backup)).rejects.toThrow(/Make sure that none is running any more/);
  });
});

/** All orders in which the steps of two can come. */
function interleavings<T>(one: readonly T[], other: readonly T[]): T[][] {
  const [first, ...ones] = one;
  const [second, ...others] = other;
  if (first === undefined) return [[...other]];
  if (second === undefined) return [[...one]];
  return [
    ...interleavings(ones, other).map((rest) => [first, ...rest]),
    ...interleavings(one, others).map((rest) => [second, ...rest]),
  ];
}

describe('one who reads and one who prunes', () => {
  const orders = interleavings(['mark of the reader', 'reader looks'], ['mark of pruning', 'pruning looks']);

  it.each(orders)('do not both go on: %s, %s, %s, %s', async (...order) => {
    const { services } = stores();
    const seen = { reader: false, pruning: false };
    const steps: Record<string, () => Promise<unknown>> = {
      'mark of the reader': () => beginReading(services, backup, { executionId: arn, what: 'restore' }),
      'reader looks': async () => {
        seen.pruning = await isBeingPruned(services, backup);
      },
      'mark of pruning': () => announcePruning(services, backup, { executionId: 'pruning-1', files: 0, bytes: 0 }),
      'pruning looks': async () => {
        seen.reader = (await readersOf(services, backup)).length > 0;
      },
    };
    for (const step of order) await steps[step]?.();
    expect(seen.reader || seen.pruning).toBe(true);
  });
});
