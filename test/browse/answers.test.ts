import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { DamagedBackupError } from '../../core/errors.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type {
  BackupAnswer,
  BackupsAnswer,
  DiffAnswer,
  LifeAnswer,
  ObjectAnswer,
  ObjectsAnswer,
  PlaceAnswer,
  SearchAnswer,
} from '../../pages/answers.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { scriptsFilesOf, writeScripts } from '../core/original-scripts/written-scripts.ts';
import { damageAll } from '../end-to-end/damaged-files.ts';
import { backUp, testDirectory, testSimulator } from '../end-to-end/local-run.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { Browsed } from './browsed.ts';

const golden = new GoldenFolder('format-2');
const [first, second, third] = ['2026-11-23_02-00-00', '2026-11-24_02-00-00', '2026-11-25_02-00-00'] as const;

/** Everything that a browser, a terminal, a shell or SQL could take for its own. */
const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"; DROP TABLE objects; --',
  '\u202egnp.exe',
  'a\u0000b\u001b[31mred',
  'x'.repeat(1_000_000),
  '{{constructor}} $(id)',
  '../../etc/passwd',
] as const;

async function hostileBackup() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ASSETS', name: '<b>Assets</b>' });
  const type = site.addType({ schema, name: '"><script>' });
  site.addAttribute({ type, name: '</script><script>', multiple: true });
  for (const [number, text] of hostile.entries())
    site.addObject({
      type,
      name: `${number} ${text.slice(0, 100)}`,
      values: { '</script><script>': [text, 'second'] },
    });
  const { directory, manifest } = await backUp(await testSimulator({ site }), {});
  return { directory, backup: manifest?.name ?? '' };
}

describe('the answers of the server', () => {
  it('name the place, and the backups with what each is', async () => {
    const directory = golden.copy();
    rmSync(join(directory, second, 'manifest.json'));
    writeFileSync(join(directory, third, 'manifest.json'), '{}');
    const browsed = await Browsed.of(directory);
    expect(await browsed.get<PlaceAnswer>('place')).toEqual({
      ...{ name: directory, restoreWords: ['--local', directory], searchesValues: true, version: '1.2.3' },
    });
    const { backups } = await browsed.get<BackupsAnswer>('backups');
    expect(backups.map(({ backup, state }) => `${backup} ${state}`)).toEqual([
      `${first} finished`,
      `${second} unfinished`,
      `${third} damaged`,
    ]);
    expect(backups[0]?.summary).toMatchObject({ status: 'complete', objects: 10, previous: null });
    await expect(browsed.get('backup', { backup: second })).rejects.toThrow(
      /^409 DamagedBackupError: .*did not finish/,
    );
    await expect(browsed.get('backup', { backup: third })).rejects.toThrow(/^409 DamagedBackupError/);
  });

  it.each(['format-1', 'format-2'])('show an object of a backup of %s, both ways of its references', async (format) => {
    const directory = new GoldenFolder(format).copy();
    const browsed = await Browsed.of(directory);
    const { backups } = await browsed.get<BackupsAnswer>('backups');
    const backup = backups[0]?.backup;
    const { schemas } = await browsed.get<BackupAnswer>('backup', { backup });
    const types = schemas.flatMap(({ id, types: of }) => of.map((type) => ({ schema: id, type: type.id })));
    let [references, comments] = [0, 0];
    for (const type of types) {
      const page = await browsed.indexed<ObjectsAnswer>('objects', { backup, ...type, sort: 'key' });
      for (const { id, key } of page.rows) {
        const object = await browsed.get<ObjectAnswer>('object', { backup, object: id });
        expect(await browsed.get<ObjectAnswer>('object', { backup, object: key })).toEqual(object);
        comments += object.comments.records?.length ?? 0;
        for (const value of object.attributes.flatMap(({ values }) => values)) {
          if (value.object === undefined || value.isOutside) continue;
          references += 1;
          const other = await browsed.get<ObjectAnswer>('object', { backup, object: value.object });
          expect(other.referrers?.shown.map((referrer) => referrer.id)).toContain(id);
        }
      }
    }
    expect(references).toBeGreaterThan(0);
    expect(comments).toBeGreaterThan(0);
    expect(browsed.faults).toEqual([]);
  });

  it('know of a backup that is deleted while somebody looks into it', async () => {
    const directory = golden.copy();
    const browsed = await Browsed.of(directory);
    await browsed.indexed<SearchAnswer>('search', { backup: first, words: 'a' });
    rmSync(join(directory, first), { recursive: true });
    for (const [name, query] of [
      ['backup', {}],
      ['object', { object: 'ASSETS-4' }],
      ['search', { words: 'a' }],
    ] as const)
      await expect(browsed.get(name, { backup: first, ...query }), name).rejects.toThrow(/^404 NoSuchBackupError/);
    expect(browsed.faults).toEqual([]);
  });

  it('compare two nights, and what is not there is said', async () => {
    const browsed = await Browsed.of(golden.copy());
    const all = await browsed.get<DiffAnswer>('diff', { left: first, right: second });
    expect(all.total).toBe(4);
    const one = await browsed.get<DiffAnswer>('diff', { left: first, right: second, object: 'ASSETS-4' });
    expect(one.lines).toMatchObject([{ key: 'ASSETS-4', change: 'changed' }]);
    for (const [name, query, said] of [
      ['object', { backup: first, object: 'ASSETS-99999' }, /^404 NotFoundError/],
      ['objects', { backup: first, schema: 1, type: 3 }, /^404 NotFoundError/],
      ['objects', { backup: first, schema: 2, type: 3, count: 'x' }, /^400 WrongInputError/],
      ['objects', { backup: first, schema: 2, type: 3, from: -1 }, /^400 WrongInputError/],
      ['icon', { backup: first, schema: 2, icon: 77 }, /^404 NotFoundError/],
      ['backup', { backup: '2020-01-01_00-00-00' }, /^404 NoSuchBackupError/],
      ['backup', { backup: '../x' }, /^404 NoSuchBackupError/],
      ['diff', { left: first, right: second, type: 'Spaceship' }, /^400 WrongInputError/],
      ['diff', { left: first }, /^400 WrongInputError/],
      ['constructor', {}, /^404 NotFoundError/],
    ] as const)
      await expect(browsed.get(name, query)).rejects.toThrow(said);
    expect(browsed.faults).toEqual([]);
  });

  it('give hostile values as JSON, cut in a grid and whole in an object', async () => {
    const { directory, backup } = await hostileBackup();
    const browsed = await Browsed.of(directory);
    const { schemas } = await browsed.get<BackupAnswer>('backup', { backup });
    const [{ id: schema, types } = { id: '', types: [] }] = schemas;
    const query = { backup, schema, type: types[0]?.id ?? '', sort: 'label' };
    const page = await browsed.indexed<ObjectsAnswer>('objects', query);
    expect(page.total).toBe(hostile.length);
    for (const row of page.rows) {
      const text = hostile[Number(row.label.slice(0, 1))] ?? '';
      const object = await browsed.get<ObjectAnswer>('object', { backup, object: row.id });
      const values = object.attributes.find(({ name }) => name === '</script><script>')?.values;
      expect(values?.map((value) => value.text === text || value.text)).toEqual([true, 'second']);
      const cell = row.cells.find((cells) => cells.length === 2);
      expect(cell?.[0]).toEqual(text.length > 200 ? { text: text.slice(0, 200), length: text.length } : { text });
    }
    for (const words of hostile.slice(0, 5)) {
      const found = await browsed.indexed<SearchAnswer>('search', { backup, words });
      expect(found.total, words).toBe(1);
    }
    const raw = await browsed.query('objects', query);
    expect(raw.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(browsed.faults).toEqual([]);
  });

  it('say which file is damaged, and show all else', async () => {
    const directory = golden.copy();
    const manifest = await openBackup(openLocalStores(directory).backups, first);
    const laptops = manifest.schemas.flatMap(({ objectTypes }) => objectTypes).find(({ name }) => name === 'Laptop');
    const key = laptops?.objectsMeta[0] ?? '';
    writeFileSync(join(directory, key), '[\n{"id":"4","secret":"of somebody"}\n]\n');
    const browsed = await Browsed.of(directory);
    const found = await browsed.indexed<SearchAnswer>('search', { backup: first, words: 'Office' });
    expect(found.total).toBeGreaterThan(0);
    expect(found.notSearched).toEqual([expect.stringContaining(`${key} is damaged`)]);
    await expect(browsed.get('object', { backup: first, object: 'ASSETS-4' })).rejects.toThrow(
      /^409 DamagedBackupError/,
    );
    const places = manifest.schemas.flatMap((schema) =>
      schema.objectTypes.map((type) => ({ schema: schema.id, ...type })),
    );
    const place = places.find(({ name }) => name === 'Place');
    const page = await browsed.get<ObjectsAnswer>('objects', { backup: first, schema: place?.schema, type: place?.id });
    expect(page).toMatchObject({ total: 3 });
    expect(browsed.faults).toEqual([]);
  });

  it.each(['flipped in a bit', 'removed'] as const)(
    'name a damaged list of types where its schema stands (%s), and show all else',
    async (damage) => {
      const directory = golden.copy();
      const [key = ''] = damageAll(directory, first, /\/ASSETS\/config\/objecttypes/, damage);
      const browsed = await Browsed.of(directory);
      const backup = await browsed.get<BackupAnswer>('backup', { backup: first });
      expect(backup.schemas.map((schema) => [schema.key, schema.damage])).toEqual([
        ['FAC', null],
        ['ASSETS', expect.stringContaining(key)],
      ]);
      for (const { id, types } of backup.schemas) {
        for (const type of types) {
          const query = { backup: first, schema: id, type: type.id, sort: 'key' };
          const page = await browsed.indexed<ObjectsAnswer>('objects', query);
          expect([page.total, page.notSearched]).toEqual([type.objects, []]);
        }
      }
      const found = await browsed.indexed<SearchAnswer>('search', { backup: first, words: 'ASSETS-4' });
      expect(found).toMatchObject({ total: 1, notSearched: [], rows: [{ key: 'ASSETS-4', type: 'Laptop' }] });
      expect(await browsed.get<ObjectAnswer>('object', { backup: first, object: 'ASSETS-4' })).toMatchObject({
        id: '4',
      });
      expect((await browsed.get<LifeAnswer>('life', { backup: first, object: 'ASSETS-4' })).events).not.toEqual([]);
      expect(browsed.faults).toEqual([]);
    },
  );

  it('name a damaged list of attributes where its type stands, and show all the same', async () => {
    const directory = golden.copy();
    const [key = ''] = damageAll(directory, first, /\/attributes\/Laptop/, 'flipped in a bit');
    const browsed = await Browsed.of(directory);
    const { schemas } = await browsed.get<BackupAnswer>('backup', { backup: first });
    const types = schemas.flatMap(({ id, types: of }) => of.map((type) => ({ schema: id, ...type })));
    for (const { schema, id, name } of types) {
      const told = name === 'Laptop' ? [expect.stringContaining(key)] : [];
      for (const sort of [undefined, 'key']) {
        const page = await browsed.indexed<ObjectsAnswer>('objects', { backup: first, schema, type: id, sort });
        expect([page.rows.length, page.notSearched]).toEqual([page.total, told]);
      }
      for (const { key: object } of (
        await browsed.indexed<ObjectsAnswer>('objects', { backup: first, schema, type: id })
      ).rows)
        expect((await browsed.get<ObjectAnswer>('object', { backup: first, object })).damage).toEqual(told);
    }
    const laptop = await browsed.get<ObjectAnswer>('object', { backup: first, object: 'ASSETS-4' });
    expect(laptop.attributes.flatMap(({ values }) => values.map(({ text }) => text))).toContain('Laptop 0');
    const found = await browsed.indexed<SearchAnswer>('search', { backup: first, words: 'Office' });
    expect(found.total).toBeGreaterThan(0);
    expect(found.notSearched).toEqual([expect.stringContaining(key)]);
  });

  it('leave out the objects of a damaged file before there is an index as well, until it is put back', async () => {
    const directory = golden.copy();
    const { schemas } = await openBackup(openLocalStores(directory).backups, first);
    const place = schemas.flatMap(({ id: schema, objectTypes }) => objectTypes.map((type) => ({ schema, ...type })));
    const laptops = place.find(({ name }) => name === 'Laptop');
    const path = join(directory, laptops?.objectsMeta[0] ?? '');
    const whole = readFileSync(path);
    writeFileSync(path, `${whole} `);
    const query = { backup: first, schema: laptops?.schema, type: laptops?.id };
    const browsed = await Browsed.of(directory);
    const told = [expect.stringContaining(`${laptops?.objectsMeta[0]} is damaged`)];
    for (const sort of [undefined, 'key'])
      expect(await browsed.indexed('objects', { ...query, sort })).toMatchObject({ rows: [], notSearched: told });
    await browsed.close();
    writeFileSync(path, whole);
    const again = await Browsed.of(directory);
    expect(await again.indexed('objects', { ...query, sort: 'key' })).toMatchObject({ total: 6, notSearched: [] });
  });

  it('show a backup of which a list of files is damaged, as far as its lines can be read', async () => {
    const directory = golden.copy();
    const list = join(directory, first, 'manifest', 'files-00001.jsonl');
    const lines = readFileSync(list, 'utf8').split('\n');
    writeFileSync(list, lines.filter((line) => !line.includes('/objectsmeta/Laptop')).join('\n'));
    const browsed = await Browsed.of(directory);
    const damage = [expect.stringContaining('files-00001.jsonl is damaged')];
    expect(await browsed.get<BackupAnswer>('backup', { backup: first })).toMatchObject({ damage });
    const found = await browsed.indexed<SearchAnswer>('search', { backup: first, words: 'Office' });
    expect(found.total).toBeGreaterThan(0);
    expect(found.notSearched).toEqual([...damage, expect.stringContaining('/objectsmeta/Laptop')]);
    const office = await browsed.get<ObjectAnswer>('object', { backup: first, object: 'FAC-1' });
    expect(office).toMatchObject({ key: 'FAC-1', damage });
    await expect(browsed.get('object', { backup: first, object: 'ASSETS-4' })).rejects.toThrow(
      /^409 DamagedBackupError: .*\/objectsmeta\/Laptop.* is named by the manifest, and by no list of files that can be read/,
    );
    expect(browsed.faults).toEqual([]);
  });

  it('notice that a file has changed since it was indexed', async () => {
    const directory = golden.copy();
    const browsed = await Browsed.of(directory);
    const query = { backup: first, schema: 2, type: 3, sort: 'key' };
    await browsed.indexed<ObjectsAnswer>('objects', query);
    const manifest = await openBackup(openLocalStores(directory).backups, first);
    const laptops = manifest.schemas.flatMap(({ objectTypes }) => objectTypes).find(({ name }) => name === 'Laptop');
    writeFileSync(join(directory, laptops?.objectsMeta[0] ?? ''), ' '.repeat(20_000));
    await expect(browsed.get('objects', query)).rejects.toThrow(
      /^409 DamagedBackupError: .*has changed since it was indexed/,
    );
  });

  describe('of a grid in an order that takes long to make', () => {
    /** A server whose files of objects are read when `hold` lets them be. */
    async function held() {
      const directory = golden.copy();
      const { backups } = openLocalStores(directory);
      const browsed = await Browsed.of(directory, { backups });
      const query = { backup: first, schema: 2, type: 3 };
      const { columns } = await browsed.indexed<ObjectsAnswer>('objects', { ...query, sort: 'key' });
      const serial = columns.find(({ name }) => name === 'Serial number')?.id;
      const hold = Promise.withResolvers<void>();
      const read = backups.read.bind(backups);
      backups.read = async (key, mostBytes) => {
        if (key.includes('/objectsmeta/')) await hold.promise;
        return read(key, mostBytes);
      };
      const letBe = () => {
        backups.read = read;
      };
      return { browsed, hold, letBe, query, serial };
    }
    const progress = { state: 'indexing', what: 'column', done: 0, total: 6 };

    it('say how far it is, and answer others meanwhile', async () => {
      const { browsed, hold, query, serial } = await held();
      const orders = [{ sort: serial }, { sort: 'key', column: serial, filter: 's-' }];
      for (const order of orders) expect(await browsed.get('objects', { ...query, ...order })).toEqual(progress);
      expect(await browsed.get<ObjectsAnswer>('objects', query)).toMatchObject({ state: 'page', total: 6 });
      hold.resolve();
      for (const order of orders) {
        const page = await browsed.indexed<ObjectsAnswer>('objects', { ...query, ...order });
        expect(page.rows[0]?.label).toBe('Laptop 0');
      }
    });

    it('tell once what kept it from being made, and try again', async () => {
      const { browsed, hold, letBe, query, serial } = await held();
      const order = { ...query, sort: serial };
      expect(await browsed.get('objects', order)).toEqual(progress);
      hold.reject(new DamagedBackupError('The file is damaged.'));
      await expect(browsed.get('objects', order)).rejects.toThrow('The file is damaged.');
      letBe();
      expect((await browsed.indexed<ObjectsAnswer>('objects', order)).total).toBe(6);
      expect(browsed.faults).toEqual([]);
    });
  });

  it('never take what stands in a damaged file for what is not there', async () => {
    const directory = golden.copy();
    const manifest = await openBackup(openLocalStores(directory).backups, first);
    const places = manifest.schemas.flatMap((schema) =>
      schema.objectTypes.map((type) => ({ schema: schema.id, ...type })),
    );
    const whole = await Browsed.of(directory);
    const laptop = await settledObject(whole, 'ASSETS-4');
    const reference = laptop.attributes.flatMap(({ values }) => values).find(({ object }) => object !== undefined);
    const there = (await whole.get<ObjectAnswer>('object', { backup: first, object: reference?.object })).type.id;
    await whole.close();
    const damaged = places.find(({ id }) => id === there);
    const key = damaged?.objectsMeta[0] ?? '';
    writeFileSync(join(directory, key), `${readFileSync(join(directory, key), 'utf8')} `);
    rmSync(join(directory, '.work', 'browse'), { recursive: true });
    const browsed = await Browsed.of(directory);
    const { attributes, referrers } = await settledObject(browsed, 'ASSETS-4');
    expect(attributes.flatMap(({ values }) => values).filter(({ isOutside }) => isOutside)).toEqual([]);
    expect(referrers?.notSearched).toEqual([expect.stringContaining(`${key} is damaged`)]);
    const grid = { backup: first, schema: damaged?.schema, type: damaged?.id, sort: 'key' };
    const page = await browsed.indexed<ObjectsAnswer>('objects', grid);
    expect(page.notSearched).toEqual(referrers?.notSearched);
    const others = await browsed.indexed<ObjectsAnswer>('objects', {
      ...grid,
      type: laptop.type.id,
      schema: laptop.schema.id,
    });
    expect(others.notSearched).toEqual([]);
    expect(others.rows.flatMap(({ cells }) => cells.flat()).filter(({ isOutside }) => isOutside)).toEqual([]);
  });

  it('say how many values of a cell are not shown', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'ASSETS', name: 'Assets' }), name: 'Rack' });
    site.addAttribute({ type, name: 'Slot', multiple: true });
    const slots = (count: number) => Array.from({ length: count }, (_, index) => `slot ${index}`);
    for (const count of [10, 11, 25]) site.addObject({ type, name: `${count}`, values: { Slot: slots(count) } });
    const { directory, manifest } = await backUp(await testSimulator({ site }), {});
    const browsed = await Browsed.of(directory);
    const backup = manifest?.name ?? '';
    const { schemas } = await browsed.get<BackupAnswer>('backup', { backup });
    const query = { backup, schema: schemas[0]?.id, type: schemas[0]?.types[0]?.id };
    for (const sort of [undefined, 'label']) {
      const { columns, rows } = await browsed.indexed<ObjectsAnswer>('objects', { ...query, sort });
      const slot = columns.findIndex(({ name }) => name === 'Slot');
      expect(rows.map(({ cells }) => cells[slot]?.flatMap(({ more }) => more ?? []))).toEqual([[], [1], [15]]);
      expect(rows.map(({ cells }) => cells[slot]?.length)).toEqual([10, 10, 10]);
    }
  });

  it('compare anew for whoever asks again when another has just gone', async () => {
    const directory = golden.copy();
    const { backups } = openLocalStores(directory);
    const [held, reading] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [read, stream] = [backups.read.bind(backups), backups.stream.bind(backups)];
    const wait = async () => {
      reading.resolve();
      await held.promise;
    };
    backups.read = async (key, mostBytes) => {
      if (!key.endsWith('manifest.json')) await wait();
      return read(key, mostBytes);
    };
    backups.stream = async function* slow(key) {
      await wait();
      yield* stream(key);
    };
    const browsed = await Browsed.of(directory, { backups });
    const query = { left: first, right: second };
    const stop = new AbortController();
    const address = `${browsed.origin}/api/diff?${new URLSearchParams(query)}`;
    const gone = fetch(address, { headers: { 'x-assets-backup-token': browsed.token }, signal: stop.signal });
    await reading.promise;
    stop.abort();
    await expect(gone).rejects.toThrow();
    // Its connection's end has reached the server once another one is answered.
    for (let times = 0; times < 5; times += 1) await browsed.get('place');
    const again = browsed.get<DiffAnswer>('diff', query);
    await browsed.get('place');
    held.resolve();
    expect((await again).total).toBe(4);
    expect((await browsed.get<DiffAnswer>('diff', query)).total).toBe(4);
    expect(browsed.faults).toEqual([]);
  });

  it('say of backups of the original scripts that nobody knows what became of their objects', async () => {
    const directory = testDirectory();
    const backup = '2022-06-16_10-41-30';
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'ASSETS', name: 'Assets' }), name: 'Rack' });
    const { id: object } = site.addObject({ type, name: 'R1' });
    writeScripts(join(directory, backup), await scriptsFilesOf(await testSimulator({ site })));
    const browsed = await Browsed.of(directory);
    const life = await browsed.get<LifeAnswer>('life', { backup, object });
    expect(life).toEqual({ events: [], silences: [expect.stringContaining('of the original scripts')] });
  });
});

/** An object, with who refers to it. */
async function settledObject(browsed: Browsed, object: string): Promise<ObjectAnswer> {
  await browsed.indexed<SearchAnswer>('search', { backup: first, words: object });
  return browsed.get<ObjectAnswer>('object', { backup: first, object });
}
