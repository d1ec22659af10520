import { describe, expect, it } from 'vitest';
import { DamagedBackupError, WrongInputError } from '../../../core/errors.ts';
import { fullPath, typeNamed } from '../../../core/reading/named-type.ts';
import { typeTree } from '../../../core/reading/type-tree.ts';

const type = (id: number, parent?: number, position = 0) => ({
  ...{ id: String(id), name: `T${id}`, position },
  ...(parent !== undefined && { parentObjectTypeId: String(parent) }),
});
const paths = (...types: ReturnType<typeof type>[]) => typeTree(types).map(({ path }) => path.join('/'));

describe('types below each other', () => {
  it('stand behind their parents, siblings by position, then by id', () => {
    expect(paths(type(10, 3), type(9, 3), type(3, undefined, 1), type(4), type(5, 3, -1))).toEqual([
      ...['T4', 'T3', 'T3/T5', 'T3/T9', 'T3/T10'],
    ]);
  });

  it('begin a tree where the parent is not there, or they are below themselves', () => {
    expect(paths(type(1, 99), type(2, 2), type(5, 4), type(4, 5))).toEqual(['T1', 'T2', 'T4', 'T4/T5']);
  });
});

describe('a type', () => {
  const named = [
    { id: '1', name: 'Server', path: 'Hardware/Server', schema: { key: 'A' } },
    { id: '2', name: 'Server', path: 'Server', schema: { key: 'B' } },
    { id: '3', name: '2', path: '2', schema: { key: 'B' } },
  ];
  it.each([
    ['1', '1'],
    ['2', '2'],
    ['A/Hardware/Server', '1'],
    ['Hardware/Server', '1'],
    ['B/Server', '2'],
    ['A/Server', '1'],
    ['B/2', '3'],
  ])('%s is found', (text, id) => {
    expect(typeNamed(text, named, { hasNo: 'X has no' })).toBe(id);
  });

  it('of a name that several have is refused with all paths, and one that none has too', () => {
    expect(() => typeNamed('Server', named, { hasNo: 'X has no' })).toThrow(
      `Several object types are called Server: ${named
        .slice(0, 2)
        .map((one) => `${fullPath(one)} (id ${one.id})`)
        .join(', ')}.`,
    );
    expect(() => typeNamed('server', named, { hasNo: 'X has no' })).toThrow(WrongInputError);
    expect(() => typeNamed('server', named, { hasNo: 'X has no' })).toThrow('X has no object type server');
  });

  it.each([
    ['server', 'Did you mean A/Hardware/Server or B/Server?'],
    ['B/Sevrer', 'Did you mean B/Server?'],
    ['Hardware/Servers', 'Did you mean A/Hardware/Server?'],
    ['A/Hardwar/Serve', 'Did you mean A/Hardware/Server?'],
    ['A/Rack/Server', 'Did you mean A/Hardware/Server or B/Server?'],
    ['Switch', '`assets-backup ls` lists those of a backup.'],
    ['', '`assets-backup ls` lists those of a backup.'],
  ])('that nobody has, %j, is refused with what may be meant', (text, sentence) => {
    expect(() => typeNamed(text, named, { hasNo: 'X has no' })).toThrow(
      new WrongInputError(`X has no object type ${text}: it takes a name, a path or an id. ${sentence}`),
    );
  });

  it('is no mistake where a list that may name it cannot be read', () => {
    const owner = { hasNo: 'X has no', damage: ['That of C is damaged.'] };
    expect(() => typeNamed('A/Servr', named, owner)).toThrow(
      new DamagedBackupError(
        'X has no object type A/Servr among those that can be read. Did you mean A/Hardware/Server? That of C is damaged.',
      ),
    );
    expect(typeNamed('A/Server', named, owner)).toBe('1');
  });
});
