import { describe, expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { EndpointName, FaultRule } from '../../simulator/start-simulator.ts';
import { folderWithIssueLinks, issuesCompany, linksOnSite, storedLinks } from './issues-company.ts';
import { isDeep } from './kill-points.ts';
import { backUp, type FinishedRun, RecordingReporter, testSimulator } from './local-run.ts';
import { readStored, truthOf } from './stored-site.ts';
import { faultRule, type Strike } from './strikes.ts';

/** What is read for issue links alone. */
const endpoints: readonly EndpointName[] = [
  'field-list',
  'field-search',
  'field-contexts',
  'fieldconfig',
  'issue-search',
];

const faults: readonly { readonly name: string; readonly fault: FaultRule['fault'] }[] = [
  ...[400, 401, 403, 404, 405, 410, 500, 503].map((status) => ({
    name: String(status),
    fault: { kind: 'status', status } as const,
  })),
  { name: '429', fault: { kind: 'status', status: 429, retryAfter: 1 } },
  { name: '404 with a web page', fault: { kind: 'html', status: 404 } },
  { name: 'a web page', fault: { kind: 'html', status: 200 } },
  { name: 'nothing', fault: { kind: 'empty' } },
  { name: 'an empty object', fault: { kind: 'wrong-shape', body: {} } },
  { name: 'a list of numbers', fault: { kind: 'wrong-shape', body: [1] } },
  { name: 'half of its JSON', fault: { kind: 'truncated' } },
  { name: 'half, then the end of the connection', fault: { kind: 'cut' } },
  { name: 'the end of the connection', fault: { kind: 'close' } },
  { name: 'no answer', fault: { kind: 'hang' } },
  { name: 'without an end', fault: { kind: 'endless' } },
  { name: 'values too deep', fault: { kind: 'nested', depth: 20_000 } },
  { name: 'an item twice', fault: { kind: 'repeat-item', index: 0 } },
];

const strikes: readonly Strike[] = ['once', 'later', 'often', 'always'];

const cases = endpoints.flatMap((endpoint, row) =>
  // A list that comes in one piece has whatever the site says.
  faults
    .filter(({ fault }) => endpoint !== 'field-list' || fault.kind !== 'endless')
    .flatMap(({ name, fault }, column) =>
      strikes.map((strike, depth) => ({ endpoint, name, fault, strike, number: row + column + depth })),
    ),
);
/** `npm test` runs a share that has every endpoint, fault and strike in it; `npm run test:deep` all. */
const share = cases.filter(({ number }) => isDeep || number % 5 === 0);

describe('issue links that cannot be read', () => {
  it.each(share)('leave a backup of all else, and say so: $endpoint answers $name, $strike', async (one) => {
    const { site } = issuesCompany({ issues: 12 });
    const simulator = await testSimulator({ site, quirks: { issuePageSize: 2 } });
    simulator.faults.add(faultRule(one.endpoint, one.fault, one.strike));
    const run = await backUp(simulator, { directory: folderWithIssueLinks(), requestTimeoutMilliseconds: 100 });
    await expectAllElse(site, run);
  });

  it.each([
    ['403 of an account without Jira', { kind: 'status', status: 403 }],
    ['404 of a gateway', { kind: 'status', status: 404 }],
    [
      '401 of a token without the scope',
      { kind: 'status', status: 401, body: { code: 401, message: 'Unauthorized; scope does not match' } },
    ],
  ] as const)('are not offered: %s; a gap in the first night after one that has them', async (_, fault) => {
    const { site } = issuesCompany();
    const simulator = await testSimulator({ site });
    const everything = { endpoint: endpoints, fault } as const;
    const directory = folderWithIssueLinks();
    simulator.faults.add(everything);
    const bare = await backUp(simulator, { directory });
    expect(bare.manifest).toMatchObject({ status: 'complete', gaps: [], issueLinks: null });
    expect(bare.manifest?.notOffered).toMatchObject([{ what: 'issue links' }]);
    expect(bare.result?.notOffered).toEqual(['issue links']);
    simulator.faults.clear();
    const had = await backUp(simulator, { directory });
    expect(had.manifest).toMatchObject({ status: 'complete', notOffered: [] });
    simulator.faults.add(everything);
    const lost = await backUp(simulator, { directory });
    expect(lost.manifest).toMatchObject({ status: 'complete-with-gaps', notOffered: [] });
    expect(lost.manifest?.gaps).toMatchObject([{ kind: 'issues', what: 'issue links' }]);
    expect(lost.manifest?.gaps[0]?.reason).toContain(`The last backup, ${had.manifest?.name}, has them.`);
    const taken = await backUp(simulator, { directory });
    expect(taken.manifest).toMatchObject({ status: 'complete', gaps: [] });
    expect(taken.manifest?.notOffered).toMatchObject([{ what: 'issue links' }]);
  });
});

/** Whatever is not as the site has it is named; what is stored is true. */
async function expectAllElse(site: SimulatedSite, run: FinishedRun): Promise<void> {
  expect(run.error).toBeUndefined();
  const { manifest } = run;
  if (!manifest) throw new Error('There is no backup.');
  const { gaps, notOffered, name, issueLinks } = manifest;
  expect(manifest.status).toBe(gaps.length > 0 ? 'complete-with-gaps' : 'complete');
  expect(gaps.filter(({ kind }) => kind !== 'issues')).toEqual([]);
  const { backups } = openLocalStores(run.directory);
  expect((await verifyBackup({ backups, reporter: new RecordingReporter() }, name)).problems).toEqual([]);
  expect((await readStored(run.directory, manifest)).objects).toEqual(truthOf(site).objects);

  const truth = linksOnSite(site);
  const stored = await storedLinks(run.directory, manifest);
  const said = [...gaps, ...notOffered].map(({ what }) => what);
  if (issueLinks === null) expect(said.filter((what) => /^Assets fields|^issue links/.test(what))).toHaveLength(1);
  for (const { id, issues } of issueLinks ?? []) {
    const ofField = stored[id] ?? {};
    // The site's own ones: pages without an end hold invented ones too.
    for (const [key, objects] of Object.entries(ofField)) if (truth[id]?.[key]) expect(objects).toEqual(truth[id][key]);
    if (issues === null) expect(said.some((what) => what.includes(id) || what === 'issue links')).toBe(true);
    else expect(ofField).toEqual(truth[id]);
  }
  const known = Object.keys(stored);
  if (issueLinks) expect(known).toEqual(Object.keys(truth));
}
