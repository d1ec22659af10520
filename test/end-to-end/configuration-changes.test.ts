import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { EndpointName } from '../../simulator/http/endpoint.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { deleteAttribute } from '../../simulator/site/attribute-writes.ts';
import type { Attribute, ObjectType, Schema, StoredObject } from '../../simulator/site/records.ts';
import { deleteSchema } from '../../simulator/site/schema-writes.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { deleteType } from '../../simulator/site/type-writes.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { readStored, truthOf } from './stored-site.ts';

interface Scene {
  readonly site: SimulatedSite;
  readonly schema: Schema;
  readonly type: ObjectType;
  readonly note: Attribute;
}

/** Two schemas of two types each, with objects. */
function scene(): Scene {
  const site = new SimulatedSite();
  const [first] = ['AAA', 'BBB'].map((key) => {
    const schema = site.addSchema({ key });
    const place = site.addType({ schema, name: 'Place' });
    const type = site.addType({ schema, name: 'Thing' });
    const note = site.addAttribute({ type, name: 'Note', kind: 'text' });
    for (let number = 0; number < 5; number += 1) {
      site.addObject({ type: place, name: `place ${number}` });
      site.addObject({ type, name: `thing ${number}`, values: { Note: 'as it was' } });
    }
    return { site, schema, type, note };
  });
  if (!first) throw new Error('no schema');
  return first;
}

/** Backs up while `change` happens before the n-th request to an endpoint; what lived throughout is held against the site. */
async function backUpWhile(before: Scene, endpoint: EndpointName | '*', nth: number, change: (scene: Scene) => void) {
  const { site } = before;
  const simulator = await testSimulator({ site });
  let requests = 0;
  simulator.onRequest(endpoint, () => {
    requests += 1;
    if (requests !== nth) return;
    change(before);
    site.configurationChanged();
  });
  const run = await backUp(simulator);
  if (!run.manifest) throw run.error ?? new Error('no manifest');
  const stored = await readStored(run.directory, run.manifest);
  const { backups } = openLocalStores(run.directory);
  const { problems } = await verifyBackup({ backups, reporter: new RecordingReporter() }, run.manifest.name);
  expect(problems).toEqual([]);
  expect([...truthOf(site).objects.keys()].filter((id) => !stored.objects.has(id))).toEqual([]);
  return { manifest: run.manifest, requests: simulator.requests.total };
}

const gapOf = (what: unknown) => [
  { kind: 'checks', what, reason: expect.stringMatching(/deleted meanwhile, or this account may not see it any more/) },
];
const remove = ({ site, type }: Scene) => deleteType(site, type);
const removeSchema = ({ site, schema }: Scene) => deleteSchema(site, schema);

describe('What is deleted while a backup goes on', () => {
  it('makes no backup partial, whenever it happens', async () => {
    const { requests } = await backUpWhile(scene(), '*', 0, () => undefined);
    const removeAttribute = ({ site, note }: Scene) => deleteAttribute(site, note);
    const statuses: string[] = [];
    for (const change of [remove, removeSchema, removeAttribute]) {
      for (let nth = 1; nth <= requests; nth += 9) {
        const { manifest } = await backUpWhile(scene(), '*', nth, change);
        statuses.push(manifest.status);
        expect(manifest.gaps.length).toBeLessThan(2);
      }
    }
    expect(new Set(statuses)).toEqual(new Set(['complete', 'complete-with-gaps']));
  }, 120_000);

  it('is one gap where a type goes before its attributes were read', async () => {
    const { manifest } = await backUpWhile(scene(), 'objecttype-attributes', 1, remove);
    expect(manifest.status).toBe('complete-with-gaps');
    expect(manifest.gaps).toMatchObject(gapOf('attributes of object type Thing'));
  });

  it.each(['objectschema', 'objecttypes-flat', 'objecttype-attributes', 'object-aql'] as const)(
    'is one gap where a schema goes before %s',
    async (endpoint) => {
      const { manifest } = await backUpWhile(scene(), endpoint, 1, removeSchema);
      expect(manifest.status).toBe('complete-with-gaps');
      expect(manifest.gaps).toMatchObject(gapOf('schema AAA'));
    },
  );

  it('is not what an answer says that fails, of a schema that is still listed', async () => {
    const simulator = await testSimulator({ site: scene().site });
    const match = ({ path }: { path: string }) => path.includes('/objectschema/1');
    simulator.faults.add({ endpoint: 'objectschema', match, fault: { kind: 'status', status: 404 } });
    const { manifest } = await backUp(simulator);
    expect(manifest?.status).toBe('partial');
  });

  it.each([1, 2, 3, 4])('is not what one list of types leaves out, after %i whole ones', async (skip) => {
    const { site, type } = scene();
    const simulator = await testSimulator({ site });
    const match = ({ rawBody }: { rawBody: Buffer }) => rawBody.toString().includes(`objectTypeId = ${type.id} `);
    simulator.faults.add({ endpoint: 'object-aql', match, fault: { kind: 'status', status: 400 } });
    const index = [...site.types.values()].filter(({ schemaId }) => schemaId === type.schemaId).indexOf(type);
    const ofSchema = ({ path }: { path: string }) => path.includes(`/objectschema/${type.schemaId}/`);
    const fault = { kind: 'drop-item', index } as const;
    simulator.faults.add({ endpoint: 'objecttypes-flat', match: ofSchema, skip, times: 1, fault });
    const { manifest } = await backUp(simulator);
    expect(manifest?.status).toBe('partial');
  });
});

describe('An attribute that is made while a backup goes on', () => {
  const add = ({ site, type }: Scene) => {
    site.addAttribute({ type, name: 'Late', kind: 'text' });
    for (const object of site.objects.all()) {
      if (object.typeId === type.id) site.updateObject(object, { Late: ['late value'] });
    }
  };
  const made =
    /^The attribute Late of Thing was made after this backup had read the attributes .* a restore leaves out/;

  /** `change` happens before the first page of the small type, when the page of the large one has been answered. */
  async function backUpBetweenTypes(change: (scene: Scene, mover: StoredObject) => void) {
    const before = scene();
    const { site, type } = before;
    const mover = [...site.objects.all()].find(({ typeId }) => typeId !== type.id);
    for (let number = 5; number < 50; number += 1) site.addObject({ type, name: `thing ${number}` });
    const simulator = await testSimulator({ site });
    let isLargeRead = false;
    let isDone = false;
    simulator.onRequest('object-aql', async ({ rawBody }) => {
      const body = rawBody.toString();
      if (body.includes(`objectTypeId = ${type.id} `)) isLargeRead = true;
      if (isDone || !mover || !body.includes(`objectTypeId = ${mover.typeId} `)) return;
      isDone = true;
      await expect.poll(() => isLargeRead).toBe(true);
      await setTimeout(50);
      change(before, mover);
      site.configurationChanged();
    });
    const { manifest, directory } = await backUp(simulator);
    if (!manifest) throw new Error('no manifest');
    const { objects } = await readStored(directory, manifest);
    expect([...truthOf(site).objects.keys()].filter((id) => !objects.has(id))).toEqual([]);
    return manifest;
  }

  it('is a notice where objects have it and the list of attributes lacked it', async () => {
    const before = scene();
    const simulator = await testSimulator({ site: before.site });
    const end = simulator.onRequest('object-aql', ({ rawBody }) => {
      if (!rawBody.toString().includes('objectTypeId = ')) return;
      end();
      add(before);
      before.site.configurationChanged();
    });
    const { manifest, directory } = await backUp(simulator);
    expect(manifest).toMatchObject({ status: 'complete', gaps: [] });
    expect(manifest?.notices).toMatchObject([{ kind: 'made-meanwhile', message: expect.stringMatching(made) }]);

    const target = await testSimulator({ site: emptySiteLike(before.site) });
    const { report, error } = await restore(target, directory, { folder: manifest?.name ?? '' });
    expect(error).toBeUndefined();
    expect(report).toMatchObject({ differences: [], lossCount: 5 });
    expect(target.site.objects.size).toBe(before.site.objects.size);
  });

  it('is a notice where an object has it that no page of its type showed', async () => {
    const manifest = await backUpBetweenTypes(({ site, type }, mover) => {
      site.addAttribute({ type, name: 'Late', kind: 'text' });
      site.moveObject(mover, type);
      site.updateObject(mover, { Late: ['late value'] });
    });
    expect(manifest).toMatchObject({ status: 'complete', gaps: [] });
    expect(manifest.notices).toContainEqual(
      expect.objectContaining({ kind: 'made-meanwhile', message: expect.stringMatching(made) }),
    );
  });
});
