import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { drill } from './drill-run.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

const company = () => companySite().site;
const mark = 'assets-backup drill 2026-11-20_02-00-00_0a1b2c3d: ';

async function backedUp() {
  const simulator = await testSimulator({ site: company() });
  const { directory } = await backUp(simulator);
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ drill: { inProduction: true } }));
  return { simulator, directory };
}

const elsewhere = (quirks = {}) =>
  testSimulator({ site: emptySiteLike(company(), { workspaceId: crypto.randomUUID() }), quirks });

/** Kills a drill after its first object: its scratch schemas stay. */
async function killed(simulator: Simulator, directory: string) {
  const killer = new Killer(1, 'answered', 'createObject');
  await drill(simulator, directory, { decorate: killer.decorate });
  const scratch = [...simulator.site.schemas.values()].filter(({ key }) => key.startsWith('ZD'));
  expect(scratch.length).toBeGreaterThan(0);
  return scratch;
}

describe('what looks like a scratch schema, or was one', { timeout: 5 * 60_000 }, () => {
  it('is removed by the next drill also where its create was carried out after everybody had given up', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const before = fingerprint(target.site);
    let late: { name: string; objectSchemaKey: string; description: string } | undefined;
    const stop = target.faults.add({
      endpoint: 'objectschema-create',
      match: ({ body }) => {
        late ??= body as typeof late;
        return true;
      },
      fault: { kind: 'close' },
    });
    expect((await drill(target, directory)).result).toBeUndefined();
    stop();
    expect(late?.objectSchemaKey).toMatch(/^ZD/);
    target.site.addSchema({ key: late?.objectSchemaKey ?? '', name: late?.name ?? '', description: late?.description });
    expect((await drill(target, directory)).result?.outcome).toBe('passed');
    expect(fingerprint(target.site)).toBe(before);
  });

  it('is removed where the list of schemas does not show it yet', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const before = fingerprint(target.site);
    await killed(target, directory);
    const stop = target.faults.add({
      endpoint: 'objectschema-list',
      fault: { kind: 'wrong-shape', body: { startAt: 0, maxResults: 25, total: 0, isLast: true, values: [] } },
    });
    const again = await drill(target, directory);
    stop();
    expect(again.error?.message ?? again.result?.outcome).toBeDefined();
    await drill(target, directory);
    expect(fingerprint(target.site)).toBe(before);
  });

  it('is backed up as any other where somebody has copied the mark into a schema of their own, and no drill removes it', async () => {
    const { simulator, directory } = await backedUp();
    const own = simulator.site.addSchema({ key: 'OWN', name: 'Our own', description: `${mark}copied` });
    simulator.site.configurationChanged();
    const { manifest } = await backUp(simulator, { directory });
    expect(manifest?.schemas.map(({ key }) => key)).toContain('OWN');
    expect(manifest?.notices.map(({ kind }) => kind)).not.toContain('scratch-left-out');
    const scratch = await killed(simulator, directory);
    own.description = scratch[0]?.description;
    expect((await drill(simulator, directory)).result?.outcome).toBe('passed');
    expect([...simulator.site.schemas.values()].map(({ key }) => key)).toEqual(['FAC', 'ASSETS', 'OWN']);
  });

  it('is removed under whatever name, with what somebody put into it', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const before = fingerprint(target.site);
    const [one] = await killed(target, directory);
    if (!one) throw new Error('There is none.');
    one.name = 'Renamed';
    const type = target.site.addType({ name: 'Of somebody', schema: one });
    target.site.addObject({ type, values: { Name: 'of somebody' } });
    await drill(target, directory);
    expect(fingerprint(target.site)).toBe(before);
  });

  it('stays where its description was changed, and is named once', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const [one, ...others] = await killed(target, directory);
    if (!one) throw new Error('There is none.');
    one.description = 'In use now';
    const next = await drill(target, directory);
    expect(next.result?.outcome).toBe('passed');
    expect([...target.site.schemas.values()]).toEqual([one]);
    expect(others.length).toBeGreaterThan(0);
    const told = next.reporter.events.filter(({ name, fields }) => name === 'drill.notice' && fields.drill);
    expect(told.map(({ fields }) => String(fields.message)).join()).toContain(one.key);
    const third = await drill(target, directory);
    expect(third.reporter.events.some(({ name }) => name === 'drill.notice')).toBe(false);
  });

  it('is left alone by a drill of another place that goes on meanwhile, and no other run of its own place begins', async () => {
    const { simulator, directory } = await backedUp();
    const before = fingerprint(simulator.site);
    const other = testDirectory();
    cpSync(directory, other, { recursive: true });
    const meanwhile: Promise<unknown>[] = [];
    const first = await drill(simulator, directory, {
      // However fast it is, it goes on only when the others of its place have met it.
      decorate: (services) => ({
        ...services,
        work: writingAfter(services.work, () => Promise.all(meanwhile.slice(1))),
      }),
      onState: ({ state, kind }) => {
        if (state !== 'Drill references' || kind !== 'entered' || meanwhile.length > 0) return;
        meanwhile.push(
          drill(simulator, other).then(({ result, error }) => error?.message ?? result?.outcome),
          drill(simulator, directory).then(({ error }) => error?.name),
          backUp(simulator, { directory }).then(({ error }) => error?.name),
          restore(simulator, directory, { folder: 'latest' }).then(({ error }) => error?.name),
        );
      },
    });
    expect(await Promise.all(meanwhile)).toEqual(['passed', ...Array<string>(3).fill('RunInProgressError')]);
    expect(first.result?.outcome).toBe('passed');
    expect(fingerprint(simulator.site)).toBe(before);
  });

  it('makes its own drill fail where the site does not keep descriptions, since something is left', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const { error } = await drill(target, directory, {
      onState: ({ state, kind }) => {
        if (state === 'Drill objects' && kind === 'entered')
          for (const schema of target.site.schemas.values()) schema.description = undefined;
      },
    });
    expect(error?.name).toBe('UnexpectedAnswerError');
    for (const { key } of target.site.schemas.values()) expect(error?.message).toContain(key);
    expect(target.site.schemas.size).toBeGreaterThan(0);
  });

  it('is removed piece by piece where a site deletes nothing that is in use, and there is hardly any time', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere({ deletesInUse: 'refused' });
    const before = fingerprint(target.site);
    await killed(target, directory);
    const { result } = await drill(target, directory, { remainingMilliseconds: () => 0 });
    expect(result?.outcome).toBe('passed');
    expect(fingerprint(target.site)).toBe(before);
  });

  it('is emptied of nothing that is not in it, on sites that list more than was asked for', async () => {
    const { simulator, directory } = await backedUp();
    const before = fingerprint(simulator.site);
    simulator.site.quirks.deletesInUse = 'refused';
    const isScratch = ({ query }: { query: URLSearchParams }) =>
      (simulator.site.schemas.get(Number(query.get('objectSchemaId')))?.key ?? '').startsWith('ZD');
    const { statusTypes } = simulator.site;
    const globals = [...statusTypes.values()].filter(({ schemaId }) => schemaId === undefined);
    expect(globals.length).toBeGreaterThan(0);
    await killed(simulator, directory);
    simulator.faults.add({
      endpoint: 'statustypes',
      match: isScratch,
      fault: {
        kind: 'wrong-shape',
        body: globals.map(({ id, name, category }) => ({ id: String(id), name, category })),
      },
    });
    const deleted: string[] = [];
    simulator.onRequest('*', ({ method, path }) => {
      if (method === 'DELETE') deleted.push(path);
    });
    await drill(simulator, directory);
    expect(deleted.some((path) => path.includes('objecttype/'))).toBe(true);
    expect(deleted.filter((path) => /statustype|referencetype/.test(path))).toEqual([]);
    expect(fingerprint(simulator.site)).toBe(before);
  });
});

/** Whose writes wait. */
function writingAfter(work: WorkStore, until: () => Promise<unknown>): WorkStore {
  return new Proxy(work, {
    get(store, name) {
      const member: unknown = Reflect.get(store, name);
      if (typeof member !== 'function') return member;
      if (name !== 'write' && name !== 'create' && name !== 'replace') return member.bind(store);
      return async (...words: unknown[]) => {
        await until();
        return member.apply(store, words);
      };
    },
  });
}
