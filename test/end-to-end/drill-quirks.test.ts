import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { type Quirks, startSimulator } from '../../simulator/start-simulator.ts';
import { drill } from './drill-run.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';

/** Sites that are otherwise than documented, each in a way that a restore knows. What one refuses without a word beforehand is a difference. */
const sites: readonly Partial<Quirks>[] = [
  { deletesInUse: 'refused' },
  { deletesInUse: 'refused', undocumentedDeletes: 'not-offered' },
  { comments: 'not-offered' },
  { iconUpload: 'not-offered' },
  { attributePosition: 'not-offered' },
  { attributePlaces: 'among-own' },
  { displayName: false, unknownDisplayName: 'ignored' },
  { displayName: false, unknownDisplayName: 'refused' },
  { usersSearch: 'forbidden', groupBulk: 'forbidden' },
  { referenceValues: 'id', groupValues: 'groupId', attributeIds: 'number' },
  { searchLagMs: 20_000 },
  { usage: 'forbidden', totalCap: 10, maxPageSize: 7 },
  { schemaProperties: 'three', attributeType: 'never' },
  { deactivatedUsers: 'rejected' },
];

describe('a drill on a site of another kind', { timeout: 10 * 60_000 }, () => {
  it('is green, names what the site does not offer as not covered, and leaves no trace', async () => {
    const source = await testSimulator({ site: awkwardSite() });
    const { directory } = await backUp(source);
    const wrong: string[] = [];
    for (const quirks of sites) {
      const own = testDirectory();
      cpSync(directory, own, { recursive: true });
      const site = emptySiteLike(awkwardSite(), { workspaceId: crypto.randomUUID() });
      const target = await startSimulator({ site, quirks });
      const before = fingerprint(site);
      const { result, report, error } = await drill(target, own);
      const where = JSON.stringify(quirks);
      if (error) wrong.push(`${where}: ${error.message}`);
      for (const one of report?.found.slice(0, 3) ?? []) wrong.push(`${where}: ${one}`);
      if (result?.outcome !== 'passed') wrong.push(`${where}: ${result?.outcome}`);
      if (fingerprint(site) !== before) wrong.push(`${where}: the site is another one`);
      await target.close();
    }
    expect(wrong).toEqual([]);
  });
});
