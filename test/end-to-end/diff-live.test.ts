import { describe, expect, it } from 'vitest';
import type { DiffLine } from '../../core/diff/diff-lines.ts';
import { needLines } from '../../core/work-store/json-file.ts';
import { diffWithSiteLocally } from '../../local/local-diff.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { backUp, RecordingReporter, settingsFor, testClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';

describe('a site that nobody has changed', () => {
  const sites = [
    ['a company', () => companySite().site],
    ['of every configuration feature', () => configurationSite()],
    ['of awkward names and values', () => awkwardSite()],
    ['random', () => randomSite(6, 200)],
    ['of the demo', () => demoSite()],
  ] as const;
  it.each(sites)('%s: no difference', async (_, make) => {
    const site = make();
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator, { activity: false });
    const { summary, files } = await diffWithSiteLocally({
      directory,
      settings: settingsFor(simulator),
      reporter: new RecordingReporter(),
      clock: testClock,
      diff: 'one',
      backup: result?.backup ?? '',
      filters: {},
    });
    const lines: DiffLine[] = [];
    for (const file of files) lines.push(...(await needLines<DiffLine>(openLocalStores(directory).work, file)));
    expect(lines).toEqual([]);
    expect(summary.isEqual).toBe(true);
    expect(summary.objects.reduce((sum, { same }) => sum + same, 0)).toBe(site.objects.size);
    console.log(summary.notCompared);
  });
});
