import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Damage, damageAll, keysIn } from '../end-to-end/damaged-files.ts';
import { backUp, testClock, testSimulator } from '../end-to-end/local-run.ts';
import { goldenCopy, runOn } from './held-backups.ts';

const backup = '2026-11-25_02-00-00';

/** Looks that show something of a whole backup, and all of which is of these types. */
const looks = {
  ls: ['FAC', 'ASSETS'],
  'ls FAC': ['FAC'],
  'ls ASSETS': ['ASSETS'],
  'ls FAC/Place': ['FAC'],
  'ls Laptop': ['ASSETS'],
  'show --object FAC-1': ['FAC'],
  'show --object ASSETS-4 --history': ['ASSETS'],
  'export --type Place --csv': ['FAC'],
  'export --type Laptop --csv': ['ASSETS'],
} as const;

type Look = keyof typeof looks;

async function look(directory: string, named: Look, ...more: string[]) {
  const [command = '', ...words] = named.split(' ');
  return runOn(directory, command, backup, ...words, ...more);
}

/** What of each look cannot be shown as it is, where a file is damaged. */
const files: readonly (readonly [file: RegExp, meets: readonly Look[]])[] = [
  [
    /\/ASSETS\/config\/objecttypes/,
    ['ls', 'ls ASSETS', 'ls Laptop', 'show --object ASSETS-4 --history', 'export --type Laptop --csv'],
  ],
  [/\/attributes\/Laptop/, ['show --object ASSETS-4 --history', 'export --type Laptop --csv']],
  [/\/objects\/(history|comments)\/(4|Laptop.*)\.json/, ['show --object ASSETS-4 --history']],
  [/\/manifest\/activity/, ['show --object FAC-1', 'show --object ASSETS-4 --history']],
  [/\/objectsmeta\/Place/, ['ls FAC/Place', 'show --object FAC-1', 'export --type Place --csv']],
];

describe('what can be read of a damaged backup', () => {
  it.each(
    files.flatMap(([file, meets]) => (['flipped in a bit', 'removed'] as const).map((how) => ({ file, how, meets }))),
  )(
    'is shown where $file is $how, with what is damaged, and 13; all else as if nothing were',
    async ({ file, how, meets }) => {
      const directory = goldenCopy('format-2');
      const keys = damageAll(directory, backup, file, how as Damage);
      expect(keys).not.toEqual([]);
      for (const named of Object.keys(looks) as Look[]) {
        const { exitCode, stdout, stderr } = await look(directory, named);
        const whole = await look(goldenCopy('format-2'), named);
        const isMet = meets.includes(named);
        expect([named, exitCode, keys.some((key) => stderr.includes(key))]).toEqual([named, isMet ? 13 : 0, isMet]);
        if (!isMet) expect([stdout, stderr]).toEqual([whole.stdout, whole.stderr]);
        // Of one object, that was all.
        else if (named === 'show --object FAC-1' && file.source.includes('objectsmeta')) expect(stdout).toBe('');
        else if (named === 'ls FAC/Place') expect(stdout).toBe('');
        else expect(stdout).not.toBe('');
        if (named.startsWith('export')) continue;
        const asJson = await look(directory, named, '--json');
        const told = JSON.parse(asJson.stdout.trimEnd().split('\n').at(-1) || '{}') as object;
        if (isMet && stdout !== '')
          expect(told).toMatchObject({
            damage: expect.arrayContaining([expect.stringContaining(keys[0] ?? '')]),
          });
        else if (!isMet) expect(told).not.toHaveProperty('damage');
      }
    },
  );

  it('is shown where a list of files lacks a line, which every look says', async () => {
    const directory = goldenCopy('format-2');
    const list = join(directory, backup, 'manifest', 'files-00001.jsonl');
    const lines = readFileSync(list, 'utf8').split('\n');
    writeFileSync(list, lines.filter((line) => !line.includes('/objectsmeta/Laptop')).join('\n'));
    for (const named of Object.keys(looks) as Look[]) {
      const { exitCode, stdout, stderr } = await look(directory, named);
      const whole = await look(goldenCopy('format-2'), named);
      expect([named, exitCode]).toEqual([named, 13]);
      expect(stderr).toContain('files-00001.jsonl is damaged');
      const isOfLaptops = named.includes('Laptop') || named.includes('ASSETS-4');
      if (isOfLaptops)
        expect(stderr).toMatch(
          /objectsmeta\/Laptop\S* is named by the manifest, and by no list of files that can be read/,
        );
      else expect(stdout).toBe(whole.stdout);
    }
    // Nor does it say of what it cannot find that it is not there.
    const missing = await runOn(directory, 'show', backup, '--object', 'ASSETS-999');
    expect(missing).toMatchObject({ exitCode: 13, stdout: '' });
    expect(missing.stderr).toContain(`There is no object ASSETS-999 in what can be read of ${backup}.`);
    // Who checks and who writes goes by the whole of it.
    expect((await runOn(directory, 'verify', backup)).exitCode).toBe(13);
  });

  it('is all that the manifest says where what is lost since the last backup cannot be named', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'ASSETS', name: 'Assets' }), name: 'Rack' });
    const racks = Array.from({ length: 5 }, (_, number) => site.addObject({ type, name: `R${number}` }));
    const simulator = await testSimulator({ site });
    const { directory } = await backUp(simulator, {});
    testClock.pass(3_600_000);
    site.deleteObject(racks[0] as StoredObject);
    const { manifest } = await backUp(simulator, { directory });
    const name = manifest?.name ?? '';
    expect((await runOn(directory, 'show', name)).exitCode).toBe(0);
    const [key = ''] = damageAll(directory, name, /\/manifest\/files/, 'removed');
    const { exitCode, stdout, stderr } = await runOn(directory, 'show', name);
    expect(exitCode).toBe(13);
    expect(stdout).toContain(`Backup ${name}`);
    expect(stderr).toContain(`cannot be named: ${key} is missing`);
    const asJson = await runOn(directory, 'show', name, '--json');
    expect(asJson.io.document()).toMatchObject({ damage: [expect.stringContaining(key)] });
  });

  it('is told where it may hold what an object refers to', async () => {
    const directory = goldenCopy('format-1');
    const night = '2026-11-23_02-00-00';
    const words = ['show', night, '--object', 'OTHER-4', '--json'];
    expect((await runOn(directory, ...words)).exitCode).toBe(0);
    const [key = ''] = damageAll(directory, night, /\/objectsmeta\/Server_3/, 'removed');
    const { exitCode, stdout, io } = await runOn(directory, ...words);
    expect(stdout).toContain('"isInBackup":null');
    expect([exitCode, io.document()]).toMatchObject([13, { damage: [expect.stringContaining(key)] }]);
  });

  it('is told of another backup as well where what became of an object there cannot be', async () => {
    const directory = goldenCopy('format-2');
    const [key = ''] = damageAll(directory, '2026-11-24_02-00-00', /\/manifest\/activity/, 'removed');
    const words = ['show', backup, '--object', 'ASSETS-4'];
    expect((await runOn(directory, ...words)).exitCode).toBe(0);
    const { exitCode, stderr } = await runOn(directory, ...words, '--history');
    expect([exitCode, stderr]).toEqual([13, `Warning: ${key} is missing.\n`]);
    const asJson = await runOn(directory, ...words, '--history', '--json');
    expect(asJson.io.document()).toMatchObject({
      damage: [`${key} is missing.`],
      life: { silent: [{ backup: '2026-11-24_02-00-00', why: `${key} is missing.` }] },
    });
  });

  it('does not know a type by its path any more where the list of types is damaged', async () => {
    const directory = goldenCopy('format-2');
    const [key = ''] = damageAll(directory, backup, /\/ASSETS\/config\/objecttypes/, 'flipped in a bit');
    const path = await runOn(directory, 'ls', backup, 'Hardware/Laptop');
    expect(path).toMatchObject({ exitCode: 13, stdout: '' });
    expect(path.stderr).toContain(`${key} is damaged`);
    const types = await runOn(directory, 'ls', backup, 'ASSETS', '--json');
    expect(types.io.document()).toMatchObject({
      objectTypes: [{ path: 'Hardware' }, { path: 'Laptop', parent: null, objects: 7 }, { path: 'Dock' }],
    });
    const schemas = await runOn(directory, 'ls', backup, '--json');
    expect(schemas.io.document()).toMatchObject({
      schemas: [{ key: 'FAC' }, { key: 'ASSETS', damage: expect.stringContaining(key), objects: 7 }],
    });
  });

  it('does not say of a reference that it leads out of the backup where it may not', async () => {
    const directory = goldenCopy('format-2');
    damageAll(directory, backup, /\/manifest\/activity/, 'removed');
    damageAll(directory, backup, /\/objectsmeta\/Place/, 'removed');
    const { stdout } = await runOn(directory, 'show', backup, '--object', 'ASSETS-4');
    expect(stdout).toMatch(/Place +Office SYD \(FAC-1\)$/m);
    const asJson = await runOn(directory, 'show', backup, '--object', 'ASSETS-4', '--json');
    const { attributes } = asJson.io.document() as { attributes: { name: string; values: object[] }[] };
    expect(attributes.find(({ name }) => name === 'Place')?.values).toMatchObject([{ isInBackup: null }]);
  });

  it('is called as it was where only the list of its attributes is damaged', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'ASSETS', name: 'Assets' }), name: 'Rack' });
    site.addAttribute({ type, name: 'Slot' });
    site.addObject({ type, name: 'R1', values: { Slot: '12' } });
    const { directory, manifest } = await backUp(await testSimulator({ site }), {});
    const name = manifest?.name ?? '';
    expect(keysIn(directory, name, /\/manifest\/attributes/)).not.toEqual([]);
    damageAll(directory, name, /\/config\/attributes\/Rack/, 'flipped in a bit');
    const csv = await runOn(directory, 'export', name, '--type', 'Rack', '--csv');
    expect(csv.exitCode).toBe(13);
    const [head = '', row = ''] = csv.stdout.split('\r\n');
    expect(row.split(',')[head.split(',').indexOf('Slot')]).toBe('12');
    expect(csv.stderr).toContain('Of the attributes of Rack only their names can be told.');
    const shown = await runOn(directory, 'show', name, '--object', 'ASSETS-1');
    expect(shown.stdout).toMatch(/^ {2}Slot +12$/m);
    expect(shown.exitCode).toBe(13);
  });
});
