import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { drill } from './drill-run.ts';
import { isDeep } from './kill-points.ts';
import { backUp, testDirectory } from './local-run.ts';

describe('a drill of a random site', { timeout: 30 * 60_000 }, () => {
  it('is green into itself, into one like it and into one that has nothing of it, and leaves no trace', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 5, max: 40 }),
        fc.constantFrom('itself', 'like it', 'empty'),
        fc.constantFrom(1, 10, 200),
        async (seed, size, where, sample) => {
          const site = randomSite(seed, size);
          if (site.objects.size === 0) return;
          const source = await startSimulator({ site });
          const directory = testDirectory();
          await backUp(source, { directory });
          const other = { workspaceId: crypto.randomUUID() };
          const target =
            where === 'itself'
              ? source
              : await startSimulator({ site: where === 'empty' ? emptySite(other) : emptySiteLike(site, other) });
          try {
            writeFileSync(join(directory, 'settings.json'), JSON.stringify({ drill: { sample, inProduction: true } }));
            const before = fingerprint(target.site);
            const { result, report, error } = await drill(target, directory);
            expect(error).toBeUndefined();
            expect(report?.found).toEqual([]);
            expect(result?.outcome).toBe('passed');
            expect(fingerprint(target.site)).toBe(before);
          } finally {
            await source.close();
            if (target !== source) await target.close();
          }
        },
      ),
      { numRuns: isDeep ? 200 : 12 },
    );
  });
});
