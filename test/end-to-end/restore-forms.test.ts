import { describe, expect, it } from 'vitest';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { Quirks } from '../../simulator/site/quirks.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

type Forms = Pick<Quirks, 'attributeIds' | 'referenceValues'>;

const forms: readonly Forms[] = [
  { attributeIds: 'text', referenceValues: 'key' },
  { attributeIds: 'text', referenceValues: 'id' },
  { attributeIds: 'number', referenceValues: 'key' },
  { attributeIds: 'number', referenceValues: 'id' },
];

const others: readonly { name: string; quirks: Partial<Quirks>; isOneRefused?: boolean }[] = [
  { name: 'ignores other ids and refuses other references', quirks: {} },
  {
    name: 'refuses other ids and ignores other references',
    quirks: { otherAttributeIds: 'refused', otherValues: 'ignored' },
  },
  { name: 'ignores both', quirks: { otherValues: 'ignored' } },
  { name: 'refuses the first update for nothing', quirks: {}, isOneRefused: true },
];

describe.each(forms)(
  'Circles on a site that takes ids as $attributeIds and references as $referenceValues',
  (taken) => {
    it.each(others)('are restored whole where it $name', async ({ quirks, isOneRefused }) => {
      const source = circlesSite();
      const target = emptySiteLike(source);
      const { directory, result } = await backUp(await testSimulator({ site: source }));
      const simulator = await testSimulator({ site: target, quirks: { ...taken, ...quirks } });
      if (isOneRefused) {
        simulator.faults.add({ endpoint: 'object-update', fault: { kind: 'status', status: 400 }, times: 1 });
      }

      const restored = await restore(simulator, directory, { folder: result?.backup ?? '' });

      expect(restored.error).toBeUndefined();
      expect(restored.report?.losses).toEqual([]);
      expect(restored.report?.differences).toEqual([]);
      expect(restored.result?.outcome).toBe('restored');
      expect(compareSites(source, target, { objects: restored.objects, history: true })).toEqual([]);
      expect(simulator.requests.writesByEndpoint({ onlySuccessful: true })['object-create']).toBe(target.objects.size);
    });
  },
);

it('An object that was made without its references, which then could not be set, is completed and not made again', async () => {
  const source = circlesSite();
  const target = emptySiteLike(source);
  const { directory, result } = await backUp(await testSimulator({ site: source }));
  const quirks = { referenceValues: 'id', otherValues: 'ignored' } as const;
  const simulator = await testSimulator({ site: target, quirks });
  simulator.faults.add({ endpoint: 'object-update', fault: { kind: 'status', status: 403 }, times: 1 });

  const restored = await restore(simulator, directory, { folder: result?.backup ?? '' });

  expect(restored.result?.outcome).toBe('restored');
  expect(compareSites(source, target, { objects: restored.objects, history: true })).toEqual([]);
  expect(target.objects.size).toBe(source.objects.size);
});
