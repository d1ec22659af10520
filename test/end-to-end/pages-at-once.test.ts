import { setImmediate as eventLoop } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ObjectPageQuery } from '../../core/ports/assets-reader.ts';
import type { Quirks } from '../../simulator/site/quirks.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, testSimulator } from './local-run.ts';
import { readStored, truthOf } from './stored-site.ts';
import { withReader } from './watched-reader.ts';

/**
 * Backs up types of these sizes, and counts the pages of types that wait at the same time. They are given out in the order in which
 * they were asked for, each when what follows from the one before it has happened: whether one has to be waited for decides how many
 * are asked for.
 */
async function pagesAtOnce(sizes: readonly number[], quirks: Partial<Quirks> = {}) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FAC' });
  for (const [index, size] of sizes.entries()) {
    const type = site.addType({ schema, name: `Type ${index}` });
    for (let number = 1; number <= size; number += 1) site.addObject({ type, name: `object ${number}` });
  }
  const simulator = await testSimulator({ site, quirks });
  let underWay = 0;
  let most = 0;
  let last: Promise<void> = Promise.resolve();
  const turns = new Map<ObjectPageQuery, { readonly mine: Promise<void>; readonly end: () => void }>();
  const run = await backUp(simulator, {
    activity: false,
    decorate: (services) =>
      withReader(services, {
        async objects(query) {
          if (!('objectTypeId' in query)) return;
          underWay += 1;
          most = Math.max(most, underWay);
          const { promise, resolve } = Promise.withResolvers<void>();
          turns.set(query, { mine: last, end: resolve });
          last = promise;
        },
        async afterObjects(query) {
          const turn = turns.get(query);
          if (!turn) return;
          await turn.mine;
          for (let count = 0; count < 10; count += 1) await eventLoop();
          underWay -= 1;
          turn.end();
        },
        afterCount: async () => undefined,
      }),
  });
  if (!run.manifest) throw run.error ?? new Error('no manifest');
  const stored = await readStored(run.directory, run.manifest);
  expect(run.manifest).toMatchObject({ status: 'complete', gaps: [], notices: [] });
  expect(stored.objects).toEqual(truthOf(site).objects);
  return { most, requests: simulator.requests };
}

it('a large type is read by eight pages at once, and by as many pages as one after the other', async () => {
  const { most, requests } = await pagesAtOnce([400], { maxPageSize: 20 });
  expect(most).toBe(8);
  // Twenty objects, then nineteen new ones a page; and twice the newest change.
  expect(requests.count('object-aql')).toBe(21 + 2);
  expect(requests.count('totalcount')).toBe(3);
});

it('small types are read side by side, so that none waits for the answers of another', async () => {
  const { most, requests } = await pagesAtOnce(Array.from({ length: 60 }, () => 3));
  expect(most).toBeGreaterThan(8);
  expect(most).toBeLessThanOrEqual(16);
  expect(requests.count('object-aql')).toBe(60 + 2);
});
