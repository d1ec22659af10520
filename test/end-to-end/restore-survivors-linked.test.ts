import { expect, it } from 'vitest';
import { largeSite } from '../../simulator/seeds/large.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

it('30 deleted of 900 objects: a plan in pages only, then a create for each and two requests for each survivor that is linked again', async () => {
  const site = largeSite({ objects: 900, schemas: 2, types: 4 });
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator, { activity: false });
  const deleted = [...site.objects.all()].filter((_, index) => index % 30 === 7);
  for (const object of deleted) site.deleteObject(object);
  const isGone = new Set(deleted.map(({ id }) => String(id)));
  const referrers = [...site.objects.all()].filter(({ values }) =>
    [...values].some(
      ([attribute, texts]) => site.attribute(attribute).kind === 'reference' && texts.some((text) => isGone.has(text)),
    ),
  );
  expect([deleted.length, referrers.length > 10]).toEqual([30, true]);
  const counted = async (input: { readonly dryRun: boolean }) => {
    simulator.requests.reset();
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '', ...input });
    expect(restored.error).toBeUndefined();
    const of = (endpoint: Parameters<typeof simulator.requests.count>[0]) => simulator.requests.count(endpoint);
    return {
      restored,
      pages: of('object-aql'),
      reads: of('object'),
      creates: of('object-create'),
      updates: of('object-update'),
    };
  };

  const plan = await counted({ dryRun: true });
  expect(plan.restored.plan?.linked.objects).toBe(referrers.length);
  expect(plan.pages).toBeGreaterThan(3);
  expect(plan).toMatchObject({ reads: 0, creates: 0, updates: 0 });

  const done = await counted({ dryRun: false });
  expect(done.restored.report).toMatchObject({ outcome: 'restored', differences: [], lossCount: 0 });
  expect(done).toMatchObject({ creates: deleted.length, updates: referrers.length });
  expect(done.reads).toBeGreaterThanOrEqual(deleted.length + referrers.length);
  expect(done.reads).toBeLessThanOrEqual(2 * deleted.length + referrers.length);
  // Read for the plan, and read back for the proof.
  expect(done.pages).toBeLessThanOrEqual(2 * plan.pages + 4);
});
