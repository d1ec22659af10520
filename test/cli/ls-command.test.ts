import { describe, expect, it } from 'vitest';
import { damageAll } from '../end-to-end/damaged-files.ts';
import { goldenCopy, runOn } from './held-backups.ts';

const backup = '2026-11-25_02-00-00';
const old = '2026-11-23_02-00-00';

describe('ls', () => {
  it('lists schemas, then types below each other, then objects', async () => {
    const directory = goldenCopy('format-2');
    const ls = async (...words: string[]) => (await runOn(directory, 'ls', ...words)).stdout;
    expect(await ls(backup)).toBe(
      `  Schema  Name        Types  Objects
  FAC     Facilities      2        4
  ASSETS  Assets          3        7
`,
    );
    expect(await ls('latest', 'ASSETS')).toBe(
      `  Object type  Objects  Id
  Hardware           0  2
    Laptop           7  3
  Dock               0  4
`,
    );
    const objects = 'ASSETS-4  Laptop 0\nASSETS-5  Laptop 1\n';
    for (const type of ['ASSETS/Hardware/Laptop', 'Hardware/Laptop', 'ASSETS/Laptop', 'Laptop', '3']) {
      const text = await ls(backup, type);
      expect(text.startsWith(objects)).toBe(true);
      expect(text.trimEnd().split('\n')).toHaveLength(7);
    }
    expect(await ls(backup, 'Dock')).toBe('');
  });

  it('with --json is a document, or a line an object and the document', async () => {
    const directory = goldenCopy('format-2');
    const schemas = await runOn(directory, 'ls', backup, '--json');
    expect(schemas.io.document()).toEqual({
      ...{ type: 'schemas', directory, backup },
      schemas: [
        { key: 'FAC', name: 'Facilities', objectTypes: 2, objects: 4 },
        { key: 'ASSETS', name: 'Assets', objectTypes: 3, objects: 7 },
      ],
    });
    const types = await runOn(directory, 'ls', backup, 'ASSETS', '--json');
    expect(types.io.document()).toMatchObject({
      ...{ type: 'object-types', schema: 'ASSETS' },
      objectTypes: [
        { id: '2', name: 'Hardware', path: 'Hardware', parent: null, objects: 0 },
        { id: '3', name: 'Laptop', path: 'Hardware/Laptop', parent: '2', objects: 7 },
        { id: '4', name: 'Dock', path: 'Dock', parent: null, objects: 0 },
      ],
    });
    const { stdout } = await runOn(directory, 'ls', backup, 'Laptop', '--json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(8);
    expect(lines[0]).toEqual({ id: '4', key: 'ASSETS-4', label: 'Laptop 0' });
    expect(lines[7]).toMatchObject({
      type: 'objects',
      backup,
      schema: 'ASSETS',
      objectType: 'Hardware/Laptop',
      objects: 7,
    });
  });

  it.each([
    [
      'format-1',
      old,
      'Server',
      2,
      'CFG/Hardware/Server (id 3), CFG/Virtual/Server (id 8). Name one by its path or its id.',
    ],
    [
      'format-1',
      old,
      'Hardware/Serve',
      2,
      'has no schema and no object type Hardware/Serve: it takes a name, a path or an id. Did you mean CFG/Hardware/Server?',
    ],
    ['format-1', old, 'CFGG', 2, 'Did you mean CFG?'],
    ['format-1', '2020-01-01_00-00-00', 'CFG', 10, 'There is no backup 2020-01-01_00-00-00'],
  ] as const)('of %s %s, %s ends with %i', async (format, name, where, code, sentence) => {
    const { exitCode, stdout, stderr } = await runOn(goldenCopy(format), 'ls', name, where);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
  });

  it('of a damaged list of types tells what the manifest does, says so, and ends with 13; of the others all', async () => {
    const directory = goldenCopy('format-2');
    const [key = ''] = damageAll(directory, backup, /\/ASSETS\/config\/objecttypes/, 'flipped in a bit');
    const all = await runOn(directory, 'ls', backup);
    expect(all.exitCode).toBe(13);
    expect(all.stdout).toContain('ASSETS  Assets          3        7');
    expect(all.stderr).toContain(`which is below which. ${key} is damaged`);
    const types = await runOn(directory, 'ls', backup, 'ASSETS', '--json');
    expect(types.exitCode).toBe(13);
    expect(types.io.document()).toMatchObject({
      damage: expect.stringContaining(key),
      objectTypes: [{ path: 'Hardware' }, { path: 'Laptop', parent: null, objects: 7 }, { path: 'Dock' }],
    });
    for (const [where, isTold] of [
      ['FAC', false],
      ['FAC/Place', false],
      ['Laptop', true],
    ] as const) {
      const { exitCode, stderr } = await runOn(directory, 'ls', backup, where);
      expect([exitCode, stderr.includes(key)]).toEqual([0, isTold]);
    }
    // Nobody can tell any more.
    const path = await runOn(directory, 'ls', backup, 'Hardware/Laptop');
    expect(path).toMatchObject({ exitCode: 13, stdout: '' });
    expect(path.stderr).toContain(`${key} is damaged`);
    const object = await runOn(directory, 'show', backup, '--object', 'ASSETS-4');
    expect(object.exitCode).toBe(0);
    expect(object.stdout).toContain('ASSETS-4  Laptop 0');
    expect(object.stderr).toContain(`${key} is damaged`);
    const csv = await runOn(directory, 'export', backup, '--type', 'Laptop', '--csv');
    expect(csv.exitCode).toBe(0);
    expect(csv.stdout).toContain('ASSETS-4,Laptop 0');
  });
});
