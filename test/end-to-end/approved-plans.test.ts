import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../core/ports/clock.ts';
import { keptPlan } from '../../core/restore/restore-keys.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { damageFile, damages } from './damaged-work.ts';
import { compareSites } from './equal-sites.ts';
import { Killer } from './killed-restores.ts';
import { backUp, HurriedClock, testSimulator } from './local-run.ts';
import { companySite, valuesOf } from './restore-company.ts';
import { type FinishedRestore, linesIn, restore } from './restore-run.ts';
import { type DeedKind, doDeed } from './weekend-deeds.ts';
import { WeekendModel } from './weekend-model.ts';

type Line = [kind: string, source: string, action: string, target: string | null, ...more: string[]];

/** A site with a backup of it, which lives on; its log of writes is of restores alone. */
async function living(site: SimulatedSite, clock = new HurriedClock()) {
  const simulator = await testSimulator({ site, clock });
  const { directory, result } = await backUp(simulator, { clock });
  const run = (input: Record<string, unknown> = {}, now: Clock = clock) =>
    restore(simulator, directory, { folder: result?.backup ?? '', ...input }, { clock: now });
  const kept = (hash = '') => linesIn<Line>(directory, keptPlan(site.workspaceId, hash));
  const path = (hash = '') => join(directory, '.work', keptPlan(site.workspaceId, hash));
  return { simulator, run, kept, path, directory, folder: result?.backup ?? '' };
}

const linesOf = (lines: readonly Line[]) => lines.map((line) => JSON.stringify(line.slice(0, 6)));

/** What the site was asked to write beyond these lines, which a run was to carry out. */
function beyond({ requests }: Simulator, from: number, lines: readonly Line[], { objects }: FinishedRestore): string[] {
  const count = (kind: string) => lines.filter(([of, , action]) => of === kind && action === 'create').length;
  const most: Readonly<Record<string, number>> = {
    'objectschema-create': count('schema'),
    'objecttype-create': count('object-type'),
    'attribute-create': count('attribute'),
    'object-create': count('object'),
    'statustype-create': count('status-type'),
    'referencetype-create': count('reference-type'),
  };
  const made = new Set(lines.flatMap(([of, id, action]) => (of === 'object' && action === 'create' ? [id] : [])));
  const mayBeUpdated = new Set([
    ...lines.flatMap(([kind, , action, target]) => (kind === 'object' && action === 'update' ? [target] : [])),
    ...[...objects].flatMap(([source, target]) => (made.has(source) ? [target] : [])),
  ]);
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  for (const { endpoint, method, path, status } of requests.writes.slice(from)) {
    if (status > 299) continue;
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
    if (endpoint === 'object-update' && !mayBeUpdated.has(path.split('/').at(-1) ?? ''))
      wrong.push(`${method} ${path}`);
  }
  for (const [endpoint, count] of counts)
    if (count > (most[endpoint] ?? Number.POSITIVE_INFINITY)) wrong.push(`${count} × ${endpoint}`);
  return wrong;
}

describe('a plan that was approved, of a site that lives', () => {
  it('is carried out where its writes are still the same; the rest is left, and named with the hash that makes it', async () => {
    const { site, laptops, laptop, ...company } = companySite();
    const { run, simulator } = await living(site);
    const [first, second, third, fourth, fifth, sixth] = laptops as [StoredObject, ...StoredObject[]] & StoredObject[];
    if (!second || !third || !fourth || !fifth || !sixth) throw new Error('six laptops were made');
    for (const deleted of [first, third]) site.deleteObject(deleted);
    const seen = await run({ dryRun: true });
    // Somebody makes the first anew by hand, deletes another one, and works on.
    site.addObject({ type: laptop, name: 'By hand', values: { 'Serial number': 'S-0' } });
    site.deleteObject(fifth);
    site.updateObject(fourth, { Note: 'another note' });
    const { hash } = (await run({ dryRun: true })).plan ?? {};
    expect(hash).not.toBe(seen.plan?.hash);

    const name = (number: number) => `ASSETS-${4 + number}`;
    const approved = await run({ approve: seen.plan?.hash });
    expect(approved.plan?.notApproved).toEqual({
      count: 2,
      hash,
      first: [`create the object ${name(4)}`, `update the object ${name(5)}`],
    });
    expect(approved.plan?.droppedOut).toEqual({
      count: 2,
      first: [`create the object ${name(0)}`, `update the object ${name(1)}`],
    });
    expect(approved.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, updated: 1, differences: 0 });
    expect(approved.report).toMatchObject({ notApproved: { count: 2, hash }, droppedOut: { count: 2 } });
    expect(approved.report?.notices).toEqual([
      `2 writes that the plan would have by now are not in the plan that was approved, and not made: create the object ${name(4)}, update the object ${name(5)}. To have all made: approve ${hash}.`,
      `2 writes of the plan that was approved would not be made so any more, and are left: create the object ${name(0)}, update the object ${name(1)}.`,
    ]);
    expect(approved.report?.losses).toContainEqual(
      expect.objectContaining({ where: name(4), reason: 'it is not in the plan that was approved' }),
    );
    expect(simulator.requests.writesByEndpoint()).toMatchObject({ 'object-create': 1, 'object-update': 1 });
    expect(valuesOf(site, fourth.id, 'Peer')).toEqual([approved.objects.get(String(third.id))]);
    expect(valuesOf(site, fourth.id, 'Note')).toEqual(['another note']);
    expect(company.places.map(({ id }) => site.objects.get(id)?.id)).toEqual(company.places.map(({ id }) => id));

    const rest = await run({ approve: hash });
    expect(rest.result).toMatchObject({ created: 1, updated: 1, differences: 0 });
    expect(valuesOf(site, sixth.id, 'Peer')).toEqual([rest.objects.get(String(fifth.id))]);
  });

  it('makes nothing with less than was approved: what refers to something that is left is left too', async () => {
    const { site, laptops, places } = companySite();
    const { run, simulator } = await living(site);
    const [first, second] = laptops;
    if (!first || !second || !places[0]) throw new Error('laptops and places were made');
    // They refer to each other, and the first stands in the first place.
    for (const deleted of [first, second]) site.deleteObject(deleted);
    const seen = await run({ dryRun: true });
    site.deleteObject(places[0]);
    const approved = await run({ approve: seen.plan?.hash });
    expect(approved.result).toMatchObject({ created: 0, updated: 0, differences: 0 });
    expect(approved.plan).toMatchObject({ notApproved: { count: 3 + 1 }, droppedOut: { count: 2 } });
    expect(simulator.requests.writes).toEqual([]);
    const rest = await run({ approve: approved.plan?.notApproved?.hash });
    expect(rest.result).toMatchObject({ created: 3, updated: 1, differences: 0 });
  });

  it('is carried out as far as it goes where another restore has made a part of it meanwhile', async () => {
    const { site } = companySite();
    const target = emptySiteLike(site);
    const from = await testSimulator({ site });
    const { directory, result } = await backUp(from);
    const simulator = await testSimulator({ site: target });
    const run = (input = {}) => restore(simulator, directory, { folder: result?.backup ?? '', ...input });
    const seen = await run({ dryRun: true });
    await run({ objectSchemas: [{ oldObjectSchemaKey: 'FAC', newObjectSchemaKey: 'FAC' }] });
    const made = simulator.requests.writes.length;
    const approved = await run({ approve: seen.plan?.hash });
    expect(approved.error).toBeUndefined();
    const kept = (hash = '') => linesIn<Line>(directory, keptPlan(target.workspaceId, hash));
    const carried = kept(approved.result?.hash);
    expect(linesOf(kept(seen.plan?.hash))).toEqual(expect.arrayContaining(linesOf(carried)));
    expect(beyond(simulator, made, carried, approved)).toEqual([]);
    expect(approved.report?.differences).toEqual([]);
    expect(approved.plan).toMatchObject({ notApproved: null, droppedOut: null });
    expect(compareSites(site, target, { objects: approved.objects, history: true })).toEqual([]);
  });

  it('overwrites nothing that somebody has changed between the plan and its approval', async () => {
    const { site, laptops } = companySite();
    const { run, simulator } = await living(site);
    for (const laptop of laptops.slice(0, 4)) site.updateObject(laptop, { Note: 'imported' });
    const [first] = laptops;
    if (!first) throw new Error('laptops were made');
    const seen = await run({ dryRun: true, onExisting: 'update' });
    site.updateObject(first, { Note: 'worked on' });
    const approved = await run({ approve: seen.plan?.hash, onExisting: 'update' });
    expect(approved.plan).toMatchObject({ notApproved: { count: 1 }, droppedOut: { count: 1 } });
    expect(approved.result).toMatchObject({ outcome: 'restored-with-losses', updated: 3, losses: 0, differences: 0 });
    expect(approved.result?.message).toMatch(
      /1 approved write was not made any more, since the site has changed\. 1 write that was not in the approved plan was not made\.$/,
    );
    expect(valuesOf(site, first.id, 'Note')).toEqual(['worked on']);
    // Without the choice none of it is in the new plan, whatever was approved.
    const written = simulator.requests.writes.length;
    await run({ approve: approved.plan?.notApproved?.hash });
    expect(simulator.requests.writes.slice(written)).toEqual([]);
    await run({ approve: approved.plan?.notApproved?.hash, onExisting: 'update' });
    expect(valuesOf(site, first.id, 'Note')).toEqual(['note of 0']);
  });

  it('has nothing to write where a restore has brought all of it, comments and histories too', async () => {
    const { site } = companySite();
    const target = emptySiteLike(site);
    const { directory, result } = await backUp(await testSimulator({ site }));
    const simulator = await testSimulator({ site: target });
    const run = (input = {}) => restore(simulator, directory, { folder: result?.backup ?? '', ...input });
    await run({ processHistory: false });
    // Each object lacks its history yet.
    expect((await run({ dryRun: true })).plan?.writes).toBe(9);
    await run();
    const { plan } = await run({ dryRun: true });
    expect(plan?.writes).toBe(0);
    const again = simulator.requests.writes.length;
    expect((await run({ approve: plan?.hash })).result?.outcome).toBe('restored');
    expect(simulator.requests.writes.slice(again)).toEqual([]);
  });

  it('makes nothing elsewhere: with another key, nothing of it is in the plan', async () => {
    const { site } = companySite();
    const target = emptySiteLike(site);
    const { directory, result } = await backUp(await testSimulator({ site }));
    const simulator = await testSimulator({ site: target });
    const run = (input = {}) => restore(simulator, directory, { folder: result?.backup ?? '', ...input });
    const seen = await run({ dryRun: true });
    const objectSchemas = ['FAC', 'ASSETS'].map((key) => ({ oldObjectSchemaKey: key, newObjectSchemaKey: `${key}2` }));
    const before = fingerprint(target);
    const elsewhere = await run({ approve: seen.plan?.hash, objectSchemas });
    expect(elsewhere.result).toMatchObject({ outcome: 'restored-with-losses', created: 0, differences: 0 });
    expect(fingerprint(target)).toBe(before);
    expect(elsewhere.plan?.notApproved?.first).toContain('create the schema ASSETS2');
    expect(elsewhere.plan?.droppedOut?.first).toContain('create the schema ASSETS');
  });

  it.each(['createAttribute', 'createObject', 'updateObject', 'createComment', 'updateAttribute'])(
    'is gone on with by the same line after a kill at %s: who approves that something is made approves all of it',
    async (write) => {
      const { site } = companySite();
      const target = emptySiteLike(site);
      const { directory, result } = await backUp(await testSimulator({ site }));
      const simulator = await testSimulator({ site: target });
      const input = { folder: result?.backup ?? '' };
      const seen = await restore(simulator, directory, { ...input, dryRun: true });
      const approved = { ...input, approve: seen.plan?.hash };
      const killer = new Killer(2, 'after', write);
      await restore(simulator, directory, approved, { decorate: killer.decorate });
      expect(killer.hasStruck).toBe(true);
      const clock = new HurriedClock(Date.now() + 86_400_000);
      const gone = await restore(simulator, directory, approved, { clock });
      expect(gone.result).toMatchObject({ outcome: 'restored' });
      expect(gone.plan).toMatchObject({ notApproved: null, droppedOut: null });
      expect(compareSites(site, target, { objects: gone.objects, history: true })).toEqual([]);
    },
  );

  it('leaves no relaxation undone that a stopped run of the same line has made, and that is put back', async () => {
    const { site, laptops, laptop } = companySite();
    const { simulator, run, directory, folder } = await living(site);
    for (const gone of laptops.slice(0, 2)) site.deleteObject(gone);
    const peer = site.typeAttributes(laptop.id).find(({ name }) => name === 'Peer');
    const [, , third] = laptops;
    if (!peer || !third) throw new Error('laptops have peers');
    for (const one of laptops.slice(2)) site.updateObject(one, { Peer: [third] });
    peer.minimumCardinality = 1;
    site.configurationChanged();
    const seen = await run({ relaxConstraints: true });
    expect(seen.plan?.approvals.join()).toContain('relax the attribute');
    const approved = { folder, relaxConstraints: true, approve: seen.plan?.hash };
    const killer = new Killer(1, 'after', 'createObject');
    await restore(simulator, directory, approved, { decorate: killer.decorate });
    expect(killer.hasStruck).toBe(true);
    expect(peer.minimumCardinality).toBe(0);
    const clock = new HurriedClock(Date.now() + 86_400_000);
    const gone = await restore(simulator, directory, approved, { clock });
    expect(gone.plan).toMatchObject({ notApproved: null, droppedOut: null });
    expect(gone.result).toMatchObject({ outcome: 'restored' });
    expect(peer.minimumCardinality).toBe(1);
  });

  it('writes nothing but what both plans hold, whatever happens between them; then the rest', async () => {
    const kinds: DeedKind[] = ['delete', 'edit', 'add', 'rename an object', 'move', 'unlink', 'rename a type'];
    const deed = fc.record({ kind: fc.constantFrom(...kinds), which: fc.nat(10_000), other: fc.nat(10_000) });
    const deletion = fc.record({ kind: fc.constant<DeedKind>('delete'), which: fc.nat(10_000), other: fc.constant(0) });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.integer({ min: 5, max: 28 }),
      fc.array(fc.oneof(deletion, deed), { minLength: 2, maxLength: 8 }),
      fc.array(fc.oneof(deletion, deed), { minLength: 1, maxLength: 6 }),
      async (seed, size, before, between) => {
        const site = randomSite(seed, size);
        for (const attribute of site.attributes.values())
          if (attribute.kind === 'reference') attribute.minimumCardinality = 0;
        site.configurationChanged();
        const { run, simulator, kept } = await living(site);
        const model = new WeekendModel(site);
        for (const [number, one] of before.entries()) doDeed({ site, model, deed: one, number });
        const seen = await run({ dryRun: true });
        for (const [number, one] of between.entries()) doDeed({ site, model, deed: one, number: 100 + number });
        const now = await run({ dryRun: true });
        expect(simulator.requests.writes).toEqual([]);

        const approved = await run({ approve: seen.plan?.hash });
        expect(approved.error).toBeUndefined();
        const carried = kept(approved.plan?.hash);
        const [first, second] = [seen, now].map(({ plan }) => new Set(linesOf(kept(plan?.hash))));
        expect(linesOf(carried).filter((line) => !first?.has(line) || !second?.has(line))).toEqual([]);
        expect(beyond(simulator, 0, carried, approved)).toEqual([]);
        expect(approved.report?.differences).toEqual([]);

        const rest = await run({ approve: now.plan?.hash });
        expect(rest.report?.differences).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 12, seed: 20261129, endOnFailure: true });
  }, 300_000);
});

describe('a plan that is approved and cannot be gone by', () => {
  it('is removed by the first run that begins 90 days later', async () => {
    const { site, laptops } = companySite();
    const { run, kept, path } = await living(site);
    site.deleteObject(laptops[0] as StoredObject);
    const seen = await run({ dryRun: true });
    site.deleteObject(laptops[2] as StoredObject);
    const daysLater = (days: number) => new HurriedClock(Date.now() + days * 86_400_000);
    await run({ dryRun: true }, daysLater(89));
    expect(kept(seen.plan?.hash)).toHaveLength(2);
    await run({ dryRun: true }, daysLater(91));
    expect(existsSync(path(seen.plan?.hash))).toBe(false);
  });

  const damaged = { name: 'DamagedWorkFileError', exitCode: 15, sentence: /plans\/.*Plan again, and/ };
  const gone = {
    name: 'PlanChangedError',
    exitCode: 1,
    sentence: /^No plan for this site of the hash [0-9a-f]{64} is/,
  };
  it.each([
    { way: 'removed', ending: gone },
    ...['emptied', 'cut', 'not JSON', 'of another shape', 'swapped with another'].map((way) => ({
      way,
      ending: damaged,
    })),
  ])('$way: one sentence, and nothing is written', async ({ way, ending: { sentence, ...ending } }) => {
    const damage = damages[way];
    const { site, laptops } = companySite();
    const { run, simulator, path } = await living(site);
    site.deleteObject(laptops[0] as StoredObject);
    const seen = await run({ dryRun: true });
    site.deleteObject(laptops[2] as StoredObject);
    const other = JSON.stringify(['object', '1', 'create', null, 'no such object', 'ab', 'ASSETS-1']);
    expect(damageFile(path(seen.plan?.hash), damage && ((text) => damage(text, `${other}\n`)))).toBe(true);
    const before = fingerprint(site);
    const { error } = await run({ approve: seen.plan?.hash });
    expect(error).toMatchObject(ending);
    expect(error?.message).toMatch(sentence);
    expect(error?.message.split('\n')).toHaveLength(1);
    expect(simulator.requests.writes).toEqual([]);
    expect(fingerprint(site)).toBe(before);
  });
});
