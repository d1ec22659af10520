import { describe, expect, it } from 'vitest';
import { backupNames } from '../../../core/backup-format/open-backup.ts';
import { EmptySecretError, StorageError } from '../../../core/errors.ts';
import type { SetupReport } from '../../../core/operations/check-setup.ts';
import type { BackupStore, FileToCopy } from '../../../core/ports/backup-store.ts';
import type { Services } from '../../../core/ports/services.ts';
import { step } from '../../../functions/operations/check-setup.ts';
import { demoSite } from '../../../simulator/seeds/demo.ts';
import { siteWithoutAssets } from '../../../simulator/seeds/empty.ts';
import type { EndpointName } from '../../../simulator/start-simulator.ts';
import { HurriedClock, testSimulator } from '../../end-to-end/local-run.ts';
import { operationServices } from './operation-services.ts';

async function check(services: Services): Promise<SetupReport> {
  return (await step.invoke(services, { whatever: 'a person gives' })) as unknown as SetupReport;
}

const failed = ({ checks }: SetupReport) => checks.filter(({ ok }) => !ok).map(({ name }) => name);
const named = ({ checks }: SetupReport, name: string) => checks.find((one) => one.name === name);

/** Every failed check says what to do, but for those that were not tried. */
function expectRemedies({ checks }: SetupReport) {
  for (const { ok, detail, remedy } of checks) {
    if (!ok && !detail.startsWith('Not checked, because ')) expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect(detail).toMatch(/\S/);
  }
}

describe('a setup that is in order', () => {
  it('has every check passed, twice, and leaves no backup and no change on the site', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const { services, reporter } = operationServices(simulator, { settings: { expires: '2999-01-31' } });
    for (let time = 1; time <= 2; time += 1) {
      const report = await check(services);
      expect(failed(report)).toEqual([]);
      expect(report.ok).toBe(true);
      expect(report.checks.every(({ remedy }) => remedy === null)).toBe(true);
    }
    expect(simulator.requests.writes).toEqual([]);
    expect(await backupNames(services.backups)).toEqual([]);
    expect(simulator.requests.total).toBeLessThan(100);
    expect(reporter.events.map(({ name }) => name)).toContain('step.completed');
  });

  it('asks with every kind of request that a backup makes', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    await check(operationServices(simulator).services);
    const asked = Object.keys(simulator.requests.byEndpoint);
    expect(asked).toEqual(expect.arrayContaining([...endpointsOfABackup.map(([endpoint]) => endpoint)]));
  });

  it('holds neither the token nor a value of an object', async () => {
    const site = demoSite();
    const simulator = await testSimulator({ site, login: { apiToken: 'canary-token-5f2c' } });
    simulator.faults.add({ endpoint: 'history', fault: { kind: 'wrong-shape', body: 'secret value' } });
    const { services, reporter } = operationServices(simulator, { clock: new HurriedClock() });
    const report = await check(services);
    const said = JSON.stringify([report, reporter.events]);
    expect(failed(report)).toEqual(['history']);
    expect(said).not.toMatch(/canary-token-5f2c|secret value/);
    for (const { label } of site.allObjects()) expect(said).not.toContain(`"${String(label)}"`);
  });
});

/** The endpoints of a backup, and the check that fails where one is forbidden. */
const endpointsOfABackup: [EndpointName, string][] = [
  ['objectschema', 'object schema'],
  ['schema-property', 'properties of a schema'],
  ['objecttypes-flat', 'object types'],
  ['objectschema-attributes', 'attributes of a schema'],
  ['objecttype-attributes', 'attributes of an object type'],
  ['statustypes', 'status types'],
  ['referencetypes', 'reference types'],
  ['icon-global', 'icons'],
  ['icon', 'icon'],
  ['icon-png', 'image of an icon'],
  ['object-aql', 'objects'],
  ['totalcount', 'number of objects'],
  ['object', 'object'],
  ['history', 'history'],
  ['comments', 'comments'],
];

describe('a login that may not read everything', () => {
  it.each(endpointsOfABackup)('is found out where %s is forbidden', async (endpoint, name) => {
    const simulator = await testSimulator({ site: demoSite() });
    simulator.faults.add({ endpoint, fault: { kind: 'status', status: 403 } });
    const report = await check(operationServices(simulator).services);
    expect(report.ok).toBe(false);
    expect(named(report, name)).toMatchObject({ ok: false, detail: expect.stringContaining('403') });
    expect(named(report, name)?.remedy).toMatch(/Give the account a role/);
    expectRemedies(report);
    expect(named(report, 'login')?.ok).toBe(true);
    expect(named(report, 'work bucket')?.ok).toBe(true);
  });

  it('is told which scopes its token needs', async () => {
    const simulator = await testSimulator({
      site: demoSite(),
      login: { kind: 'scoped', scopes: ['read:servicedesk-request', 'read:cmdb-schema:jira', 'read:cmdb-type:jira'] },
    });
    const report = await check(operationServices(simulator).services);
    expect(named(report, 'object types')?.ok).toBe(true);
    expect(named(report, 'objects')).toMatchObject({ ok: false });
    expect(named(report, 'objects')?.remedy).toMatch(/read:cmdb-object:jira/);
    expect(named(report, 'history')?.detail).toBe('Not checked, because the check "objects" failed.');
  });

  it('is told of schemas that it cannot see, which may be meant so', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    simulator.faults.add({ endpoint: 'objectschema-list', fault: { kind: 'drop-item', index: 1 } });
    const report = await check(operationServices(simulator).services);
    expect(named(report, 'usage')).toMatchObject({ ok: true, detail: expect.stringMatching(/also has .*cannot see/) });
    expect(named(report, 'usage')?.remedy).toMatch(/role/);
  });

  it('is told of schemas of the schedule that it cannot see', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const [key = ''] = [...demoSite().schemas.values()].map(({ key }) => key);
    const withKeys = async (...objectSchemaKeys: string[]) => {
      const watched = { alarmAfterHours: 36, objectSchemaKeys, tokenWarningDays: 14 };
      return check(operationServices(simulator, { watched }).services);
    };
    const report = await withKeys(key, 'TYPO');
    expect(failed(report)).toEqual(['scheduled schemas']);
    expect(named(report, 'scheduled schemas')?.detail).toBe(
      'The schedule backs up TYPO too, which this account does not see.',
    );
    expectRemedies(report);
    expect(failed(await withKeys(key))).toEqual([]);
  });

  it.each(['comments', 'usage'] as const)('lacks nothing where the site does not offer %s', async (endpoint) => {
    const simulator = await testSimulator({ site: demoSite() });
    simulator.faults.add({ endpoint, fault: { kind: 'status', status: 404 } });
    const report = await check(operationServices(simulator).services);
    expect(named(report, endpoint)).toMatchObject({ ok: true, detail: expect.stringMatching(/does not offer it/) });
    expect(report.ok).toBe(true);
  });
});

describe('a setup that cannot log in', () => {
  const empty = new EmptySecretError('The secret arn:1 holds no login yet.');
  const refuse = (): never => {
    throw empty;
  };

  it('says so of an empty secret, and checks the buckets nevertheless', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const { services } = operationServices(simulator);
    const site = {
      discover: async () => refuse(),
      reader: refuse,
      writer: refuse,
      issuesReader: refuse,
      issuesWriter: refuse,
    };
    const report = await check({ ...services, site });
    expect(named(report, 'secret')).toMatchObject({ ok: false, detail: empty.message });
    expect(named(report, 'secret')?.remedy).toMatch(/assets-backup login/);
    for (const name of ['site', 'login', 'Assets', 'reading', 'clock', 'token']) {
      expect(named(report, name)?.detail).toBe('Not checked, because the check "secret" failed.');
    }
    expect(named(report, "backups' bucket")?.ok).toBe(true);
    expect(named(report, 'work bucket')?.ok).toBe(true);
  });

  it.each<[string, object, readonly string[]]>([
    ['a wrong token', { apiToken: 'wrong' }, ['login', 'Assets']],
    ['a wrong address', { siteName: 'http://127.0.0.1:1' }, ['site', 'login', 'Assets']],
  ])('says so of %s', async (_, settings, names) => {
    const simulator = await testSimulator({ site: demoSite() });
    const report = await check(operationServices(simulator, { settings }).services);
    expect(failed(report).filter((name) => !['reading', 'clock'].includes(name))).toEqual(names);
    expectRemedies(report);
  });

  it('says so of a site without Assets', async () => {
    const simulator = await testSimulator({ site: siteWithoutAssets() });
    const report = await check(operationServices(simulator).services);
    expect(JSON.stringify(report)).not.toMatch(/premium|enterprise/i);
    expect(failed(report)).toEqual(['Assets', 'reading', 'clock']);
    expect(named(report, 'login')?.ok).toBe(true);
  });

  it('asks a site that stops answering no more', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    simulator.faults.add({
      endpoint: ['statustypes', 'history'],
      fault: { kind: 'status', status: 503 },
    });
    const report = await check(operationServices(simulator, { clock: new HurriedClock() }).services);
    expect(named(report, 'global status types')).toMatchObject({ ok: false });
    expect(named(report, 'history')?.detail).toMatch(/Not checked, because .* ended with SiteUnavailableError/);
    expect(simulator.requests.count('history')).toBe(0);
  });
});

describe('what is wrong around the site', () => {
  /** A bucket whose policy is gone, or one that its role may only read: no directory can be either. */
  class OverwritingStore implements BackupStore {
    readonly #files = new Map<string, Uint8Array>();
    readonly #isReadOnly: boolean;
    constructor({ isReadOnly }: { isReadOnly: boolean }) {
      this.#isReadOnly = isReadOnly;
    }
    async create(key: string, bytes: Uint8Array) {
      if (this.#isReadOnly) throw new StorageError(`${key} could not be written (access denied).`);
      this.#files.set(key, bytes);
    }
    async copy({ key: from }: FileToCopy, key: string) {
      await this.create(key, await this.read(from));
    }
    async read(key: string) {
      return this.#files.get(key) ?? new Uint8Array();
    }
    async *stream() {}
    async *list(prefix: string) {
      if (this.#files.has(prefix)) yield { key: prefix, bytes: 1 };
    }
    async *folders() {}
    addressOf = (key: string) => `s3://bucket/${key}`;
  }

  it('is a bucket that lets files be overwritten, or not be written', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const { services } = operationServices(simulator);
    for (const [isReadOnly, detail] of [
      [false, /s3:\/\/bucket\/check-setup\/probe\.json was overwritten/],
      [true, /access denied/],
    ] as const) {
      const report = await check({ ...services, backups: new OverwritingStore({ isReadOnly }) });
      expect(failed(report)).toEqual(["backups' bucket"]);
      expect(named(report, "backups' bucket")).toMatchObject({ detail: expect.stringMatching(detail) });
      expectRemedies(report);
    }
  });

  it('is a clock that is wrong, or a token that is about to expire', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const now = Date.now();
    const day = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
    const late = await check(operationServices(simulator, { clock: new HurriedClock(now - 600_000) }).services);
    expect(named(late, 'clock')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/ seconds behind the site/),
    });
    for (const [days, detail] of [
      [10, /expires on/],
      [-2, /expired on/],
    ] as const) {
      const report = await check(operationServices(simulator, { settings: { expires: day(days) } }).services);
      expect(named(report, 'token')).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
    }
    for (const [tokenWarningDays, ok] of [
      [14, true],
      [30, false],
    ] as const) {
      const watched = { alarmAfterHours: 36, objectSchemaKeys: null, tokenWarningDays };
      const report = await check(operationServices(simulator, { watched, settings: { expires: day(20) } }).services);
      expect(named(report, 'token')?.ok, `${tokenWarningDays}`).toBe(ok);
    }
    const unknown = await check(operationServices(simulator).services);
    expect(named(unknown, 'token')).toMatchObject({ ok: true, remedy: expect.stringContaining('"expires"') });
  });
});
