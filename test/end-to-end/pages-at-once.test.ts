import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Quirks } from '../../simulator/site/quirks.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, testSimulator } from './local-run.ts';
import { readStored, truthOf } from './stored-site.ts';

/**
 * Backs up types of these sizes, and counts the pages of types that wait at the same time. They are answered one after the other, each
 * when what follows from the answer before it has come: whether a page has to be waited for decides how many are asked for.
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
  let last: Promise<unknown> = Promise.resolve();
  simulator.onRequest('object-aql', async ({ rawBody }) => {
    if (!rawBody.toString().includes('objectTypeId = ')) return;
    underWay += 1;
    most = Math.max(most, underWay);
    last = last.then(() => sleep(5));
    await last;
    underWay -= 1;
  });
  const run = await backUp(simulator, { activity: false });
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
