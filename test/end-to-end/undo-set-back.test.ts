import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testClock, testSimulator } from './local-run.ts';
import { companySite, valuesOf } from './restore-company.ts';
import { type FinishedRestore, restore } from './restore-run.ts';
import { restoresIn } from './undo-kills.ts';
import { undo, undoApproved } from './undo-run.ts';

/** A company that is backed up, and an approved restore into it. */
async function backedUpCompany() {
  const company = companySite();
  const { site } = company;
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  await testClock.sleep(60_000);
  const approved = async (input: Record<string, unknown>, killer?: Killer): Promise<FinishedRestore> => {
    const planned = await restore(simulator, directory, { folder, ...input });
    const line = { folder, ...input, approve: planned.result?.hash ?? null };
    // Names of restores of one second tell nothing of which is the later one.
    await testClock.sleep(1_000);
    return restore(simulator, directory, line, killer ? { decorate: killer.decorate } : {});
  };
  const notes = () =>
    company.laptops.map(({ id }) => (site.objects.get(id) ? valuesOf(site, id, 'Note')[0] : undefined));
  const newest = () => restoresIn(directory).at(-1) ?? '';
  const [, importer, colleague] = company.users;
  return { ...company, simulator, directory, folder, approved, notes, newest, importer, colleague };
}

/** What the site counts besides what it shows, and what the login does not see. */
const countsOfHidden = (['schema', 'usage', 'type', 'totalcount'] as const).flatMap((count) =>
  (['objects', 'a type'] as const).map((what) => ({ count, what })),
);

describe('an undo deletes nothing that holds what this login does not see', () => {
  it.each(countsOfHidden)('where only the count "$count" tells of $what', async ({ count, what }) => {
    const { site, assets, simulator, directory, folder } = await backedUpCompany();
    const objectSchemas = [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'COPY', newObjectSchemaName: 'Copy' }];
    const copied = await restore(simulator, directory, { folder, objectSchemas });
    const schema = [...site.schemas.values()].find(({ key }) => key === 'COPY') ?? assets;
    const dock = [...site.types.values()].find((type) => type.schemaId === schema.id && type.name === 'Dock');
    const type = what === 'objects' && dock ? dock : site.addType({ schema, name: 'Secret' });
    const hidden = site.addObject({ type, name: 'Hidden one' });
    if (what === 'objects') site.roles.hideObjectsOf(type);
    else site.roles.hideType(type);
    site.quirks.hiddenCountedBy = [count];
    const undone = await undoApproved(simulator, directory, copied.result?.restore ?? '');
    expect(undone.error).toBeUndefined();
    expect(undone.report?.outcome).toBe('restored-with-losses');
    expect([site.schemas.has(schema.id), site.types.has(type.id), site.objects.get(hidden.id)?.id]).toEqual([
      ...[true, true, hidden.id],
    ]);
  });

  it.each(['schema', 'usage', 'type', 'totalcount'] as const)(
    'such as an attribute in which they have values, where only the count "%s" tells of them',
    async (count) => {
      const { site, laptop, laptops, simulator, directory, approved, colleague } = await backedUpCompany();
      const note = site.typeAttributes(laptop.id).find(({ name }) => name === 'Note');
      for (const object of site.objects.all()) (object.values as Map<number, unknown>).delete(note?.id ?? 0);
      site.attributes.delete(note?.id ?? 0);
      site.configurationChanged();
      const restored = await approved({});
      expect(restored.error).toBeUndefined();
      const worked = laptops[2] as StoredObject;
      site.updateObject(worked, { Note: 'secret work' }, colleague);
      site.roles.hideObject(worked);
      site.quirks.hiddenCountedBy = [count];
      await undoApproved(simulator, directory, restored.result?.restore ?? '');
      expect(valuesOf(site, worked.id, 'Note')).toEqual(['secret work']);
    },
  );
});

describe('an undo sets back only what its restore has written', () => {
  it('and not what a person wrote by hand after the restore was killed', async () => {
    const { site, laptops, simulator, directory, approved, notes, newest, importer, colleague } =
      await backedUpCompany();
    for (const laptop of laptops) site.updateObject(laptop, { Note: 'bad' }, importer);
    const killer = new Killer(1, 'before', 'updateObject');
    await approved({ onExisting: 'update' }, killer);
    expect(killer.hasStruck).toBe(true);
    site.updateObject(laptops[2] as StoredObject, { Note: 'note of 2' }, colleague);
    const undone = await undoApproved(simulator, directory, newest());
    expect(notes()[2]).toBe('note of 2');
    expect(undone.report?.stays ?? undone.plan?.stays).toMatchObject([
      { attribute: 'Note', reason: 'the restore was stopped, and nobody knows whether it has written it' },
    ]);
  });

  it('and not what a later restore has written, until that is undone', async () => {
    const { site, laptops, simulator, directory, approved, notes, importer, colleague } = await backedUpCompany();
    const [laptop] = laptops as [StoredObject];
    site.updateObject(laptop, { Note: 'bad' }, importer);
    const first = await approved({ onExisting: 'update' });
    site.updateObject(laptop, { Note: 'good later work' }, colleague);
    const second = await approved({ onExisting: 'update' });
    const name = second.result?.restore ?? '';
    const undone = await undoApproved(simulator, directory, first.result?.restore ?? '');
    expect(notes()[0]).toBe('note of 0');
    expect(undone.report?.stays ?? undone.plan?.stays).toMatchObject([
      { attribute: 'Note', reason: `the restore ${name} has written it since, and is to be undone first` },
    ]);
    const later = await undoApproved(simulator, directory, name);
    expect(later.report?.stays).toEqual([]);
    expect(notes()[0]).toBe('good later work');
  });

  it('and not what a person wrote by hand after an undo was killed', async () => {
    const { site, laptops, simulator, directory, approved, notes, importer, colleague } = await backedUpCompany();
    const [first, second, gone] = [laptops[0], laptops[1], laptops[4]] as [StoredObject, StoredObject, StoredObject];
    for (const laptop of [first, second]) site.updateObject(laptop, { Note: 'bad' }, importer);
    site.deleteObject(gone);
    const restored = await approved({ onExisting: 'update' });
    const name = restored.result?.restore ?? '';
    const { result } = await undo(simulator, directory, { undo: name });
    const line = { undo: name, approve: result?.hash ?? null };
    const killer = new Killer(1, 'before', 'deleteObject');
    await undo(simulator, directory, line, { decorate: killer.decorate });
    expect(killer.hasStruck).toBe(true);
    expect(notes().slice(0, 2)).toEqual(['bad', 'bad']);
    await testClock.sleep(60_000);
    site.updateObject(first, { Note: 'note of 0' }, colleague);
    const undone = await undo(simulator, directory, line);
    expect(notes().slice(0, 2)).toEqual(['note of 0', 'bad']);
    expect(undone.report?.stays).toMatchObject([
      { attribute: 'Note', reason: 'an undo was stopped, and somebody may have written it after that' },
    ]);
  });
});

describe('an undo that cannot do all', () => {
  it('names what is in a schema that the login may not delete, and takes none of it for deleted', async () => {
    const { site, simulator, directory, folder } = await backedUpCompany();
    const objectSchemas = [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'COPY', newObjectSchemaName: 'Copy' }];
    const copied = await restore(simulator, directory, { folder, objectSchemas });
    simulator.faults.add({
      endpoint: '*',
      match: ({ method, path }) => method === 'DELETE' && path.includes('objectschema/'),
      fault: { kind: 'status', status: 403 },
    });
    const undone = await undoApproved(simulator, directory, copied.result?.restore ?? '');
    expect(undone.report).toMatchObject({ outcome: 'restored-with-losses', differences: [] });
    expect(undone.report?.stays.map(({ kind }) => kind).sort()).toEqual(['reference-type', 'schema', 'status-type']);
    expect([...site.schemas.values()].some(({ key }) => key === 'COPY')).toBe(true);
  });

  it('names the file of what a restore made of the configuration where that is lost', async () => {
    const { site, laptops, simulator, directory, approved } = await backedUpCompany();
    for (const laptop of laptops.slice(3, 5)) site.deleteObject(laptop);
    const restored = await approved({});
    const name = restored.result?.restore ?? '';
    rmSync(join(directory, '.work', restoreKeys(name).configuration));
    const undone = await undoApproved(simulator, directory, name);
    expect(undone.error).toMatchObject({ name: 'DamagedWorkFileError', exitCode: 15 });
    expect(undone.error?.message).toContain('configuration.json');
  });
});

describe('an undo of a restore that was killed while it made the configuration', () => {
  it('leaves a schema that a person has made in the meantime', async () => {
    const { site: source } = companySite();
    const from = await testSimulator({ site: source });
    const { directory, result } = await backUp(from);
    const target = await testSimulator({ site: emptySiteLike(source) });
    const { site } = target;
    const killer = new Killer(2, 'before', 'createObjectSchema');
    await restore(target, directory, { folder: result?.backup ?? '' }, { decorate: killer.decorate });
    expect(killer.hasStruck).toBe(true);
    const there = new Set([...site.schemas.values()].map(({ key }) => key));
    expect(there.size).toBe(1);
    const lacking = [...source.schemas.values()].find(({ key }) => !there.has(key));
    const byHand = site.addSchema({ key: lacking?.key ?? '', name: lacking?.name ?? '' });
    const name = restoresIn(directory).at(-1) ?? '';
    const undone = await undoApproved(target, directory, name);
    expect([...site.schemas.keys()]).toEqual([byHand.id]);
    expect(undone.report?.stays).toMatchObject([
      { kind: 'schema', reason: 'the restore was stopped, and nobody knows who has made it' },
    ]);
  });
});
