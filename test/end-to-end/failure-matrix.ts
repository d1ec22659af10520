import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { EndpointName, FaultRule, SimulatedRequest } from '../../simulator/start-simulator.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { backUp, type FinishedRun, RecordingReporter, testSimulator } from './local-run.ts';
import { readStored, truthOf } from './stored-site.ts';

/** Every endpoint that a backup reads. `list`: what it gives can be checked against something, so a dropped item must show. */
const endpoints: { name: string; endpoint: EndpointName; list?: boolean }[] = [
  { name: 'workspace', endpoint: 'workspace', list: true },
  { name: 'schema list', endpoint: 'objectschema-list', list: true },
  { name: 'schema', endpoint: 'objectschema' },
  { name: 'schema properties', endpoint: 'schema-property' },
  { name: 'types', endpoint: 'objecttypes-flat', list: true },
  { name: 'attributes', endpoint: 'objecttype-attributes', list: true },
  { name: 'attributes of the schema', endpoint: 'objectschema-attributes', list: true },
  { name: 'status types', endpoint: 'statustypes' },
  { name: 'reference types', endpoint: 'referencetypes' },
  { name: 'global icons', endpoint: 'icon-global' },
  { name: 'icon image', endpoint: 'icon-png' },
  { name: 'objects', endpoint: 'object-aql', list: true },
  { name: 'count', endpoint: 'totalcount' },
  { name: 'history', endpoint: 'history' },
  { name: 'comments', endpoint: 'comments' },
  { name: 'usage', endpoint: 'usage' },
];

/**
 * `brief`: tried also as a fault of a moment, because it is not retried; `lasting`: tried also at every request of the
 * endpoint, because it looks like something that the site does not offer.
 */
const faults: { name: string; fault: FaultRule['fault']; onlyLists?: boolean; brief?: boolean; lasting?: boolean }[] = [
  { name: '429', fault: { kind: 'status', status: 429, retryAfter: 1 } },
  { name: '500 JSON', fault: { kind: 'status', status: 500 }, lasting: true },
  { name: '500 HTML', fault: { kind: 'html', status: 500 } },
  { name: '403', fault: { kind: 'status', status: 403 }, brief: true, lasting: true },
  { name: '404', fault: { kind: 'status', status: 404 }, brief: true, lasting: true },
  { name: 'time-out', fault: { kind: 'hang' } },
  { name: 'closed connection', fault: { kind: 'close' } },
  { name: 'truncated JSON', fault: { kind: 'truncated' } },
  { name: 'cut connection', fault: { kind: 'cut' } },
  { name: 'empty 200', fault: { kind: 'empty' } },
  { name: 'HTML 200', fault: { kind: 'html', status: 200 } },
  { name: 'wrong shape', fault: { kind: 'wrong-shape', body: { unexpected: true } } },
  { name: 'dropped item', fault: { kind: 'drop-item', index: 0 }, onlyLists: true, brief: true, lasting: true },
  { name: 'repeated item', fault: { kind: 'repeat-item', index: 0 }, onlyLists: true, brief: true, lasting: true },
];

/** Two schemas, three types (one of several pages, one empty), history and comments on every object. */
export function matrixSite(): SimulatedSite {
  const site = new SimulatedSite();
  for (const [key, sizes] of [
    ['ONE', [5, 0]],
    ['TWO', [2]],
  ] as const) {
    const schema = site.addSchema({ key });
    for (const [index, size] of sizes.entries()) {
      const type = site.addType({ schema, name: `Type ${index}` });
      for (let number = 0; number < size; number += 1) {
        const object = site.addObject({ type, name: `${key} ${index} ${number}` });
        site.addHistory({ object, attribute: 'Name', oldValue: '', newValue: 'x' });
        site.addComment({ object, text: `comment on ${number}` });
      }
    }
  }
  return site;
}

/** Never `complete` with less than the site holds, and nothing of what a manifest says is untrue. */
async function expectHonest(
  site: SimulatedSite,
  run: FinishedRun,
  isConfigurationWhole: (stored: Awaited<ReturnType<typeof readStored>>) => void,
) {
  if (run.error) {
    expect(run.error.name).toMatch(/Error$/);
    expect(run.error.message.length).toBeGreaterThan(20);
    return;
  }
  if (!run.manifest || !run.result) throw new Error('neither result nor error');
  const stored = await readStored(run.directory, run.manifest);
  const truth = truthOf(site);
  const { backups } = openLocalStores(run.directory);
  expect((await verifyBackup({ backups, reporter: new RecordingReporter() }, run.manifest.name)).problems).toEqual([]);
  for (const [id, object] of stored.objects) expect(object).toEqual(truth.objects.get(id));
  if (run.result.status === 'partial') {
    expect(run.manifest.gaps.length).toBeGreaterThan(0);
    return;
  }
  expect(stored.objects).toEqual(truth.objects);
  if (run.result.status === 'complete-with-gaps') {
    expect(run.manifest.gaps.length).toBeGreaterThan(0);
    return;
  }
  const notOffered = run.manifest.notOffered.map(({ what }) => what);
  if (!notOffered.includes('history')) expect(stored.history).toEqual(truth.history);
  if (!notOffered.includes('comments')) expect(stored.comments).toEqual(truth.comments);
  isConfigurationWhole(stored);
}

/** Small pages, so that every type has a first, a middle and a last one. */
const quirks = { maxPageSize: 2, isLast: 'boolean' } as const;

/**
 * Which requests fail: one of them, however often it is retried; that one, once; or all. Two requests are one if they ask
 * the same.
 */
const strikes = ['the first', 'the middle one', 'the last', 'the first, once', 'every one'] as const;

function struckBy(strike: (typeof strikes)[number], asked: readonly string[]): (request: SimulatedRequest) => boolean {
  const index = {
    'the first': 0,
    'the middle one': Math.floor(asked.length / 2),
    'the last': asked.length - 1,
    'the first, once': 0,
  };
  if (strike === 'every one') return () => true;
  return (request) => signature(request) === asked[index[strike]];
}

const signature = (request: SimulatedRequest) => `${request.path}?${request.query} ${request.rawBody}`;

/** The matrix in so many parts, a test file each, because files run side by side. */
const parts = 3;

/** Runs a backup for each fault at each place of a part's endpoints. */
export function describeFailures(part: number): void {
  describe.each(endpoints.filter((_, index) => index % parts === part - 1))('when $name', ({ endpoint, list }) => {
    const asked: string[] = [];
    let wholeFiles: Map<string, unknown>;

    beforeAll(async () => {
      const simulator = await startSimulator({ site: matrixSite(), quirks, linkBase });
      simulator.onRequest(endpoint, (request) => {
        if (!asked.includes(signature(request))) asked.push(signature(request));
      });
      const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-test-'));
      const clean = await backUp(simulator, { directory });
      if (clean.result?.status !== 'complete' || !clean.manifest)
        throw new Error('the run without faults is not complete');
      wholeFiles = (await readStored(directory, clean.manifest)).files;
      rmSync(directory, { recursive: true });
      await simulator.close();
      expect(asked.length).toBeGreaterThan(0);
    });

    describe.each(faults.filter(({ onlyLists }) => list || !onlyLists))(
      'answers $name',
      ({ fault, brief, lasting }) => {
        const fitting = strikes.filter((strike) =>
          strike === 'the first, once' ? brief : strike === 'every one' ? lasting : true,
        );
        it.each(fitting)('at %s', async (strike) => {
          const site = matrixSite();
          const simulator = await testSimulator({ site, quirks, linkBase });
          const rule: FaultRule = {
            endpoint,
            fault,
            match: struckBy(strike, asked),
            ...(strike === 'the first, once' && { times: 1 }),
          };
          simulator.faults.add(rule);
          const run = await backUp(simulator, { requestTimeoutMilliseconds: 150 });
          expect(simulator.faults.struck(rule)).toBeGreaterThan(0);
          await expectHonest(site, run, (stored) => {
            for (const [key, value] of wholeFiles) {
              if (key.includes('config/') && !isNotOffered(run, key))
                expect(inOrder(stored.files.get(key)), key).toEqual(inOrder(value));
            }
          });
        });
      },
    );
  });
}

/** Links in answers are the same for every simulator, so that two backups can be compared. */
export const linkBase = 'https://links.example';

function isNotOffered(run: FinishedRun, key: string): boolean {
  return (
    key.endsWith('objectschema_properties.json') &&
    run.manifest?.notOffered.some(({ what }) => what === 'schema properties') === true
  );
}

/** Lists that were read twice, because an item was missing, come in another order. */
function inOrder(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value;
}
