import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { backUp, testDirectory } from './local-run.ts';
import { stateOf } from './restore-company.ts';
import { restore } from './restore-run.ts';
import { wholeOf } from './undo-kills.ts';
import { undoApproved } from './undo-run.ts';

const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const runs = { numRuns: isDeep ? 500 : 12, ...(!isDeep && { seed: 20261129 }) };

/** A random site, of which some objects are deleted in place, or that goes into an empty one; and what people do afterwards. */
const cases = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  size: fc.integer({ min: 2, max: 30 }),
  isInPlace: fc.boolean(),
  nth: fc.integer({ min: 2, max: 5 }),
  touched: fc.integer({ min: 0, max: 3 }),
  touch: fc.constantFrom('comment', 'ticket', 'attachment', 'history'),
  quirks: fc.record({
    deletesInUse: fc.constantFrom('carried-out', 'refused'),
    deletedReferences: fc.constantFrom('silent', 'in-history'),
  }),
});

const touches = {
  comment: (site: SimulatedSite, object: StoredObject) => void site.addComment({ object, text: 'mine' }),
  ticket: (site: SimulatedSite, object: StoredObject) => void site.addTicket({ object, key: 'ITSM-1' }),
  attachment: (_: SimulatedSite, object: StoredObject) => {
    object.hasAttachments = true;
  },
  history: (site: SimulatedSite, object: StoredObject) =>
    void site.addHistory({ object, attribute: 'Name', actor: site.addUser({ displayName: 'Me' }), type: 2 }),
};

it('a random restore that is undone leaves the site as it was, and what people touched as they left it', async () => {
  const property = fc.asyncProperty(cases, async ({ seed, size, isInPlace, nth, touched, touch, quirks }) => {
    const source = randomSite(seed, size);
    const directory = testDirectory();
    const from = await startSimulator({ site: source, quirks });
    const folder = (await backUp(from, { directory })).result?.backup ?? '';
    const target = isInPlace ? source : emptySiteLike(source);
    if (isInPlace)
      for (const object of [...source.objects.all()].filter((_, at) => at % nth === 0)) source.deleteObject(object);
    const simulator = isInPlace ? from : await startSimulator({ site: target, quirks });
    try {
      const before = wholeOf(target);
      const there = [...target.objects.all()].map(({ id }) => id);
      const restored = await restore(simulator, directory, { folder });
      expect(restored.error).toBeUndefined();
      const made = [...target.objects.all()].filter(({ id }) => !there.includes(id));
      const somebodys = made.slice(0, touched);
      for (const object of somebodys) touches[touch](target, object);
      const left = stateOf(
        target,
        somebodys.map(({ id }) => id),
      );
      const undone = await undoApproved(simulator, directory, restored.result?.restore ?? '');
      expect(undone.error).toBeUndefined();
      expect(undone.report?.differences).toEqual([]);
      expect(
        stateOf(
          target,
          somebodys.map(({ id }) => id),
        ),
      ).toBe(left);
      if (somebodys.length > 0) return;
      expect(undone.report?.stays).toEqual([]);
      expect(wholeOf(target)).toEqual(before);
    } finally {
      await from.close();
      await simulator.close();
    }
  });
  await fc.assert(property, runs);
}, 600_000);
