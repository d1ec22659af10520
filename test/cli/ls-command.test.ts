import { describe, expect, it } from 'vitest';
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
});
