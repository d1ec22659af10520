import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allBeforeImages } from '../../core/restore/restore-keys.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { killScenarios } from './kill-scenarios.ts';
import { Killer } from './killed-restores.ts';
import { backUp, HurriedClock, testSimulator } from './local-run.ts';
import { companySite, stateOf } from './restore-company.ts';
import { linesIn, restore } from './restore-run.ts';
import { restoresIn, wholeOf } from './undo-kills.ts';
import { undo, undoApproved } from './undo-run.ts';

/** A company that has lost places and laptops, and has them back. `name` is the restore's. */
async function restoredCompany(quirks: Partial<Quirks> = {}) {
  const company = companySite();
  const { site, places, laptops } = company;
  const simulator = await testSimulator({ site, quirks });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  for (const object of [places[0], laptops[0], laptops[3], laptops[4]]) if (object) site.deleteObject(object);
  const before = wholeOf(site);
  const there = new Set([...site.objects.all()].map(({ id }) => id));
  const restored = await restore(simulator, directory, { folder });
  expect(restored.report).toMatchObject({ outcome: 'restored' });
  const made = (label: string) => {
    const object = [...site.objects.all()].find((one) => !there.has(one.id) && site.label(one) === label);
    if (!object) throw new Error(`There is no new ${label}.`);
    return object;
  };
  return { ...company, simulator, directory, folder, before, there, made, name: restored.result?.restore ?? '' };
}

/** Another schema of a copy: what a restore makes there is all its own. */
async function restoredInto(quirks: Partial<Quirks> = {}) {
  const { site, ...company } = companySite();
  const simulator = await testSimulator({ site, quirks });
  const { directory, result } = await backUp(simulator);
  const before = wholeOf(site);
  const objectSchemas = [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'COPY', newObjectSchemaName: 'Copy' }];
  const restored = await restore(simulator, directory, { folder: result?.backup ?? '', objectSchemas });
  expect(restored.error).toBeUndefined();
  const schema = [...site.schemas.values()].find(({ key }) => key === 'COPY');
  const copies = [...site.objects.all()].filter((object) => site.type(object.typeId).schemaId === schema?.id);
  expect(copies).toHaveLength(6);
  return { ...company, site, simulator, directory, before, copies, name: restored.result?.restore ?? '' };
}

const done = { outcome: 'restored', stays: [], differences: [] };

describe('a restore that is undone leaves the site as it was', () => {
  it('of deleted objects in place, with the references of survivors', async () => {
    const { site, simulator, directory, before, name } = await restoredCompany();
    expect(wholeOf(site)).not.toEqual(before);
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.error).toBeUndefined();
    expect(undone.report).toMatchObject(done);
    expect(undone.result).toMatchObject({ undo: name, deleted: 4, losses: 0, differences: 0 });
    expect(undone.report?.counts).toMatchObject({ deleted: { object: 4 }, setBackObjects: 3 });
    expect(wholeOf(site)).toEqual(before);
  });

  it.each<Partial<Quirks>>([
    {},
    { deletesInUse: 'refused' },
    { deletedReferences: 'in-history' },
    { searchLagMs: 30_000 },
  ])('of an empty site, where %o', async (quirks) => {
    const scenario = killScenarios.intoAnEmptySite();
    const source = await testSimulator({ site: scenario.source });
    const { directory, result } = await backUp(source);
    const target = await testSimulator({ site: emptySiteLike(scenario.source), quirks });
    const before = wholeOf(target.site);
    const restored = await restore(target, directory, { folder: result?.backup ?? '' });
    const undone = await undoApproved(target, directory, restored.result?.restore ?? '');
    expect(undone.error).toBeUndefined();
    expect(undone.report).toMatchObject(done);
    expect(wholeOf(target.site)).toEqual(before);
  });

  it('of one that was stopped and gone on with: the later first, which names the earlier', async () => {
    const { site, places, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    for (const object of [places[0], laptops[0], laptops[3], laptops[4]]) if (object) site.deleteObject(object);
    const before = wholeOf(site);
    const input = { folder: result?.backup ?? '' };
    const killer = new Killer(2, 'answered', 'createObject');
    await restore(simulator, directory, input, { decorate: killer.decorate });
    const [stopped = ''] = restoresIn(directory);
    const { result: later } = await restore(simulator, directory, input);
    const first = await undoApproved(simulator, directory, later?.restore ?? '');
    expect(new Set(first.report?.stays.map(({ kind }) => kind))).toEqual(new Set(['comment']));
    expect(first.report?.notices.join('\n')).toContain(`made by the restore ${stopped}, which is undone by itself`);
    const second = await undoApproved(simulator, directory, stopped);
    expect(second.report).toMatchObject(done);
    expect(wholeOf(site)).toEqual(before);
    expect((await undoApproved(simulator, directory, later?.restore ?? '')).report).toMatchObject(done);
  });

  it('of one that could not bring back all, as it left it', async () => {
    const scenario = killScenarios.withLosses();
    const source = await testSimulator({ site: scenario.source });
    const { directory, result } = await backUp(source);
    const target = await testSimulator({ site: scenario.target() });
    const before = wholeOf(target.site);
    const restored = await restore(target, directory, { folder: result?.backup ?? '' });
    expect(restored.report?.outcome).toBe('restored-with-losses');
    const undone = await undoApproved(target, directory, restored.result?.restore ?? '');
    expect(undone.report).toMatchObject(done);
    expect(wholeOf(target.site)).toEqual(before);
  });

  it('of another schema beside the one that was backed up', async () => {
    const { site, simulator, directory, before, name } = await restoredInto();
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.report).toMatchObject(done);
    expect(undone.report?.counts.deleted).toMatchObject({ schema: 1, 'object-type': 3, object: 6 });
    expect(wholeOf(site)).toEqual(before);
  });
});

describe('what people have touched since stays as they left it', () => {
  const touches: readonly (readonly [string, RegExp, (site: SimulatedSite, object: StoredObject) => void])[] = [
    [
      'changed',
      /somebody has changed Note/,
      (site, object) => site.updateObject(object, { Note: 'mine' }, person(site)),
    ],
    [
      'changed and set back by somebody else',
      /somebody else has changed it/,
      (site, object) => {
        site.updateObject(object, { Note: 'mine' }, person(site));
        site.updateObject(object, { Note: 'note of 3' }, person(site));
      },
    ],
    ['commented on', /somebody has commented on it/, (site, object) => void site.addComment({ object, text: 'hello' })],
    [
      'connected to an issue',
      /an issue is connected/,
      (site, object) => void site.addTicket({ object, key: 'ITSM-1' }),
    ],
    [
      'attached to',
      /has attached something/,
      (_, object) => {
        object.hasAttachments = true;
      },
    ],
  ];

  it.each(touches)('%s', async (_, reason, touch) => {
    const { site, simulator, directory, made, name } = await restoredCompany();
    const touched = made('Laptop 3');
    touch(site, touched);
    const before = stateOf(site, [touched.id]);
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.error).toBeUndefined();
    expect(undone.result).toMatchObject({ outcome: 'restored-with-losses', deleted: 2 });
    const stays = undone.report?.stays ?? [];
    expect(stays.find(({ source }) => source === String(touched.id))?.reason).toMatch(reason);
    // What it refers to of what was made stays too: it would lose the reference.
    expect(stays.filter(({ reason: why }) => /refers to it/.test(why)).length).toBe(1);
    expect(stateOf(site, [touched.id])).toBe(before);
  });

  it('referred to by an object of somebody else', async () => {
    const { site, simulator, directory, laptop, made, name } = await restoredCompany();
    const place = made('Office SYD');
    const other = site.addObject({ type: laptop, name: 'Mine', values: { 'Serial number': 'S-77', Place: place } });
    const before = stateOf(site, [other.id, place.id]);
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.report?.stays).toMatchObject([{ source: String(place.id), reason: 'something else refers to it' }]);
    expect(stateOf(site, [other.id, place.id])).toBe(before);
  });

  it('set again in a survivor, and what it leads to', async () => {
    const { site, simulator, directory, laptops, made, name } = await restoredCompany();
    const [survivor] = laptops.slice(2);
    if (!survivor) throw new Error('it survived');
    // It led to the laptop that was made anew; somebody has added another.
    site.updateObject(survivor, { Peer: [made('Laptop 3'), survivor] }, person(site));
    const before = stateOf(site, [survivor.id, made('Laptop 3').id]);
    const undone = await undoApproved(simulator, directory, name);
    const reasons = (undone.report?.stays ?? []).map(({ where, reason }) => `${where}: ${reason}`);
    expect(reasons.some((text) => text.endsWith('somebody has changed it since the restore'))).toBe(true);
    expect(stateOf(site, [survivor.id, made('Laptop 3').id])).toBe(before);
  });

  it.each<[Partial<Quirks>, RegExp]>([
    [{ extendedInfo: 'absent' }, /does not say whether something is attached/],
    [{ comments: 'not-offered' } as Partial<Quirks>, /does not list its comments/],
  ])('where the site does not tell, as %o', async (quirks, reason) => {
    const { site, simulator, directory, name } = await restoredCompany();
    Object.assign(site.quirks, quirks);
    const before = wholeOf(site);
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.report?.counts.deleted).toEqual({});
    expect(undone.report?.stays.some((staying) => reason.test(staying.reason))).toBe(true);
    expect(wholeOf(site).filter((line) => /^\["object/.test(line)).length).toBe(
      before.filter((line) => /^\["object/.test(line)).length,
    );
  });

  it('a new type, and all above it, in which somebody has made an object or an attribute', async () => {
    const { site, simulator, directory, copies, name } = await restoredInto();
    const [copy] = copies;
    if (!copy) throw new Error('it was made');
    const mine = site.addObject({ type: site.type(copy.typeId), name: 'Mine', values: { 'Serial number': 'M-1' } });
    const dock = [...site.types.values()].findLast((type) => type.name === 'Dock');
    if (!dock) throw new Error('it was made');
    site.addAttribute({ type: dock, name: 'Colour' });
    const before = stateOf(site, [mine.id]);
    const undone = await undoApproved(simulator, directory, name);
    const stays = new Map(undone.report?.stays.map(({ kind, where, reason }) => [`${kind} ${where}`, reason]));
    expect(Object.fromEntries(stays)).toMatchObject({
      'object-type COPY / Hardware / Laptop': 'it holds objects that stay',
      'object-type COPY / Hardware': 'it has a child that stays',
      'object-type COPY / Dock': 'somebody has made an attribute in it',
      'schema COPY': 'it has object types that stay',
    });
    expect(undone.report?.counts.deleted.object).toBe(6);
    expect(stateOf(site, [mine.id])).toBe(before);
  });
});

describe('an undo', () => {
  it('finds its backup although the folder has another name since', async () => {
    const { site, simulator, directory, before, name, folder } = await restoredCompany();
    renameSync(join(directory, folder), join(directory, 'kept'));
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.error).toBeUndefined();
    expect(undone.report).toMatchObject(done);
    expect(wholeOf(site)).toEqual(before);
  });

  it('writes nothing but what its plan names, and nothing without an approval', async () => {
    const { site, simulator, directory, name } = await restoredCompany();
    const before = wholeOf(site);
    simulator.requests.reset();
    const planned = await undo(simulator, directory, { undo: name });
    expect(planned.result).toMatchObject({
      outcome: 'needs-approval',
      report: null,
      approve: { input: { undo: name } },
    });
    expect(simulator.requests.writes).toEqual([]);
    expect(wholeOf(site)).toEqual(before);
    const dry = await undo(simulator, directory, { undo: name, dryRun: true });
    expect(dry.result).toMatchObject({ outcome: 'planned', hash: planned.result?.hash });

    const items = planned.plan?.itemFiles.flatMap((key) => linesIn<{ source: string; action: string }>(directory, key));
    const named = new Set(items?.map(({ action, source }) => `${action === 'delete' ? 'DELETE' : 'PUT'} ${source}`));
    const undone = await undo(simulator, directory, { undo: name, approve: planned.result?.hash ?? null });
    expect(undone.report).toMatchObject(done);
    const written = simulator.requests.writes.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
    expect(written.length).toBeGreaterThan(6);
    expect(written.filter((write) => !named.has(write))).toEqual([]);
  });

  it('carries out of an approved plan what still is so, and names the rest', async () => {
    const { site, simulator, directory, made, name } = await restoredCompany();
    const planned = await undo(simulator, directory, { undo: name });
    const touched = made('Laptop 4');
    site.updateObject(touched, { Note: 'mine' }, person(site));
    const before = stateOf(site, [touched.id]);
    const undone = await undo(simulator, directory, { undo: name, approve: planned.result?.hash ?? null });
    expect(undone.result).toMatchObject({ outcome: 'restored-with-losses' });
    expect(undone.result?.deleted).toBeGreaterThan(0);
    expect(undone.report?.notices.join('\n')).toMatch(/would not be made so any more/);
    expect(stateOf(site, [touched.id])).toBe(before);
    const unknown = await undo(simulator, directory, { undo: name, approve: 'a'.repeat(64) });
    expect(unknown.error).toMatchObject({ name: 'PlanChangedError' });
  });

  it('deletes nothing where the login may not, sets back what it can, and says what it needs', async () => {
    const { simulator, directory, name } = await restoredCompany();
    simulator.login.mayDelete = false;
    simulator.requests.reset();
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.plan?.warnings.join('\n')).toContain('delete:cmdb-object:jira');
    expect(undone.result).toMatchObject({ outcome: 'restored-with-losses', deleted: 0, updated: 3 });
    expect(undone.report?.stays.filter(({ reason }) => /may not delete it/.test(reason)).length).toBeGreaterThan(0);
    expect(simulator.requests.writes.filter(({ method }) => method === 'DELETE').length).toBe(1);
  });

  it('finds nothing left when it is given again, and the restore makes all anew afterwards', async () => {
    const { site, simulator, directory, folder, before, name } = await restoredCompany();
    await undoApproved(simulator, directory, name);
    simulator.requests.reset();
    const again = await undo(simulator, directory, { undo: name });
    expect(again.result).toMatchObject({ outcome: 'restored', deleted: 0, losses: 0 });
    expect(again.result?.message).toContain('nothing was left to undo');
    expect(simulator.requests.writes).toEqual([]);
    expect(wholeOf(site)).toEqual(before);

    const restored = await restore(simulator, directory, { folder });
    expect(restored.report).toMatchObject({ outcome: 'restored', counts: { created: 4 }, differences: [] });
    const undone = await undoApproved(simulator, directory, restored.result?.restore ?? '');
    expect(undone.report).toMatchObject(done);
    expect(wholeOf(site)).toEqual(before);
  });

  it('is refused by name where there is nothing to take back', async () => {
    const { simulator, directory, folder, name } = await restoredCompany();
    const unknown = await undo(simulator, directory, { undo: 'no-such-restore' });
    expect(unknown.error).toMatchObject({ name: 'WrongInputError', message: expect.stringContaining(name) });
    const undone = await undoApproved(simulator, directory, name);
    const ofUndo = await undo(simulator, directory, { undo: undone.result?.restore ?? '' });
    expect(ofUndo.error).toMatchObject({ name: 'WrongInputError', message: expect.stringContaining('an undo itself') });
    const dry = await restore(simulator, directory, { folder, dryRun: true });
    const planned = await undo(simulator, directory, { undo: dry.result?.restore ?? '' });
    expect(planned.result).toMatchObject({ outcome: 'restored', deleted: 0 });
    const elsewhere = await testSimulator({ site: emptySiteLike(simulator.site, { workspaceId: 'another' }) });
    const other = await undo(elsewhere, directory, { undo: name });
    expect(other.error).toMatchObject({ name: 'TargetRefusedError' });
  });

  it('writes nothing where a journal is damaged or missing, and names it', async () => {
    const { site, simulator, directory, name } = await restoredCompany();
    const before = wholeOf(site);
    simulator.requests.reset();
    const root = join(directory, '.work', 'journals');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes(name));
    expect(new Set(files.map((file) => file.split('/').at(-2)))).toEqual(
      new Set(['configuration', 'objects', 'links', 'comments', 'left']),
    );
    for (const file of files) {
      const path = join(root, file);
      const text = readFileSync(path, 'utf8');
      for (const damage of ['', text.slice(0, -20), undefined]) {
        if (damage === undefined) rmSync(path);
        else writeFileSync(path, damage);
        const { error } = await undo(simulator, directory, { undo: name });
        expect(error, file).toMatchObject({ name: 'DamagedWorkFileError', exitCode: 15 });
        writeFileSync(path, text);
      }
    }
    expect(simulator.requests.writes).toEqual([]);
    expect(wholeOf(site)).toEqual(before);
    expect((await undoApproved(simulator, directory, name)).report).toMatchObject(done);
  });

  it('goes on where its invocations never have time', async () => {
    const { site, simulator, directory, before, name } = await restoredInto();
    const undone = await undoApproved(simulator, directory, name, { remainingMilliseconds: () => 0 });
    expect(undone.report).toMatchObject(done);
    expect(wholeOf(site)).toEqual(before);
  });

  it('writes nothing where what stood there before is missing, damaged or too old', async () => {
    const { site, simulator, directory, name } = await restoredCompany();
    const folder = join(directory, '.work', allBeforeImages, name);
    const [file = ''] = readdirSync(folder);
    const path = join(folder, file);
    const before = wholeOf(site);
    simulator.requests.reset();
    writeFileSync(path, '{}\n');
    expect((await undoApproved(simulator, directory, name)).error?.name).toBe('BeforeImageDamagedError');
    rmSync(folder, { recursive: true });
    expect((await undoApproved(simulator, directory, name)).error?.name).toBe('BeforeImageMissingError');
    mkdirSync(folder);
    const clock = new HurriedClock(Date.now() + 120 * 86_400_000);
    const expired = await undoApproved(simulator, directory, name, { clock });
    expect(expired.error?.name).toBe('BeforeImageExpiredError');
    expect(simulator.requests.writes).toEqual([]);
    expect(wholeOf(site)).toEqual(before);
  });
});

const person = (site: SimulatedSite) => {
  const user = [...site.users.values()].find(({ displayName }) => displayName === 'Ada');
  if (!user) throw new Error('there is nobody');
  return user;
};
