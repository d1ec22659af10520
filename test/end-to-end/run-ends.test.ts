import { describe, expect, it } from 'vitest';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import type { AssetsBackupError } from '../../core/errors.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { siteWithoutAssets } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import {
  backUp,
  type FinishedRun,
  HurriedClock,
  RecordingReporter,
  testDirectory,
  testSimulator,
} from './local-run.ts';

const errorOf = (run: FinishedRun) => run.error as AssetsBackupError | undefined;

async function states(directory: string): Promise<string[]> {
  const listed = await Array.fromAsync(listBackups(openLocalStores(directory).backups));
  return listed.map((backup) => (backup.state === 'finished' ? backup.manifest.status : backup.state));
}

describe('a run that is stopped', () => {
  it.each([1, 2, 5, 12, 30, 60, 100])(
    'at request %i leaves no backup, and the next one is complete',
    async (stopAt) => {
      const site = randomSite(9, 40);
      const simulator = await testSimulator({ site });
      const controller = new AbortController();
      const end = simulator.onRequest('*', () => {
        if (simulator.requests.total >= stopAt) controller.abort(new Error('stop'));
      });
      const directory = testDirectory();
      const stopped = await backUp(simulator, { directory, signal: controller.signal });
      expect(errorOf(stopped)).toMatchObject({ name: 'InterruptedError', exitCode: 130 });
      expect((await states(directory)).filter((state) => state !== 'unfinished')).toEqual([]);
      end();
      const next = await backUp(simulator, { directory });
      expect(next.result?.status).toBe('complete');
      expect((await states(directory)).filter((state) => state === 'complete')).toHaveLength(1);
    },
  );
});

describe('two runs of one site', () => {
  it('exclude each other: the second is refused while the first runs, and goes through afterwards', async () => {
    const simulator = await testSimulator({ site: randomSite(9, 40) });
    const directory = testDirectory();
    let second: Promise<FinishedRun> | undefined;
    simulator.onRequest('object-aql', async () => {
      second ??= backUp(simulator, { directory });
      await second;
    });
    const first = await backUp(simulator, { directory });
    expect(errorOf((await second) as FinishedRun)).toMatchObject({ name: 'RunInProgressError', exitCode: 11 });
    expect(first.result?.status).toBe('complete');
    expect((await backUp(simulator, { directory })).result?.status).toBe('complete');
  });
});

describe('two sites backed up into one folder within the same second', () => {
  it('have a backup each', async () => {
    const directory = testDirectory();
    const sites = [randomSite(4, 30), randomSite(5, 30, { workspaceId: 'another-workspace' })];
    const simulators = await Promise.all(sites.map((site) => testSimulator({ site })));
    const startsAt = Date.UTC(2026, 10, 23, 2);
    const runs = await Promise.all(
      simulators.map((simulator) => backUp(simulator, { directory, clock: new HurriedClock(startsAt) })),
    );
    expect(new Set(runs.map(({ result }) => result?.backup)).size).toBe(2);
    const { backups } = openLocalStores(directory);
    for (const { result, manifest } of runs) {
      expect(result?.status).toBe('complete');
      const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, manifest?.name ?? '');
      expect(verification).toMatchObject({ problems: [], strangers: [] });
    }
  });
});

describe('a run that cannot go on', () => {
  it('says which schema key does not exist, before anything is stored', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const run = await backUp(simulator, { objectSchemaKeys: ['FAC', 'NOPE'] });
    expect(errorOf(run)).toMatchObject({ name: 'WrongInputError', exitCode: 2 });
    expect(run.error?.message).toMatch(/NOPE.*It has: FAC, USERS, SVC, ASSETS/);
    expect(Object.keys(simulator.requests.byEndpoint).sort()).toEqual(['objectschema-list', 'workspace']);
    expect(await states(run.directory)).toEqual([]);
  });

  it('stops at once when the login is refused in the middle', async () => {
    const site = largeSite({ objects: 3_000, historyEntries: 1 });
    const simulator = await testSimulator({ site, login: { revokeAfter: 500 } });
    const run = await backUp(simulator);
    expect(errorOf(run)).toMatchObject({ name: 'LoginRefusedError', exitCode: 12 });
    expect(simulator.requests.total).toBeLessThan(700);
    expect(await states(run.directory)).toEqual(['unfinished']);
    simulator.login.restore();
    expect((await backUp(simulator, { directory: run.directory, activity: false })).result?.status).toBe('complete');
  });

  it('stops when the objects of 1 % of the types cannot be read, of five at least', async () => {
    const site = largeSite({ objects: 60, types: 12 });
    const types = [...site.types.keys()].slice(3, 8);
    const simulator = await testSimulator({ site });
    simulator.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => types.some((id) => rawBody.toString().includes(`objectTypeId = ${id} `)),
      fault: { kind: 'status', status: 403 },
    });
    const run = await backUp(simulator);
    expect(errorOf(run)).toMatchObject({ name: 'TooManyFailuresError', exitCode: 1 });
    expect(run.error?.message).toMatch(/5 requests for objects failed/);
    expect(await states(run.directory)).toEqual(['unfinished']);
  });

  it('gives one sentence for a site without Assets, a wrong login and a wrong address', async () => {
    const simulator = await testSimulator({ site: siteWithoutAssets() });
    const cases: [object, string, number][] = [
      [{}, 'NoAssetsError', 1],
      [{ apiToken: 'wrong' }, 'LoginRefusedError', 12],
      [{ siteName: 'http://127.0.0.1:1' }, 'WrongAddressError', 1],
    ];
    for (const [site, name, exitCode] of cases) {
      const run = await backUp(simulator, { site });
      expect(errorOf(run)).toMatchObject({ name, exitCode, isUserMistake: true });
      expect(run.error?.message.split('\n')).toHaveLength(1);
    }
  });
});

describe('a run that misses something', () => {
  it('names it, and is complete but for gaps where only activity is missing', async () => {
    const site = largeSite({ objects: 600, historyEntries: 1, shareWithComments: 0.5 });
    const simulator = await testSimulator({ site });
    simulator.faults.add({
      endpoint: 'history',
      match: ({ path }) => path.endsWith('/object/100/history'),
      fault: { kind: 'status', status: 500 },
    });
    const run = await backUp(simulator);
    expect(run.result).toMatchObject({ status: 'complete-with-gaps', gaps: 1 });
    expect(run.manifest?.gaps[0]).toMatchObject({ kind: 'history', objectId: '100', error: 'SiteUnavailableError' });
    expect(run.manifest?.counts.historyRead).toBe(599);
  });

  it('is partial where objects are missing', async () => {
    const site = largeSite({ objects: 600, types: 6 });
    const simulator = await testSimulator({ site });
    const type = [...site.types.values()][2];
    simulator.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => rawBody.toString().includes(`objectTypeId = ${type?.id} `),
      fault: { kind: 'html', status: 503 },
    });
    const run = await backUp(simulator, { activity: false });
    expect(run.result?.status).toBe('partial');
    expect(run.manifest?.gaps).toMatchObject([{ kind: 'objects', objectTypeId: String(type?.id) }]);
  });

  it('says what the last backup had and this login does not see any more', async () => {
    const site = largeSite({ objects: 60, types: 6, schemas: 2 });
    const simulator = await testSimulator({ site });
    const first = await backUp(simulator);
    simulator.faults.add({ endpoint: 'objectschema-list', fault: { kind: 'drop-item', index: 1 } });
    simulator.faults.add({
      endpoint: 'objectschema',
      match: ({ path }) => path.endsWith('/2'),
      fault: { kind: 'status', status: 404 },
    });
    const second = await backUp(simulator, { directory: first.directory });
    expect(second.manifest?.notices.map(({ kind }) => kind)).toEqual(['schema-not-visible']);
    expect(second.manifest?.suspicions).toMatchObject([
      { kind: 'schema-not-visible', schemaId: '2', before: 18, now: 0 },
    ]);
  });
});

describe('the event of a finished backup, of which metrics are made', () => {
  const finished = ({ reporter }: FinishedRun) =>
    reporter.events.filter(({ name }) => name === 'backup.finished').map(({ fields }) => fields);
  const later = (seconds: number) => new HurriedClock(Date.UTC(2026, 10, 23, 2, 0, seconds));

  it('says whether it counts, and how many objects fewer there are than in the last one that is not suspicious', async () => {
    const site = largeSite({ objects: 400, types: 4, schemas: 2, shareOfFirstType: 0.25 });
    const simulator = await testSimulator({ site });
    const directory = testDirectory();
    const run = async (second: number, keys: string[] | null = null) =>
      finished(
        await backUp(simulator, { directory, clock: later(second), activity: false, objectSchemaKeys: keys }),
      )[0];
    const [smaller, other] = [...site.schemas.values()];
    const startedAt = expect.stringMatching(/^2026-11-23T02:00:0/);
    expect(await run(0)).toMatchObject({ counts: 1, objects: 400, gaps: 0, suspicions: 0, startedAt });
    const gone = [...site.objects.all()].filter(({ typeId }) => site.types.get(typeId)?.schemaId === smaller?.id);
    for (const object of gone.slice(0, 50)) site.deleteObject(object);
    // Held against the same schemas of the last backup that covers them.
    expect(await run(10, [String(other?.key)])).toMatchObject({ objects: 200, objectsLostSinceLast: 0 });
    expect(await run(20, [String(smaller?.key)])).toMatchObject({ objects: 150, objectsLostSinceLast: 50 });
    // Of the type, of all together, and what referred to them has other values.
    const fewer = { suspicions: 3, objectsLostSinceLast: 50, objectsLostSinceWeek: null };
    expect(await run(30)).toMatchObject({ counts: 1, objects: 350, ...fewer });
    // What is suspicious is no measure for the next.
    expect(await run(40)).toMatchObject(fewer);

    const type = [...site.types.values()].find(({ schemaId }) => schemaId === other?.id);
    const isOfType = ({ rawBody }: { rawBody: Buffer }) => rawBody.toString().includes(`objectTypeId = ${type?.id} `);
    simulator.faults.add({ endpoint: 'object-aql', match: isOfType, fault: { kind: 'html', status: 503 } });
    expect(await run(50)).toMatchObject({ counts: 0, gaps: 1 });
    simulator.faults.clear();
    // The partial one is no measure for the next.
    expect(await run(300)).toMatchObject({ counts: 1, objects: 350, ...fewer });
  });
});

describe('an endpoint that the site refuses throughout', () => {
  it.each([405, 410, 501])('is not offered where comments are answered %i', async (status) => {
    const simulator = await testSimulator({ site: randomSite(3, 30) });
    simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status } });
    const run = await backUp(simulator);
    expect(run.result).toMatchObject({ status: 'complete', notOffered: ['comments'] });
  });

  it('is one gap where comments are forbidden', async () => {
    const simulator = await testSimulator({ site: largeSite({ objects: 300, historyEntries: 1 }) });
    simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status: 403 } });
    const run = await backUp(simulator);
    expect(run.result).toMatchObject({ status: 'complete-with-gaps', gaps: 1 });
    expect(simulator.requests.count('comments')).toBeLessThan(5);
    expect(run.manifest?.counts.historyRead).toBe(300);
  });

  it('leaves a usable backup where no icon has an image', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    simulator.faults.add({ endpoint: 'icon-png', fault: { kind: 'status', status: 404 } });
    const run = await backUp(simulator, { activity: false });
    expect(run.result?.status).toBe('complete-with-gaps');
    expect(run.manifest?.gaps.every(({ kind }) => kind === 'icons')).toBe(true);
  });

  it('leaves a usable backup where the properties of schemas are forbidden', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 30) });
    simulator.faults.add({ endpoint: 'schema-property', fault: { kind: 'status', status: 403 } });
    expect((await backUp(simulator)).result?.status).toBe('complete-with-gaps');
  });
});

describe('a run whose manifest is written', () => {
  it('has its result, also when it is stopped then', async () => {
    const simulator = await testSimulator({ site: randomSite(9, 40) });
    const controller = new AbortController();
    const reporter = new RecordingReporter();
    reporter.event = (_level, name) => {
      if (name === 'backup.finished') controller.abort(new Error('stop'));
    };
    const run = await backUp(simulator, { signal: controller.signal, reporter });
    expect(run.result?.status).toBe('complete');
    expect(await states(run.directory)).toEqual(['complete']);
  });
});

describe('a wrong apiUrl', () => {
  it('is named, whether nothing is there or something else', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    for (const apiUrl of [`${simulator.url}/wrong`, 'http://127.0.0.1:1']) {
      const run = await backUp(simulator, { site: { apiUrl } });
      expect(errorOf(run)).toMatchObject({ name: 'WrongAddressError', exitCode: 1, isUserMistake: true });
      expect(run.error?.message).toContain(apiUrl);
    }
  });
});

describe('what a run says of itself', () => {
  it('holds neither the token nor a value of an object, also when things fail', async () => {
    const site = demoSite();
    const simulator = await testSimulator({ site, login: { apiToken: 'canary-token-5f2c' } });
    simulator.faults.add({
      endpoint: 'history',
      skip: 20,
      times: 8,
      fault: { kind: 'wrong-shape', body: 'secret value' },
    });
    simulator.faults.add({ endpoint: 'object-aql', skip: 3, times: 6, fault: { kind: 'truncated' } });
    simulator.faults.add({
      endpoint: 'comments',
      skip: 9,
      times: 6,
      fault: { kind: 'html', body: '<p>secret value</p>' },
    });
    const run = await backUp(simulator);
    const said = JSON.stringify([run.reporter.events, run.result, run.error?.message, run.manifest]);
    expect(run.reporter.events.some(({ name }) => name === 'request.failed')).toBe(true);
    expect(said).not.toContain('canary-token-5f2c');
    expect(said).not.toContain('secret value');
    const values = new Set<string>();
    for (const object of site.allObjects()) values.add(String(object.label));
    for (const user of site.users.values()) values.add(user.displayName);
    const leaked = [...values].filter((value) => value.length > 6 && said.includes(`${value}"`));
    // Names of types and schemas are configuration, and may be said.
    const names = new Set([...site.types.values(), ...site.schemas.values()].map(({ name }) => name));
    expect(leaked.filter((value) => !names.has(value))).toEqual([]);
  });
});
