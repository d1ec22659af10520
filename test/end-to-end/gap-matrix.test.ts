import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type EndpointName, type FaultRule, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { linkBase, matrixSite } from './failure-matrix.ts';
import { isDeep } from './kill-points.ts';
import { backUp, type FinishedRun, RecordingReporter, testClock, testSimulator } from './local-run.ts';
import { readStored, type StoredSite, truthOf } from './stored-site.ts';
import { faultRule, type Strike } from './strikes.ts';

/** What a backup reads besides configuration, objects and their counts, and the files that hold it. */
const endpoints: readonly { readonly endpoint: EndpointName; readonly files?: RegExp; readonly what?: string }[] = [
  { endpoint: 'history' },
  { endpoint: 'comments', what: 'comments' },
  { endpoint: 'schema-property', files: /objectschema_properties\.json$/, what: 'schema properties' },
  { endpoint: 'objectschema-attributes' },
  { endpoint: 'icon-global', files: /icons\.json$/ },
  { endpoint: 'icon-png' },
  { endpoint: 'usage', what: 'usage' },
];

const faults: readonly { readonly name: string; readonly fault: FaultRule['fault'] }[] = [
  ...[400, 401, 403, 404, 405, 410, 500, 501, 503].map((status) => ({
    name: String(status),
    fault: { kind: 'status', status } as const,
  })),
  { name: '429', fault: { kind: 'status', status: 429, retryAfter: 1 } },
  { name: '404 with a web page', fault: { kind: 'html', status: 404 } },
  { name: 'a web page', fault: { kind: 'html', status: 200 } },
  { name: 'nothing', fault: { kind: 'empty' } },
  { name: 'an empty object', fault: { kind: 'wrong-shape', body: {} } },
  { name: 'a list of numbers', fault: { kind: 'wrong-shape', body: [1] } },
  { name: 'null', fault: { kind: 'wrong-shape', body: null } },
  { name: 'half of its JSON', fault: { kind: 'truncated' } },
  { name: 'half, then the end of the connection', fault: { kind: 'cut' } },
  { name: 'the end of the connection', fault: { kind: 'close' } },
  { name: 'no answer', fault: { kind: 'hang' } },
];

const strikes: readonly Strike[] = ['once', 'often', 'always'];

const cases = endpoints.flatMap((place, row) =>
  faults.flatMap(({ name, fault }, column) =>
    strikes.map((strike, depth) => ({ ...place, name, fault, strike, number: row + column + depth })),
  ),
);
/** `npm test` runs a share that has every endpoint, fault and strike in it; `npm run test:deep` all. */
const share = cases.filter(({ number }) => isDeep || number % 5 === 0);

describe('what is neither configuration nor objects', () => {
  let whole: StoredSite;
  let icons: number;

  beforeAll(async () => {
    const simulator = await startSimulator({ site: matrixSite(), linkBase, clock: testClock });
    const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-test-'));
    const run = await backUp(simulator, { directory });
    if (run.result?.status !== 'complete' || !run.manifest) throw new Error('the run without faults is not complete');
    whole = await readStored(directory, run.manifest);
    icons = run.manifest.counts.icons;
    rmSync(directory, { recursive: true });
    await simulator.close();
  });

  it.each(share)('leaves a backup of all else: $endpoint answers $name, $strike', async (one) => {
    const site = matrixSite();
    const simulator = await testSimulator({ site, linkBase });
    const rule = faultRule(one.endpoint, one.fault, one.strike);
    simulator.faults.add(rule);
    const run = await backUp(simulator, { requestTimeoutMilliseconds: 100 });
    expect(simulator.faults.struck(rule)).toBeGreaterThan(0);
    await expectAllElse(site, run, whole, one);
    const isNamed = run.manifest?.gaps.some(({ kind }) => kind === 'icons') === true;
    expect(run.manifest?.counts.icons === icons || isNamed).toBe(true);
  });
});

async function expectAllElse(
  site: SimulatedSite,
  run: FinishedRun,
  whole: StoredSite,
  { files, what }: (typeof endpoints)[number],
): Promise<void> {
  expect(run.error).toBeUndefined();
  if (!run.manifest || !run.result) throw new Error('neither result nor error');
  const { gaps, notOffered, name } = run.manifest;
  expect(run.result.status).toBe(gaps.length > 0 ? 'complete-with-gaps' : 'complete');
  const { backups } = openLocalStores(run.directory);
  expect((await verifyBackup({ backups, reporter: new RecordingReporter() }, name)).problems).toEqual([]);

  const stored = await readStored(run.directory, run.manifest);
  const truth = truthOf(site);
  expect(stored.objects).toEqual(truth.objects);
  const isMissing = (what: string) => notOffered.some((entry) => entry.what === what);
  expect(notOffered.map((entry) => entry.what).filter((entry) => entry !== what)).toEqual([]);
  for (const kind of ['history', 'comments'] as const) {
    for (const [id, records] of stored[kind]) expect(records, `${kind} of ${id}`).toEqual(truth[kind].get(id));
    const ofKind = gaps.filter((gap) => gap.kind === kind);
    const isOfAll = ofKind.some((gap) => gap.objectId === undefined && gap.objects === undefined);
    const named = isOfAll ? truth[kind].size : ofKind.reduce((sum, { objects = 1 }) => sum + objects, 0);
    expect(truth[kind].size - stored[kind].size, kind).toBe(isMissing(kind) ? truth[kind].size : named);
  }
  for (const [key, value] of whole.files) {
    if (!key.includes('config/')) continue;
    const isItsOwn = files?.test(key) === true && (gaps.length > 0 || (what !== undefined && isMissing(what)));
    if (!isItsOwn) expect(stored.files.get(key), key).toEqual(value);
  }
}
