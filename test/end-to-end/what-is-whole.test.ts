import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Manifest, StoredFile } from '../../core/backup-format/manifest.ts';
import { referencesOf } from '../../core/backup-format/object-values.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { type Damage, damageAll, damages, keysIn } from './damaged-files.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { companySite, idsIn } from './restore-company.ts';
import { restore } from './restore-run.ts';

const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const whatIsWhole = true;

/** A backup of the company that can be damaged, an empty site, and a restore into it or into the company's own. */
async function prepared() {
  const company = companySite();
  const source = await testSimulator({ site: company.site });
  const { directory, result, manifest } = await backUp(source);
  const backup = result?.backup ?? '';
  const target = emptySiteLike(company.site);
  const simulator = await testSimulator({ site: target });
  return {
    ...company,
    source,
    target,
    simulator,
    directory,
    backup,
    manifest: manifest as Manifest,
    run: (input = {}) => restore(simulator, directory, { folder: backup, ...input }),
    runInPlace: (input = {}) => restore(source, directory, { folder: backup, ...input }),
    damage: (pattern: RegExp, damage: Damage) => damageAll(directory, backup, pattern, damage),
  };
}

const both = Object.keys(damages) as Damage[];

describe('a backup in which only activity is damaged', () => {
  const kinds = [
    [/\/objects\/history\//, 'history (--no-history, or "processHistory": false)', { processHistory: false }],
    [/\/objects\/comments\//, 'comments (--no-comments, or "processComments": false)', { processComments: false }],
    [
      /\/objects\/(history|comments)\//,
      'comments (--no-comments, or "processComments": false) and history (--no-history, or "processHistory": false)',
      { processHistory: false, processComments: false },
    ],
  ] as const;

  it.each(kinds.flatMap(([pattern, flag, input]) => both.map((damage) => [flag, damage, pattern, input] as const)))(
    'is refused with a sentence that names %s, and restored with that, where files are %s',
    async (flag, damage, pattern, input) => {
      const { run, damage: spoil, simulator } = await prepared();
      expect(spoil(pattern, damage).length).toBeGreaterThan(5);
      const { error } = await run();
      expect(error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
      expect(error?.message).toContain(`Restore another backup, or all but ${flag}, or what is whole of this one`);
      expect(simulator.requests.writes).toEqual([]);
      expect((await run(input)).result).toMatchObject({ outcome: 'restored', created: 9, losses: 0 });
    },
  );
});

describe('what is whole of a damaged backup', () => {
  it.each(both)('are the shards that verify, where others are %s', async (damage) => {
    const { run, damage: spoil, target, laptops, site } = await prepared();
    const [key] = spoil(/objectsmeta\/Laptop_/, damage);
    const refused = await run();
    expect(refused.error?.message).toMatch(/--what-is-whole/);
    expect(refused.error?.message).not.toMatch(/--no-/);

    const { report, objects } = await run({ whatIsWhole });
    expect(report).toMatchObject({ outcome: 'restored-with-losses', lossCount: laptops.length, differences: [] });
    expect(report?.losses).toMatchObject([
      { kind: 'object', source: key, where: 'ASSETS / Laptop', values: laptops.length },
    ]);
    expect(report?.losses[0]?.reason).toContain(damage === 'removed' ? `${key} is missing` : `${key} is damaged`);
    expect([...objects.keys()].sort()).toEqual(idsIn(site, 'FAC').map(String).sort());
    expect(target.objects.size).toBe(3);
    expect([...target.types.values()].map(({ name }) => name).sort()).toEqual(['Dock', 'Hardware', 'Laptop', 'Place']);
  });

  it('are not asked for by name of what is left out', async () => {
    const { run, damage } = await prepared();
    damage(/objectsmeta\/Laptop_/, 'removed');
    const include = { objectTypes: ['Place'] };
    expect((await run({ whatIsWhole, include })).result).toMatchObject({ outcome: 'restored', created: 3, losses: 0 });
  });

  it('is all of one that is not damaged', async () => {
    const { run } = await prepared();
    expect((await run({ whatIsWhole })).result).toMatchObject({ outcome: 'restored', created: 9, losses: 0 });
  });

  it.each([
    ['the types of a schema', /ASSETS\/config\/objecttypes\.json$/, 'schema', 'ASSETS', 6, 3],
    ['the attributes of a type', /attributes\/Place_/, 'object-type', 'FAC / Place', 1, 6],
    ['the attributes of a parent type', /attributes\/Hardware_/, 'object-type', 'ASSETS / Hardware', 1, 3],
    ['statuses', /ASSETS\/config\/statustypes\.json$/, 'schema', 'ASSETS', 1, 9],
    ['properties', /ASSETS\/config\/objectschema_properties\.json$/, 'schema', 'ASSETS', 1, 9],
    ['one of two records of a schema', /ASSETS\/config\/objectschema\.json$/, 'schema', 'ASSETS', 1, 9],
    ['the list of schemas', /config\/objectschemas\.json$/, 'schema', 'list of schemas', 1, 9],
  ])('goes without %s', async (_, pattern, kind, where, values, created) => {
    const { run, damage } = await prepared();
    const [key] = damage(pattern, 'flipped in a bit');
    const { report, result } = await run({ whatIsWhole });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created, differences: 0 });
    expect(report?.losses.filter(({ source }) => source === key)).toMatchObject([{ kind, where, values }]);
    // A type that cannot be made takes its objects along, each of which is named; a schema counts them.
    const ofType = report?.losses.filter(({ kind: of, attribute }) => of === 'object' && attribute === undefined);
    expect(ofType).toHaveLength(kind === 'schema' ? 0 : 9 - created);
  });

  it('is nothing of a schema of which nothing tells what it is', async () => {
    const { run, damage } = await prepared();
    damage(/config\/objectschemas\.json$/, 'removed');
    const [key] = damage(/ASSETS\/config\/objectschema\.json$/, 'flipped in a bit');
    const { report, result } = await run({ whatIsWhole });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created: 3 });
    expect(report?.losses.find(({ source }) => source === key)).toMatchObject({ where: 'ASSETS', values: 6 });
  });

  it('are global statuses that another schema holds too', async () => {
    const { run, damage } = await prepared();
    damage(/FAC\/config\/global_/, 'removed');
    expect((await run({ whatIsWhole })).result).toMatchObject({ outcome: 'restored', created: 9 });
  });

  it('is nothing of one whose manifest is damaged', async () => {
    const { run, damage, simulator } = await prepared();
    damage(/\/manifest\.json$/, 'flipped in a bit');
    expect((await run({ whatIsWhole })).error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
    expect(simulator.requests.writes).toEqual([]);
  });
});

describe('a backup whose list of files is damaged', () => {
  it.each(both)('is refused with a sentence that names the flag, where it is %s', async (how) => {
    const { run, damage } = await prepared();
    const [key] = damage(/manifest\/files-/, how);
    const { error } = await run();
    expect(error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
    expect(error?.message).toContain(key);
    expect(error?.message).toMatch(/--what-is-whole/);
  });

  it('is whole but for the file whose line is unreadable', async () => {
    const { run, directory, backup } = await prepared();
    const [list = ''] = keysIn(directory, backup, /manifest\/files-/);
    const lines = readFileSync(join(directory, list), 'utf8').split('\n');
    const spoilt = lines.map((line) => (line.includes('objectsmeta/Laptop_') ? line.replace('{', '[') : line));
    writeFileSync(join(directory, list), spoilt.join('\n'));
    const { report, result } = await run({ whatIsWhole });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created: 3, differences: 0 });
    const losses = report?.losses.map(({ kind, source, values }) => [kind, source, values]);
    expect(losses).toEqual([
      ['comment', list, 1],
      ['object', expect.stringMatching(/objectsmeta\/Laptop_/), 6],
    ]);
  });

  it('is lost where there was only one, and it is gone', async () => {
    const { run, damage, manifest } = await prepared();
    const [list] = damage(/manifest\/files-/, 'removed');
    const { report, result } = await run({ whatIsWhole });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created: 0, differences: 0 });
    expect(report?.losses.map(({ source, values }) => [source, values])).toEqual([
      [list, manifest.fileLists[0]?.records],
      [expect.stringMatching(/FAC\/config\/objecttypes\.json$/), 3],
      [expect.stringMatching(/ASSETS\/config\/objecttypes\.json$/), 6],
    ]);
  });
});

describe('what is whole of a partial backup', () => {
  it('comes back with the flag, and each gap is a loss', async () => {
    const { source, laptop, directory, simulator, target } = await prepared();
    source.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => rawBody.toString().includes(`objectTypeId = ${laptop.id} `),
      fault: { kind: 'html', status: 503 },
    });
    const { result } = await backUp(source, { directory });
    const folder = result?.backup ?? '';
    expect(result?.status).toBe('partial');
    const refused = await restore(simulator, directory, { folder });
    expect(refused.error).toMatchObject({ name: 'PartialBackupRefusedError', exitCode: 1 });
    expect(refused.error?.message).toMatch(/Restore another backup.*--what-is-whole/);

    const restored = await restore(simulator, directory, { folder, whatIsWhole });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 3, differences: 0 });
    expect(restored.report?.losses.map(({ kind, where, values }) => [kind, where, values])).toEqual(
      expect.arrayContaining([['object', 'ASSETS: objects of Laptop', 1]]),
    );
    expect(target.objects.size).toBe(3);
  });

  it.each(['objecttypes-flat', 'objecttype-attributes'] as const)(
    'goes without what %s did not give',
    async (endpoint) => {
      const { source, directory, simulator } = await prepared();
      const rule = { endpoint, fault: { kind: 'html', status: 503 } } as const;
      source.faults.add(rule);
      const { result } = await backUp(source, { directory });
      expect(source.faults.struck(rule)).toBeGreaterThan(0);
      expect(result?.status).toBe('partial');
      const restored = await restore(simulator, directory, { folder: result?.backup ?? '', whatIsWhole });
      expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 0, differences: 0 });
    },
  );
});

describe('what a damaged backup lacks', () => {
  it.each([
    ['objects', /objectsmeta\/Laptop_/],
    ['attributes', /attributes\/Laptop_/],
    ['types', /ASSETS\/config\/objecttypes\.json$/],
    ['statuses', /ASSETS\/config\/statustypes\.json$/],
  ])('is not taken for something that its own site has too much: %s', async (_, pattern) => {
    const { site, source, places, damage, runInPlace } = await prepared();
    damage(pattern, 'removed');
    const before = fingerprint(site);
    for (const run of [1, 2]) {
      const { result, report } = await runInPlace({ whatIsWhole });
      expect(result, `run ${run}`).toMatchObject({ outcome: 'restored-with-losses', created: 0, differences: 0 });
      expect(report?.counts.updated).toBe(0);
    }
    expect(source.requests.writes.filter(({ endpoint }) => endpoint !== 'schema-property-update')).toEqual([]);
    expect(fingerprint(site)).toBe(before);

    const [place] = places;
    if (!place) throw new Error('places were made');
    site.deleteObject(place);
    expect((await runInPlace({ whatIsWhole })).result).toMatchObject({ created: 1, differences: 0 });
    expect(site.objects.size).toBe(9);
  });

  it('nor what an earlier restore made of it in a copy, and the whole backup brings the rest', async () => {
    const { run, directory, backup, target } = await prepared();
    const [key = ''] = keysIn(directory, backup, /objectsmeta\/Laptop_/);
    const bytes = readFileSync(join(directory, key), 'utf8');
    damages.removed(join(directory, key));
    expect((await run({ whatIsWhole })).result).toMatchObject({ created: 3, differences: 0 });
    writeFileSync(join(directory, key), bytes);
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 6, reused: 3, differences: 0 });
    damages.removed(join(directory, key));
    const again = await run({ whatIsWhole });
    expect(again.result).toMatchObject({ outcome: 'restored-with-losses', created: 0, reused: 3, differences: 0 });
    expect(target.objects.size).toBe(9);
  });
});

describe('a backup with any of its shards and activity files damaged or gone', () => {
  it('comes back with exactly the objects of the whole shards, and names all others with the right counts', async () => {
    const some = fc.record({
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      size: fc.integer({ min: 3, max: 40 }),
      chance: fc.constantFrom(0.1, 0.4, 1),
      picks: fc.infiniteStream(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...both))),
    });
    const property = fc.asyncProperty(some, async ({ seed, size, chance, picks }) => {
      const site = randomSite(seed, size);
      const directory = testDirectory();
      const source = await startSimulator({ site });
      const { result, manifest } = await backUp(source, { directory }).finally(() => source.close());
      const folder = result?.backup ?? '';
      const files = listed(directory, manifest as Manifest);
      const objects = new Map<string, ApiRecord[]>();
      const lost = new Map<string, number>();
      for (const { key, records } of files) {
        const isShard = key.includes('/objectsmeta/');
        if (!isShard && !/\/objects\/(history|comments)\//.test(key)) continue;
        const [pick, how]: [number, Damage] = picks.next().value;
        if (isShard) objects.set(key, JSON.parse(readFileSync(join(directory, key), 'utf8')));
        if (pick >= chance) continue;
        if (records > 0) lost.set(key, records);
        damages[how](join(directory, key));
      }
      fc.pre(lost.size > 0);
      const whole = [...objects].flatMap(([key, records]) => (lost.has(key) ? [] : records));

      const ids = new Set(whole.map(({ id }) => String(id)));
      const lostReferences = whole.flatMap(referencesOf).filter(({ to }) => !ids.has(to)).length;

      const target = await startSimulator({ site: emptySiteLike(site) });
      const restored = await restore(target, directory, { folder, whatIsWhole }).finally(() => target.close());

      expect(restored.error).toBeUndefined();
      expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', differences: 0 });
      expect(new Set(restored.objects.keys())).toEqual(ids);
      const losses = restored.report?.losses ?? [];
      const named = losses.filter(({ source: of }) => lost.has(of)).map(({ source: of, values }) => [of, values]);
      expect(new Map(named as [string, number][])).toEqual(lost);
      expect(named).toHaveLength(lost.size);
      const others = losses.filter(
        ({ source: of, reason }) => !lost.has(of) && !reason.includes('the API lets nobody'),
      );
      expect(others.every(({ kind, attribute }) => kind === 'object' && attribute !== undefined)).toBe(true);
      expect(others.reduce((sum, { values }) => sum + values, 0)).toBe(lostReferences);
    });
    await fc.assert(property, { numRuns: isDeep ? 1_000 : 12, ...(!isDeep && { seed: 20261129 }) });
  }, 3_600_000);
});

function listed(directory: string, { fileLists }: Manifest): StoredFile[] {
  return fileLists.flatMap(({ key }) =>
    readFileSync(join(directory, key), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as StoredFile),
  );
}
