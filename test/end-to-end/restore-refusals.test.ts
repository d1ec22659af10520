import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Manifest, manifestFile } from '../../core/backup-format/manifest.ts';
import type { LoginOptions } from '../../simulator/http/login.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { type FinishedRestore, restore } from './restore-run.ts';

/** A backup of the company, and an empty site to restore it to; `run` restores it. */
async function prepared(login?: LoginOptions) {
  const company = companySite();
  const source = await testSimulator({ site: company.site });
  const { directory, result, manifest } = await backUp(source);
  const backup = result?.backup ?? '';
  const target = emptySiteLike(company.site);
  const simulator = await testSimulator({ site: target, ...(login && { login }) });
  return {
    ...company,
    source,
    target,
    simulator,
    directory,
    backup,
    folder: join(directory, backup),
    manifest: manifest as Manifest,
    run: (input = {}, options = {}) => restore(simulator, directory, { folder: backup, ...input }, options),
    runInPlace: (input = {}, options = {}) => restore(source, directory, { folder: backup, ...input }, options),
  };
}

interface Refusal {
  readonly name: string;
  readonly exitCode: number;
  readonly message: RegExp;
}

/** One line that a person can act on, the right name and exit code, and a target that nobody has touched. */
async function expectRefused(
  { simulator, site }: { simulator: Simulator; site: SimulatedSite },
  attempt: () => Promise<FinishedRestore>,
  { name, exitCode, message }: Refusal,
): Promise<void> {
  const before = fingerprint(site);
  const writes = simulator.requests.writes.length;
  const { error, result } = await attempt();
  expect(result).toBeUndefined();
  expect(error).toMatchObject({ name, exitCode });
  expect(error?.message).toMatch(message);
  expect(error?.message).toMatch(/^[A-Z<\d].*[^.][.?]$/);
  expect(error?.message.split('\n')).toHaveLength(1);
  expect(simulator.requests.writes.slice(writes)).toEqual([]);
  expect(fingerprint(site)).toBe(before);
}

describe('a restore is refused before its first write', () => {
  it('where a schema of the key has appeared since the plan was made', async () => {
    const { target, simulator, run } = await prepared();
    const reporter = new RecordingReporter();
    let before = '';
    reporter.event = (_level, name) => {
      if (name !== 'restore.planned') return;
      target.addSchema({ key: 'ASSETS', name: 'Somebody was faster' });
      before = fingerprint(target);
    };
    const { error } = await run({}, { reporter });
    expect(error).toMatchObject({ name: 'PlanChangedError', exitCode: 1 });
    expect(error?.message).toMatch(/a schema ASSETS has appeared.*Nothing was written/);
    expect(simulator.requests.writes).toEqual([]);
    expect(fingerprint(target)).toBe(before);
  });

  it.each([
    ['a type that it reuses is gone', 'is gone'],
    ['an attribute that it reuses is gone', 'is gone'],
    ['a type that it would make has appeared', 'has appeared'],
  ])('where %s since the plan was made', async (what, said) => {
    const { site, source, hardware, docks, assets, laptop, runInPlace } = await prepared();
    const note = site.typeAttributes(laptop.id).find(({ name }) => name === 'Note');
    const isMissing = what.startsWith('a type that it would make');
    const removeDocks = () => {
      for (const attribute of site.typeAttributes(docks.id)) site.attributes.delete(attribute.id);
      site.types.delete(docks.id);
      site.configurationChanged();
    };
    if (isMissing) removeDocks();
    const approve = isMissing ? { approve: (await runInPlace({ dryRun: true })).plan?.hash } : {};
    const reporter = new RecordingReporter();
    reporter.event = (_level, name) => {
      if (name !== 'restore.planned') return;
      if (isMissing) site.addType({ schema: assets, name: 'Dock' });
      else if (what.startsWith('a type')) removeDocks();
      else if (note) site.attributes.delete(note.id);
      site.configurationChanged();
    };
    expect(hardware.name).toBe('Hardware');
    const { error } = await runInPlace(approve, { reporter });
    expect(error).toMatchObject({ name: 'PlanChangedError', exitCode: 1 });
    expect(error?.message).toContain(said);
    expect(source.requests.writes).toEqual([]);
  });

  it('where another schema holds the key, and nobody has said that it may be written into', async () => {
    const { target, simulator, run } = await prepared();
    target.addSchema({ key: 'FAC', name: 'Somebody else’s' });
    await expectRefused({ simulator, site: target }, run, {
      name: 'TargetRefusedError',
      exitCode: 1,
      message: /a schema FAC that is not the one.*--schema FAC=NEWKEY.*intoExisting/,
    });
  });

  it('where another schema of the same site holds the key', async () => {
    const { site, source, runInPlace } = await prepared();
    const objectSchemas = [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'FAC' }];
    await expectRefused({ simulator: source, site }, () => runInPlace({ objectSchemas }), {
      name: 'TargetRefusedError',
      exitCode: 1,
      message: /a schema FAC that is not the one.*--schema ASSETS=NEWKEY/,
    });
  });

  it.each([
    ['objects', /objectsmeta[^/]*\/Laptop_/],
    ['types', /objecttypes\.json$/],
    ['attributes', /config\/attributes\/Laptop_/],
    ['a comment', /objects\/comments\//],
    ['a history', /objects\/history\//],
    ['the list of schemas', /objectschemas\.json$/],
    ['a list of files', /manifest\/files-/],
    ['the manifest', /manifest\.json$/],
  ])('where the backup is damaged in %s', async (_, file) => {
    const { target, simulator, run, folder } = await prepared();
    const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => file.test(name)) ?? '';
    const bytes = readFileSync(join(folder, path));
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(join(folder, path), bytes);
    await expectRefused({ simulator, site: target }, run, {
      name: 'DamagedBackupError',
      exitCode: 13,
      message: new RegExp(path.replaceAll('.', '\\.')),
    });
  });

  it('where a file of the backup is missing', async () => {
    const { target, simulator, run, folder } = await prepared();
    const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
      (name) => /objectsmeta/.test(name) && name.endsWith('.json'),
    );
    rmSync(join(folder, path ?? ''));
    await expectRefused({ simulator, site: target }, run, {
      name: 'DamagedBackupError',
      exitCode: 13,
      message: /objectsmeta/,
    });
  });

  it('but not where the damaged file is one that it does not need', async () => {
    const { run, folder } = await prepared();
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const path of files.filter((name) => /objects\/(comments\/|Laptop_)/.test(name) && name.endsWith('.json')))
      writeFileSync(join(folder, path), '[');
    expect((await run({ processComments: false })).result?.outcome).toBe('restored');
  });

  it('where the backup is unfinished', async () => {
    const { target, simulator, run, folder } = await prepared();
    rmSync(join(folder, 'manifest.json'));
    await expectRefused({ simulator, site: target }, run, {
      name: 'DamagedBackupError',
      exitCode: 13,
      message: /did not finish.*It is not a backup/,
    });
  });

  it('where the backup is partial', async () => {
    const { site, source, laptop, directory, target, simulator } = await prepared();
    source.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => rawBody.toString().includes(`objectTypeId = ${laptop.id} `),
      fault: { kind: 'html', status: 503 },
    });
    const partial = await backUp(source, { directory });
    expect(partial.result?.status).toBe('partial');
    expect(site.objects.size).toBe(9);
    await expectRefused(
      { simulator, site: target },
      () => restore(simulator, directory, { folder: partial.result?.backup ?? '' }),
      { name: 'PartialBackupRefusedError', exitCode: 1, message: /is partial.*Restore another backup/ },
    );
  });

  it('where the backup has a newer format', async () => {
    const { target, simulator, run, folder, manifest } = await prepared();
    writeFileSync(join(folder, 'manifest.json'), manifestFile({ ...manifest, formatVersion: 3 }));
    await expectRefused({ simulator, site: target }, run, {
      name: 'UnsupportedFormatError',
      exitCode: 1,
      message: /format version 3.*Use a newer assets-backup/,
    });
  });

  it('where there is no such backup', async () => {
    const { target, simulator, directory } = await prepared();
    await expectRefused(
      { simulator, site: target },
      () => restore(simulator, directory, { folder: '2001-01-01_00-00-00' }),
      { name: 'NoSuchBackupError', exitCode: 10, message: /There is no backup 2001-01-01_00-00-00/ },
    );
  });

  it('where the backup has no such schema', async () => {
    const { target, simulator, run } = await prepared();
    const objectSchemas = [{ oldObjectSchemaKey: 'FAC' }, { oldObjectSchemaKey: 'NOPE' }];
    await expectRefused({ simulator, site: target }, () => run({ objectSchemas }), {
      name: 'WrongInputError',
      exitCode: 2,
      message: /no object schema NOPE\. It has FAC, ASSETS\.$/,
    });
  });

  it.each([
    ['objectTypes', 'object type Lptop', ' Did you mean Laptop\\?$'],
    ['objects', 'object ASSETS-999', '$'],
    ['attributes', 'attribute Serial nmber', ' Did you mean Serial number\\?$'],
  ])('where include.%s names what the backup does not have', async (field, what, near) => {
    const { target, simulator, run } = await prepared();
    const name = what.replace(/^(object type|object|attribute) /, '');
    await expectRefused({ simulator, site: target }, () => run({ include: { [field]: [name] } }), {
      name: 'WrongInputError',
      exitCode: 2,
      message: new RegExp(`have no ${what}\\.${near}`),
    });
  });

  it('where there is no users file of the name', async () => {
    const { target, simulator, run } = await prepared();
    await expectRefused({ simulator, site: target }, () => run({ users: 'nobody.csv' }), {
      name: 'WrongInputError',
      exitCode: 2,
      message: /no users file nobody\.csv/,
    });
  });

  it('where the login is wrong', async () => {
    const { target, simulator, run } = await prepared();
    await expectRefused({ simulator, site: target }, () => run({}, { site: { apiToken: 'wrong-token' } }), {
      name: 'LoginRefusedError',
      exitCode: 12,
      message: /^(?!.*wrong-token)/,
    });
  });

  it('where the input holds a login, whose token is to be revoked', async () => {
    const { target, simulator, run } = await prepared();
    const before = fingerprint(target);
    const login = { siteName: 'https://example.atlassian.net', username: 'me', apiToken: 'a-secret-token' };
    const error: unknown = await run(login).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'WrongInputError', exitCode: 2, isUserMistake: true });
    expect(String(error)).toMatch(/Revoke this token/);
    expect(String(error)).not.toContain('a-secret-token');
    expect(simulator.requests.total).toBe(0);
    expect(fingerprint(target)).toBe(before);
  });
});

describe('a login that may not write', () => {
  const readScopes = ['schema', 'type', 'attribute', 'object', 'config', 'icon'].map(
    (what) => `read:cmdb-${what}:jira`,
  );
  const logins: [string, LoginOptions, object, string][] = [
    ['of a person who may only read', { mayWrite: false }, {}, 'PermissionRefusedError'],
    [
      'of a token without scopes to write',
      { kind: 'scoped', scopes: [...readScopes, 'read:servicedesk-request', 'read:jira-user'] },
      { auth: 'scoped' },
      'LoginRefusedError',
    ],
  ];
  it.each(logins)('%s leaves the target as it is', async (_, login, site, name) => {
    const { target, simulator, run } = await prepared(login);
    const before = fingerprint(target);
    const { error } = await run({}, { site });
    expect(error).toMatchObject({ name, exitCode: name === 'LoginRefusedError' ? 12 : 1 });
    expect(error?.message).toMatch(/^[A-Z].*[^.]\.$/);
    expect(error?.message).not.toContain(simulator.login.apiToken);
    // Nothing but the attempt tells.
    expect(simulator.requests.writes).toHaveLength(1);
    expect(simulator.requests.writesByEndpoint({ onlySuccessful: true })).toEqual({});
    expect(fingerprint(target)).toBe(before);
  });

  it.each(logins)('%s can make a plan', async (_, login, site) => {
    const { simulator, run } = await prepared(login);
    expect((await run({ dryRun: true }, { site })).result?.outcome).toBe('planned');
    expect(simulator.requests.writes).toEqual([]);
  });
});

describe('two runs of one target', () => {
  it('exclude each other: a second restore, and a backup, are refused while the first runs', async () => {
    const { target, simulator, run, directory } = await prepared();
    const others: { error?: Error; result?: unknown }[] = [];
    const end = simulator.onRequest('object-create', async () => {
      end();
      others.push(await run(), await run({ dryRun: true }), await backUp(simulator, { directory }));
    });
    const first = await run();
    expect(first.result?.outcome).toBe('restored');
    for (const { error, result } of others) {
      expect(error).toMatchObject({ name: 'RunInProgressError', exitCode: 11, isUserMistake: true });
      expect(result).toBeUndefined();
    }
    expect(others).toHaveLength(3);
    expect(target.objects.size).toBe(9);
    expect((await run()).result).toMatchObject({ created: 0, reused: 9 });
  });

  it('follow each other after a refusal, which leaves no lock', async () => {
    const { target, run, directory, simulator } = await prepared();
    const inTheWay = target.addSchema({ key: 'FAC' });
    expect((await run()).error?.name).toBe('TargetRefusedError');
    expect((await backUp(simulator, { directory })).result?.status).toBe('complete');
    target.schemas.delete(inTheWay.id);
    target.configurationChanged();
    expect((await run()).result?.outcome).toBe('restored');
  });
});
