import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { deleteAttribute } from '../../simulator/site/attribute-writes.ts';
import type { Quirks } from '../../simulator/site/quirks.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { deleteSchema, updateSchema } from '../../simulator/site/schema-writes.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { deleteType } from '../../simulator/site/type-writes.ts';
import { pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import {
  backUp,
  type FinishedRun,
  HurriedClock,
  RecordingReporter,
  testDirectory,
  testSimulator,
} from './local-run.ts';

// What is suspicious about a night, against the real client, steps and stores: each loss is said for what it is, and lasts.

const day = 86_400_000;
const unchanged = { name: undefined, displayName: undefined, description: undefined };

/** Two schemas: fifty laptops and thirty docks, and twenty places. */
async function company(quirks: Partial<Quirks> = {}) {
  const site = new SimulatedSite();
  const fac = site.addSchema({ key: 'FAC', name: 'Facilities' });
  const place = site.addType({ schema: fac, name: 'Place' });
  const assets = site.addSchema({ key: 'ASSETS', name: 'Assets' });
  const laptop = site.addType({ schema: assets, name: 'Laptop' });
  const dock = site.addType({ schema: assets, name: 'Dock' });
  const note = site.addAttribute({ type: laptop, name: 'Note' });
  const of = (type: typeof place, number: number, values: (at: number) => object = () => ({})) =>
    Array.from({ length: number }, (_, at) =>
      site.addObject({ type, name: `${type.name} ${at}`, values: values(at) as Record<string, string> }),
    );
  const laptops = of(laptop, 50, (at) => ({ Note: `note ${at}` }));
  const docks = of(dock, 30);
  const places = of(place, 20);
  const simulator = await testSimulator({ site, quirks });
  const directory = testDirectory();
  const clock = new HurriedClock(Date.UTC(2026, 10, 1, 2));
  const run = async (options: object = {}): Promise<FinishedRun> => {
    clock.pass(day);
    return backUp(simulator, { directory, clock, activity: false, ...options });
  };
  const night = async (options: object = {}): Promise<Manifest> => {
    const { manifest, error } = await run(options);
    if (!manifest) throw error;
    return manifest;
  };
  const { product } = pretendProduct(undefined, { openBackups: async (folder) => openLocalStores(folder).backups });
  const command = async (...words: string[]) => {
    const io = Object.assign(new RecordedIo(), { now: () => clock.now() });
    const code = await runCommandLine([...words, '--local', directory], io, product);
    return { code, io };
  };
  const remove = (objects: readonly StoredObject[]) => {
    for (const object of objects) site.deleteObject(object);
  };
  return {
    site,
    fac,
    place,
    places,
    assets,
    laptop,
    laptops,
    dock,
    docks,
    note,
    simulator,
    directory,
    run,
    night,
    command,
    remove,
  };
}

const told = ({ suspicions }: Manifest) => suspicions.map(({ kind, before, now }) => [kind, before, now]);

describe('a loss is said for what it is', () => {
  it('nothing is suspicious about a first night, nor about one of a site that only grows', async () => {
    const { site, laptop, night } = await company();
    const first = await night();
    expect([first.suspicions, first.measured.map(({ against }) => against)]).toEqual([[], [null, null, null]]);
    for (let at = 0; at < 20; at += 1) site.createObject({ type: laptop, name: `new ${at}` });
    const second = await night();
    expect(told(second)).toEqual([]);
    expect(second.measured[0]).toEqual({ measure: 'last', against: first.name, before: 100, now: 120 });
  });

  it.each([
    { deleted: 9, kinds: [] },
    // A tenth of all, and a fifth of the laptops.
    {
      deleted: 10,
      kinds: [
        ['fewer-objects', 50, 40],
        ['fewer-objects', 100, 90],
      ],
    },
  ])('$deleted of 50 laptops: a threshold is met exactly', async ({ deleted, kinds }) => {
    const { laptops, night, remove } = await company();
    await night();
    remove(laptops.slice(0, deleted));
    const second = await night();
    expect(told(second)).toEqual(kinds);
    expect(second.status).toBe('complete');
  });

  it('objects that a role hides are not said to be deleted', async () => {
    const { site, laptops, night } = await company();
    await night();
    for (const laptop of laptops.slice(0, 20)) site.roles.hideObject(laptop);
    const second = await night();
    expect(second.status).toBe('complete-with-gaps');
    expect(told(second)).toEqual([
      ['fewer-objects', 50, 30],
      ['fewer-objects', 100, 80],
    ]);
    for (const { message } of second.suspicions)
      expect(message).toContain('the site counts 20 more that this account does not see');
  });

  it.each(['usage', 'schema'] as const)('objects that are hidden, which %s alone counts', async (count) => {
    const { site, laptops, night } = await company({ hiddenCountedBy: [count] });
    await night();
    for (const laptop of laptops.slice(0, 20)) site.roles.hideObject(laptop);
    for (const { message } of (await night()).suspicions)
      expect(message).toContain('20 more that this account does not see, and does not say of which type');
  });

  it('objects that were deleted, where others have been hidden before: these explain nothing', async () => {
    const { site, laptops, night, command, remove } = await company();
    for (const laptop of laptops.slice(0, 12)) site.roles.hideObject(laptop);
    await night();
    for (const isAccepted of [false, true]) {
      if (isAccepted) await command('accept', 'latest', '--because', 'not to be seen');
      const before = await night();
      remove(laptops.slice(isAccepted ? 30 : 12, isAccepted ? 40 : 30));
      const after = await night();
      expect(after.suspicions).toHaveLength(2);
      for (const { message } of after.suspicions)
        expect(message).toMatch(new RegExp(`; in ${before.name} it was \\d+\\.$`));
      await command('accept', after.name, '--because', 'sold');
    }
  });

  it('an object type that was deleted, and one that is hidden', async () => {
    const { site, dock, laptop, docks, laptops, night, remove } = await company();
    await night();
    remove(docks);
    deleteType(site, dock);
    const gone = await night();
    expect(gone.suspicions).toMatchObject([
      { kind: 'object-type-gone', objectTypeId: String(dock.id), before: 30, now: 0 },
    ]);
    expect(gone.suspicions[0]?.message).toMatch(
      /^The object type Dock of ASSETS \(30 objects in .*\) is not on the site any more, by its list and its count of object types\.$/,
    );
    site.roles.hideType(laptop);
    const hidden = await night();
    expect(hidden.suspicions).toMatchObject([
      { kind: 'object-type-not-visible', objectTypeId: String(laptop.id), before: laptops.length },
      // Nobody can tell which of the two the one type is that the schema counts.
      { kind: 'object-type-not-visible', objectTypeId: String(dock.id) },
    ]);
  });

  it.each([
    { name: 'deleted', status: 404, inUsage: false, kind: 'schema-gone', says: /is not on the site any more\.$/ },
    {
      name: 'refused',
      status: 403,
      inUsage: false,
      kind: 'schema-not-visible',
      says: /a right was lost, nothing was deleted/,
    },
    { name: 'named by /usage', status: 404, inUsage: true, kind: 'schema-not-visible', says: /a right was lost/ },
    {
      name: 'not answered for',
      status: 500,
      inUsage: false,
      kind: 'schema-not-visible',
      says: /the site would not say whether it was deleted/,
    },
  ])('a schema that is $name', async ({ status, inUsage, kind, says }) => {
    const { site, fac, simulator, night } = await company();
    await night();
    if (inUsage) simulator.faults.add({ endpoint: 'objectschema-list', fault: { kind: 'drop-item', index: 0 } });
    else deleteSchema(site, fac);
    const match = ({ path }: { path: string }) => path.endsWith(`/objectschema/${fac.id}`);
    simulator.faults.add({ endpoint: 'objectschema', match, fault: { kind: 'status', status } });
    const second = await night();
    expect(second.suspicions).toMatchObject([{ kind, schemaId: String(fac.id), schemaKey: 'FAC', before: 20, now: 0 }]);
    expect(second.suspicions[0]?.message).toMatch(says);
  });

  it('a schema that is not found, where nothing says which ones there are besides', async () => {
    const { site, fac, night } = await company({ usage: 'forbidden' });
    await night();
    deleteSchema(site, fac);
    const second = await night();
    expect(second.suspicions).toMatchObject([{ kind: 'schema-not-visible', before: 20, now: 0 }]);
    expect(second.suspicions[0]?.message).toMatch(
      /is not found any more: it was deleted, or is not visible to this account, and without \/usage nobody can tell which\.$/,
    );
    expect(second.measured[0]).toMatchObject({ before: 100, now: 80 });
  });

  it('a schema whose key another one has by now', async () => {
    const { site, fac, night, remove, places } = await company();
    await night();
    remove(places);
    deleteSchema(site, fac);
    site.addSchema({ key: 'FAC', name: 'Factory' });
    site.configurationChanged();
    const second = await night();
    expect(second.suspicions).toMatchObject([{ kind: 'schema-gone', before: 20 }]);
    expect(second.suspicions[0]?.message).toContain('Another schema (Factory) has the key FAC by now.');
  });

  it('a schema with another key is the same schema, once a notice', async () => {
    const { site, fac, night } = await company();
    await night();
    updateSchema(site, fac, { ...unchanged, key: 'SITES' });
    const second = await night();
    expect(second.suspicions).toEqual([]);
    expect(second.notices).toMatchObject([{ kind: 'schema-rekeyed', schemaKey: 'SITES' }]);
    expect((await night()).notices).toEqual([]);
  });

  it('a schema that is asked for by its old key', async () => {
    const { site, fac, run, night } = await company();
    await night();
    const first = await night({ objectSchemaKeys: ['FAC'] });
    updateSchema(site, fac, { ...unchanged, key: 'SITES' });
    const refused = await run({ objectSchemaKeys: ['FAC'] });
    expect(refused.error).toMatchObject({ name: 'WrongInputError', exitCode: 2 });
    expect(refused.error?.message).toContain(
      `The schema that had the key FAC in ${first.name} (Facilities) has the key SITES by now: ask for that.`,
    );
    // Asked for by its new key it has its measure still.
    const asked = await night({ objectSchemaKeys: ['SITES'] });
    expect(asked.measured[0]).toEqual({ measure: 'last', against: first.name, before: 20, now: 20 });
    const other = site.addSchema({ key: 'FAC', name: 'Factory' });
    site.configurationChanged();
    const swapped = await night({ objectSchemaKeys: ['FAC'] });
    expect(swapped.schemas.map(({ id }) => id)).toEqual([String(other.id)]);
    expect(swapped.suspicions).toMatchObject([{ kind: 'schema-rekeyed', schemaId: String(fac.id), before: 20 }]);
    expect(swapped.suspicions[0]?.message).toContain(
      'it has the key SITES by now. Another schema (Factory) has the key FAC',
    );
  });

  it('an attribute that a type has not any more', async () => {
    const { site, note, laptop, night, directory } = await company();
    const first = await night();
    deleteAttribute(site, note);
    const second = await night();
    // Every laptop had a note, so all of them have other values as well.
    expect(second.suspicions).toMatchObject([
      { kind: 'attribute-gone', objectTypeId: String(laptop.id), attributeId: String(note.id), before: 50, now: 50 },
      { kind: 'many-edited', objectTypeId: String(laptop.id), before: 50, now: 50 },
    ]);
    expect(second.suspicions[0]?.message).toBe(
      `ASSETS: Laptop has no attribute Note any more, which it had in ${first.name}.`,
    );
    const { backups } = openLocalStores(directory);
    const { problems, strangers } = await verifyBackup({ backups, reporter: new RecordingReporter() }, second.name);
    expect([problems, strangers]).toEqual([[], []]);
  });

  it('attributes whose list could not be read say nothing', async () => {
    const { laptop, simulator, night } = await company();
    await night();
    simulator.faults.add({
      endpoint: 'objecttype-attributes',
      match: ({ path }) => path.includes(`/objecttype/${laptop.id}/`),
      fault: { kind: 'status', status: 500 },
    });
    const second = await night();
    expect(second.status).toBe('partial');
    expect(second.suspicions).toEqual([]);
  });

  it('a type whose objects could not be read says nothing: what is not known is not gone', async () => {
    const { laptop, simulator, night } = await company();
    await night();
    simulator.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => rawBody.toString().includes(`objectTypeId = ${laptop.id} `),
      fault: { kind: 'status', status: 503 },
    });
    const second = await night();
    expect([second.status, second.suspicions]).toEqual(['partial', []]);
    expect(second.measured[0]).toMatchObject({ before: 50, now: 50 });
  });

  it.each([24, 25])(
    '%i of 50 laptops with other values: half of a type is an import, not a day of work',
    async (number) => {
      const { site, laptops, laptop, night } = await company();
      await night();
      for (const object of laptops.slice(0, number)) site.updateObject(object, { Note: 'imported' });
      const second = await night();
      expect(second.suspicions).toMatchObject(
        number < 25 ? [] : [{ kind: 'many-edited', objectTypeId: String(laptop.id), before: 50, now: 25 }],
      );
      expect(second.suspicions).toHaveLength(number < 25 ? 0 : 1);
    },
  );

  it('damaged lists of the last night leave what the manifests tell, and a notice', async () => {
    const { night, directory, remove, laptops } = await company();
    const first = await night();
    const list = join(directory, first.name, 'manifest', 'attributes-00001.jsonl');
    writeFileSync(list, readFileSync(list, 'utf8').replace('Note', 'Nite'));
    remove(laptops.slice(0, 20));
    const second = await night();
    expect(second.notices).toMatchObject([{ kind: 'measure-damaged' }]);
    expect(told(second)).toEqual([
      ['fewer-objects', 50, 30],
      ['fewer-objects', 100, 80],
    ]);
  });
});

describe('whatever happens between two nights', () => {
  it('each loss is told once, and as what it is', async () => {
    const deeds = fc.subarray(['cut', 'delete type', 'hide', 'rekey', 'delete attribute', 'edit'] as const);
    await fc.assert(
      fc.asyncProperty(deeds, async (chosen) => {
        const { site, fac, laptop, laptops, dock, docks, places, place, note, night, remove } = await company();
        await night();
        const has = (deed: (typeof chosen)[number]) => chosen.includes(deed);
        if (has('cut')) remove(laptops.slice(0, 25));
        if (has('edit')) for (const object of docks) site.updateObject(object, { Name: 'imported' });
        if (has('delete type')) {
          remove(docks);
          deleteType(site, dock);
        }
        if (has('hide')) for (const object of places.slice(0, 15)) site.roles.hideObject(object);
        if (has('rekey')) updateSchema(site, fac, { ...unchanged, key: 'SITES' });
        if (has('delete attribute')) deleteAttribute(site, note);
        const { suspicions, notices, status } = await night();
        const fewer = (has('cut') ? 25 : 0) + (has('hide') ? 15 : 0);
        const expected = [
          ...(has('delete type') ? [`object-type-gone ${dock.id}`] : []),
          ...(has('hide') ? [`fewer-objects ${place.id}`] : []),
          ...(has('cut') ? [`fewer-objects ${laptop.id}`] : []),
          ...(fewer > 0 ? ['fewer-objects all'] : []),
          ...(has('delete attribute') ? [`attribute-gone ${laptop.id}`, `many-edited ${laptop.id}`] : []),
          ...(has('edit') && !has('delete type') ? [`many-edited ${dock.id}`] : []),
        ];
        const found = suspicions.map(({ kind, objectTypeId = 'all' }) => `${kind} ${objectTypeId}`);
        expect(found.toSorted()).toEqual(expected.toSorted());
        const hidden = suspicions.filter(({ message }) => message.includes('this account does not see'));
        expect(hidden.map(({ objectTypeId }) => objectTypeId)).toEqual(
          has('hide') ? [String(place.id), undefined] : [],
        );
        expect(notices.some(({ kind }) => kind === 'schema-rekeyed')).toBe(has('rekey'));
        expect(status).toBe(has('hide') ? 'complete-with-gaps' : 'complete');
      }),
      { numRuns: 6 },
    );
  });
});

describe('it lasts', () => {
  it('until somebody accepts it: a shrunken backup is not the measure of the next, and nothing rings twice', async () => {
    const { laptops, laptop, dock, docks, night, command, remove } = await company();
    const whole = await night();
    remove(laptops.slice(0, 20));
    const [second, third] = [await night(), await night()];
    expect(told(third)).toEqual(told(second));
    expect(third.measured[0]).toEqual({ measure: 'last', against: whole.name, before: 100, now: 80 });
    const accepted = await command('accept', third.name, '--because', 'lent out', '--json');
    expect(accepted.code).toBe(0);
    expect(accepted.io.document()).toMatchObject({
      accepted: [
        { kind: 'fewer-objects', objectTypeId: String(laptop.id), number: 30, because: 'lent out' },
        { kind: 'fewer-objects', number: 80 },
      ],
    });
    const again = await command('accept', third.name, '--because', 'lent out');
    expect([again.code, again.io.stderr.text]).toMatchObject([2, expect.stringContaining('It is accepted already')]);
    const fourth = await night();
    expect([fourth.suspicions, fourth.measured[0]?.against]).toEqual([[], third.name]);
    remove(docks.slice(0, 15));
    const fifth = await night();
    expect(fifth.suspicions).toMatchObject([
      { objectTypeId: String(dock.id), before: 30, now: 15 },
      { before: 80, now: 65 },
    ]);
    const wrong = await command('accept', fifth.name, '--type', String(laptop.id), '--because', 'x');
    expect([wrong.code, wrong.io.stderr.text]).toMatchObject([
      2,
      expect.stringContaining(`It has such in the object types ${dock.id}.`),
    ]);
  });

  it('until it is regained', async () => {
    const { site, laptop, laptops, night, remove } = await company();
    await night();
    remove(laptops.slice(0, 20));
    await night();
    for (let at = 0; at < 20; at += 1) site.createObject({ type: laptop, name: `again ${at}` });
    const third = await night();
    expect(third.suspicions).toEqual([]);
    expect((await night()).measured[0]?.against).toBe(third.name);
  });

  it('in a folder with settings of its own', async () => {
    const { directory, laptops, night, remove } = await company();
    await night();
    writeFileSync(
      join(directory, 'settings.json'),
      '{ "lossAlarm": { "typePercent": 2, "allPercent": 100, "atLeast": 1 } }',
    );
    remove(laptops.slice(0, 1));
    expect(told(await night())).toEqual([['fewer-objects', 50, 49]]);
  });
});

describe('backups of single schemas', () => {
  it('a number of all schemas together that was accepted there says nothing of a night of more', async () => {
    const { laptops, docks, places, night, command, remove } = await company();
    const first = await night();
    remove(places.slice(0, 10));
    const narrow = await night({ objectSchemaKeys: ['FAC'] });
    expect(told(narrow)).toEqual([
      ['fewer-objects', 20, 10],
      ['fewer-objects', 20, 10],
    ]);
    await command('accept', narrow.name, '--because', 'closed');
    remove(laptops.slice(0, 9));
    remove(docks.slice(0, 5));
    const second = await night();
    expect(second.measured[0]).toEqual({ measure: 'last', against: first.name, before: 100, now: 76 });
    expect(told(second)).toEqual([['fewer-objects', 90, 76]]);
    await command('accept', second.name, '--because', 'sold');
    expect(told(await night())).toEqual([]);
  });

  it('a number that was accepted of a backup that could not read all says nothing of one that could', async () => {
    const { laptop, laptops, docks, places, simulator, directory, night, command, remove } = await company();
    writeFileSync(join(directory, 'settings.json'), '{ "lossAlarm": { "atLeast": 1 } }');
    await night();
    remove(places.slice(0, 3));
    remove(docks.slice(0, 5));
    simulator.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => rawBody.toString().includes(`objectTypeId = ${laptop.id} `),
      fault: { kind: 'status', status: 503 },
    });
    const partial = await night();
    expect([partial.status, told(partial)]).toEqual(['partial', [['fewer-objects', 50, 42]]]);
    await command('accept', partial.name, '--because', 'closed');
    simulator.faults.clear();
    remove(laptops.slice(0, 9));
    expect(told(await night())).toEqual([['fewer-objects', 100, 83]]);
  });

  it('are the measure of what they hold, where none is of all that a night is made of', async () => {
    const { laptops, places, night, remove } = await company();
    await night({ objectSchemaKeys: ['FAC'] });
    const both = await night({ objectSchemaKeys: ['ASSETS', 'FAC'] });
    await night({ objectSchemaKeys: ['FAC'] });
    remove(laptops.slice(0, 10));
    remove(places.slice(0, 10));
    const whole = await night();
    expect(whole.measured[0]).toEqual({ measure: 'last', against: both.name, before: 100, now: 80 });
    expect(told(whole)).toEqual([
      ['fewer-objects', 20, 10],
      ['fewer-objects', 50, 40],
      ['fewer-objects', 100, 80],
    ]);
  });
});

describe('the command', () => {
  it('never says that nothing is missing where objects are fewer, and names what is lost', async () => {
    const { site, laptops, run, night, command, remove, directory } = await company();
    const first = await night();
    remove(laptops.slice(0, 25));
    const { result } = await run();
    expect(result).toMatchObject({
      status: 'complete',
      suspicious: true,
      suspicions: [
        `ASSETS: Laptop has 25 objects; in ${first.name} it was 50.`,
        `All schemas together have 75 objects; in ${first.name} it was 100.`,
      ],
      measured: [{ measure: 'last', before: 100, now: 75 }, {}, {}],
    });
    expect(result?.message).toContain('is complete, and suspicious: 75 objects of 2 schemas');
    const shown = await command('show', 'latest');
    expect(shown.code).toBe(0);
    const text = shown.io.stdout.text;
    expect(text).toContain('complete, and suspicious: everything that the account can see is stored');
    expect(text).toContain(`Not in it any more, and in ${first.name} (25 objects):`);
    expect(text).toContain(`ASSETS, Laptop: ${site.objectKey(laptops[0] as StoredObject)} Laptop 0`);
    expect(text).toContain('ASSETS, Laptop: and 5 more');
    expect(text).toContain(`diff ${first.name} ${result?.backup} --local`);
    expect(text).toContain(`accept ${result?.backup} --local`);
    expect(shown.io.stderr.text).toContain(`The last backup that is not suspicious is ${first.name}.`);
    expect((await Array.fromAsync(listBackups(openLocalStores(directory).backups))).length).toBe(2);
    await command('accept', result?.backup ?? '', '--because', 'sold');
    const accepted = (await command('show', 'latest')).io;
    expect(accepted.stdout.text).toContain('2 things that were suspicious are accepted.');
    expect(accepted.stdout.text).not.toContain('and suspicious');
    expect(accepted.stderr.text).not.toContain('suspicious');
  });
});
