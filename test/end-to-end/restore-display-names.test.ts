import { describe, expect, it } from 'vitest';
import type { Loss } from '../../core/model/restore.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { Quirks } from '../../simulator/site/quirks.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { copySite, linesIn } from './restore-run.ts';

/** Everything whose display name is not its name; Key, Created and Updated are the site's own. */
function displayNamesOf(site: SimulatedSite): string[] {
  const { schemas, types, statusTypes, referenceTypes, attributes } = site;
  const written = [...attributes.values()].filter(({ role }) => role === undefined || role === 'name');
  const lists = { schemas, types, statusTypes, referenceTypes };
  const named = [
    ...Object.entries(lists).flatMap(([what, things]) => [...things.values()].map((thing) => ({ what, ...thing }))),
    ...written.map((attribute) => ({ what: 'attributes', ...attribute })),
  ];
  return named.flatMap(({ what, name, displayName }) =>
    displayName === name ? [] : [`${what} ${name}: ${displayName}`],
  );
}

async function copied(target: Partial<Quirks>, change: (site: SimulatedSite) => void = () => undefined) {
  const source = configurationSite();
  const names = displayNamesOf(source);
  const other = emptySiteLike(source);
  change(other);
  const copy = await copySite(source, other, {}, { target });
  const { restored } = copy;
  expect(restored.error).toBeUndefined();
  expect(restored.report?.differences).toEqual([]);
  const lossesOf = ({ report }: typeof restored) =>
    linesIn<Loss>(copy.directory, report?.files.losses ?? '').filter(({ reason }) => /display ?name/i.test(reason));
  return { ...copy, source, other, names, losses: lossesOf(restored), lossesOf };
}

describe('Display names of schemas, types, statuses, reference types and attributes', () => {
  it('are restored where nothing on the target happens to show one', async () => {
    const { other, source, names, restored, losses } = await copied({ displayNameShown: 'where-other' });

    expect(names.length).toBeGreaterThan(5);
    expect(displayNamesOf(other).sort()).toEqual(names.sort());
    expect(losses).toEqual([]);
    expect(compareSites(source, other, { objects: restored.objects, history: true })).toEqual([]);
  });

  it.each(['ignored', 'refused', 'refused-unnamed'] as const)(
    'are each named as lost where a target without them has %s them, and all else is restored',
    async (unknownDisplayName) => {
      const { other, source, names, restored, losses, simulator, again, lossesOf } = await copied({
        displayName: false,
        unknownDisplayName,
      });

      expect(restored.result?.outcome).toBe('restored-with-losses');
      expect(compareSites(source, other, { objects: restored.objects, history: true })).toEqual([]);
      expect(losses).toHaveLength(names.length);
      // Once it was refused it is sent no more.
      const refused = simulator.requests.writes.filter(({ status }) => status === 400);
      expect(refused.length).toBeLessThanOrEqual(unknownDisplayName === 'ignored' ? 0 : 1);

      const second = await again();
      expect(second.error).toBeUndefined();
      expect(
        lossesOf(second)
          .map(({ where }) => where)
          .sort(),
      ).toEqual(losses.map(({ where }) => where).sort());
    },
  );
});
