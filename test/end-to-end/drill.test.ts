import { describe, expect, it } from 'vitest';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { drill } from './drill-run.ts';
import { backUp, testSimulator } from './local-run.ts';

describe('a drill', () => {
  it.each([
    ['the demo', demoSite],
    ['an awkward site', awkwardSite],
  ])('is green on a whole backup of %s, and leaves the other site as it was', async (_, made) => {
    const source = await testSimulator({ site: made() });
    const { directory } = await backUp(source);
    const target = await testSimulator({ site: emptySiteLike(made(), { workspaceId: crypto.randomUUID() }) });
    const before = fingerprint(target.site);
    const { result, report, error } = await drill(target, directory);
    expect(error).toBeUndefined();
    console.log(JSON.stringify(report, null, 1));
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(fingerprint(target.site)).toBe(before);
  });
});
