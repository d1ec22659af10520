import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import type { ObjectType, StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { SimulatorOptions } from '../../simulator/start-simulator.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';
import { readStored } from './stored-site.ts';

interface Scene {
  readonly site: SimulatedSite;
  readonly type: ObjectType;
  readonly otherType: ObjectType;
  readonly objects: StoredObject[];
}

/** A type of several pages, and a small one. */
function scene(size = 1_300): Scene {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FAC' });
  const otherType = site.addType({ schema, name: 'Small' });
  const type = site.addType({ schema, name: 'Large' });
  site.addObject({ type: otherType, name: 'only one' });
  const objects = Array.from({ length: size }, (_, number) => site.addObject({ type, name: `object ${number}` }));
  return { site, type, otherType, objects };
}

/** Backs up while `change` happens before the n-th page of the large type. */
async function backUpWhile(
  { site, type, otherType, objects }: Scene,
  change: (scene: Scene, page: number) => void,
  options: Partial<SimulatorOptions> = {},
) {
  const simulator = await testSimulator({ site, ...options });
  let page = 0;
  simulator.onRequest('object-aql', (request) => {
    if (!request.rawBody.toString().includes(`objectTypeId = ${type.id} `)) return;
    page += 1;
    change({ site, type, otherType, objects }, page);
  });
  const run = await backUp(simulator, { activity: false });
  if (!run.manifest) throw run.error ?? new Error('no manifest');
  const stored = await readStored(run.directory, run.manifest);
  const { backups } = openLocalStores(run.directory);
  const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, run.manifest.name);
  expect(verification.problems).toEqual([]);
  const onSite = [...site.allObjects()].map(({ id }) => String(id));
  return {
    run,
    manifest: run.manifest,
    stored,
    missing: onSite.filter((id) => !stored.objects.has(id)),
    pages: () => page,
  };
}

const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
};

describe('while pages are read', () => {
  it('a delete and a create that leave every count right lose no object', async () => {
    const { run, missing, stored } = await backUpWhile(scene(), ({ site, type, objects }, page) => {
      if (page !== 2) return;
      site.deleteObject(at(objects, 10));
      site.createObject({ type, name: 'new one' });
    });
    expect(run.result?.status).toBe('complete');
    expect(missing).toEqual([]);
    expect([...stored.objects.values()].some(({ label }) => label === 'new one')).toBe(true);
    expect(run.reporter.events.some(({ name }) => name === 'export.restarted-sweep')).toBe(true);
  });

  it('the same is true where keys sort as text, so that the new object can land on a page already read', async () => {
    const { run, missing } = await backUpWhile(
      scene(),
      ({ site, type, objects }, page) => {
        if (page !== 3) return;
        site.deleteObject(at(objects, 3));
        site.createObject({ type, name: 'new one' });
      },
      { quirks: { keySort: 'text' } },
    );
    expect(run.result?.status).toBe('complete');
    expect(missing).toEqual([]);
  });

  it('an object that is created is stored', async () => {
    const { run, missing } = await backUpWhile(scene(), ({ site, type }, page) => {
      if (page === 2) site.createObject({ type, name: 'new one' });
    });
    expect(run.result?.status).toBe('complete');
    expect(missing).toEqual([]);
  });

  it('an object that is deleted is not counted as missing, and not stored where that is still possible', async () => {
    const { run, stored, missing } = await backUpWhile(scene(900), ({ site, objects }, page) => {
      if (page === 3) site.deleteObject(at(objects, 0));
    });
    expect(run.result?.status).toBe('complete');
    expect(missing).toEqual([]);
    expect(stored.objects.size).toBe(900);
  });

  it('an object that changes is stored in one of its states, whole', async () => {
    const { run, missing, stored } = await backUpWhile(scene(), ({ site, objects }, page) => {
      if (page === 2) site.updateObject(at(objects, 5), { Name: ['changed'] });
    });
    expect(run.result?.status).toBe('complete');
    expect(missing).toEqual([]);
    expect(['object 5', 'changed']).toContain(stored.objects.get(String(6 + 1))?.label);
  });

  it('an object that becomes another type is stored', async () => {
    const { missing } = await backUpWhile(scene(), ({ site, objects, otherType }, page) => {
      if (page === 2) site.moveObject(at(objects, 5), otherType);
    });
    expect(missing).toEqual([]);
  });

  it('an object that becomes another type leaves the numbers of those beside it as they were spelt', async () => {
    const numbers = '"x-new":[1.0,12345678901234567890]';
    const { site, type, otherType } = scene(0);
    const extra = { object: `{${numbers}}` };
    const objects = ['one', 'two'].map((name) => site.addObject({ type, name, extra }));
    const simulator = await testSimulator({ site });
    let isMoved = false;
    const types = new Set<string>();
    simulator.onRequest('object-aql', ({ rawBody }) => {
      const [query = ''] = /objectTypeId = \d+ order/.exec(rawBody.toString()) ?? [];
      if (query) types.add(query);
    });
    simulator.onRequest('totalcount', async () => {
      // The first page of each type shows it where it was.
      await expect.poll(() => types.size).toBe(2);
      if (!isMoved) site.moveObject(at(objects, 0), otherType);
      isMoved = true;
    });

    const { directory, manifest } = await backUp(simulator, { activity: false });

    const texts = (manifest?.schemas ?? []).flatMap(({ objectTypes }) =>
      objectTypes.map(({ name, objectsMeta }) => ({
        name,
        count:
          objectsMeta
            .map((key) => readFileSync(join(directory, key), 'utf8'))
            .join('')
            .split(numbers).length - 1,
      })),
    );
    expect(manifest?.notices.map(({ message }) => message).join()).toContain("became another type's during the backup");
    expect(texts).toEqual([
      { name: 'Small', count: 1 },
      { name: 'Large', count: 1 },
    ]);
  });

  it('a site that never rests loses nothing that was there all the time, and is not read for ever', async () => {
    const before = scene(700);
    const lasting = before.objects.filter((_, index) => index >= 40).map(({ id }) => String(id));
    let gone = 0;
    const { run, stored, pages } = await backUpWhile(
      before,
      ({ site, type, objects }) => {
        if (gone < 40) site.deleteObject(at(objects, gone));
        gone += 1;
        site.createObject({ type, name: `new ${gone}` });
      },
      { quirks: { maxPageSize: 100 } },
    );
    expect(lasting.filter((id) => !stored.objects.has(id))).toEqual([]);
    expect(run.result).toBeDefined();
    expect(pages()).toBeLessThan(30);
  });

  it('a type that appears meanwhile is named, and is no gap', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'FAC' });
    const type = site.addType({ schema, name: 'Known' });
    site.addObject({ type, name: 'known' });
    const simulator = await testSimulator({ site });
    let isDone = false;
    simulator.onRequest('object-aql', ({ rawBody }) => {
      if (isDone || !rawBody.toString().includes('objectTypeId = ')) return;
      isDone = true;
      site.createObject({ type: site.addType({ schema, name: 'Late' }), name: 'of a late type' });
    });
    const run = await backUp(simulator);
    expect(run.result?.status).toBe('complete');
    expect(run.manifest?.notices).toContainEqual(
      expect.objectContaining({
        kind: 'made-meanwhile',
        message: expect.stringMatching(/^The object type Late of FAC .* its 1 object are not in it/),
      }),
    );
  });
});

describe('a type that is made while a backup goes on, before an old one was read', () => {
  /** The object goes into the new type before any page of its own is asked for. */
  async function backUpWhileMoved(move: (scene: { site: SimulatedSite; late: ObjectType; old: StoredObject }) => void) {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'FAC' });
    const type = site.addType({ schema, name: 'Known' });
    const old = site.addObject({ type, name: 'known' });
    const simulator = await testSimulator({ site });
    let isDone = false;
    simulator.onRequest('object-aql', ({ rawBody }) => {
      if (isDone || !rawBody.toString().includes('objectTypeId = ')) return;
      isDone = true;
      move({ site, late: site.addType({ schema, name: 'Late' }), old });
    });
    const run = await backUp(simulator, { activity: false });
    return { run, old };
  }

  it('makes a gap of an object that was there all the time and moves into it: never complete without it', async () => {
    const { run, old } = await backUpWhileMoved(({ site, late, old: object }) => {
      site.moveObject(object, late);
      site.createObject({ type: late, name: 'new one' });
    });
    expect(run.result?.status).toBe('partial');
    expect(run.manifest?.gaps).toMatchObject([
      { kind: 'objects', what: '1 object that went into Late', schemaKey: 'FAC', objectIds: [String(old.id)] },
    ]);
  });

  it('is no gap where it came with a schema of its own', async () => {
    const { run } = await backUpWhileMoved(({ site }) => {
      const schema = site.addSchema({ key: 'NEW', name: 'New' });
      site.createObject({ type: site.addType({ schema, name: 'First' }), name: 'new one' });
    });
    expect(run.manifest?.gaps).toEqual([]);
    expect(run.manifest?.notices).toMatchObject([
      { kind: 'made-meanwhile', message: expect.stringMatching(/schema New/) },
    ]);
  });

  it('makes none of objects that are made in it', async () => {
    const { run } = await backUpWhileMoved(({ site, late }) => {
      site.createObject({ type: late, name: 'new one' });
      site.createObject({ type: late, name: 'another one' });
    });
    expect(run.manifest?.gaps).toEqual([]);
    expect(run.result?.status).toBe('complete');
  });
});

describe('a step that runs short of time', () => {
  it('hands back and goes on, and the backup is the same', async () => {
    const { site } = scene(120);
    const simulator = await testSimulator({ site, quirks: { maxPageSize: 50 } });
    // Every invocation finds that its time is short, and does the least that it may: a page of each type, or an object.
    const run = await backUp(simulator, { remainingMilliseconds: () => 1_000 });
    expect(run.result?.status).toBe('complete');
    if (!run.manifest) return;
    const stored = await readStored(run.directory, run.manifest);
    expect(stored.objects.size).toBe(121);
    expect(
      run.manifest.schemas.flatMap(({ objectTypes }) => objectTypes).some(({ objectsMeta }) => objectsMeta.length > 1),
    ).toBe(true);
    const { backups } = openLocalStores(run.directory);
    const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, run.manifest.name);
    expect(verification.problems).toEqual([]);
  });

  it('makes headway where a batch has several types, of which some are done', async () => {
    const run = await backUp(await testSimulator({ site: awkwardSite() }), { remainingMilliseconds: () => 0 });
    expect(run.result).toMatchObject({ status: 'complete', counts: { objects: 52, historyRead: 52 } });
  });
});
