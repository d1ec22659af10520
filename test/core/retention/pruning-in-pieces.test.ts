import { expect, it } from 'vitest';
import type { RunRegistry } from '../../../core/ports/run-registry.ts';
import type { PruneTools } from '../../../local/local-retention.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { keepRules, plantedNights, prune, statesIn } from '../../end-to-end/pruning.ts';

/** What a function has: a holder that is no process, of whom nobody knows whether it has ended. */
const asFunction = {
  holder: (executionId: string) => ({ executionId }),
  hasEnded: async () => false,
} satisfies RunRegistry;

/** Time for so many looks at the clock. */
function forLooks(looks: number) {
  let left = looks;
  const remainingMilliseconds = () => {
    left -= 1;
    return left >= 0 ? 900_000 : 29_000;
  };
  return ({ services, deleter }: PruneTools): PruneTools => ({
    services: { ...services, runs: asFunction, remainingMilliseconds },
    deleter,
  });
}

it('a folder that there is no time for is left without its manifest, and the next run goes on with it at once', async () => {
  const { directory, names, clock } = await plantedNights(3);
  const [first = '', second = '', third = ''] = names;
  keepRules(directory, { last: 1 });
  const { work, backups } = openLocalStores(directory);
  const keysOf = () => Array.fromAsync(backups.list(`${first}/`), ({ key }) => key);
  const before = await keysOf();

  // One look before it begins, one before the lists go, none before the rest.
  const broken = await prune(directory, { clock, decorate: forLooks(2) });
  expect(broken.report).toMatchObject({ deleted: [], left: [first, second], outOfTime: true });
  expect(await statesIn(directory)).toEqual([`${first} unfinished`, `${second} finished`, `${third} finished`]);
  expect(await keysOf()).toEqual(before.filter((key) => !key.startsWith(`${first}/manifest`)));
  expect((await work.read(`pruning/${first}.json`))?.text).toContain('"state":"deleting"');

  const done = await prune(directory, { clock, decorate: forLooks(100) });
  expect(done.report).toMatchObject({ left: [], outOfTime: false });
  expect(done.report.unfinished.deleted.map(({ backup }) => backup)).toEqual([first]);
  expect(done.report.deleted.map(({ backup }) => backup)).toEqual([second]);
  expect(await statesIn(directory)).toEqual([`${third} finished`]);
});

it('nothing is begun that there is no time for', async () => {
  const { directory, names, clock } = await plantedNights(2);
  keepRules(directory, { last: 1 });
  const { report } = await prune(directory, { clock, decorate: forLooks(0) });
  expect(report).toMatchObject({ deleted: [], left: [names[0]], outOfTime: true });
  expect(await statesIn(directory)).toEqual(names.map((name) => `${name} finished`));
});
