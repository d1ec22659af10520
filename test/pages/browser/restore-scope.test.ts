import { describe, expect, it } from 'vitest';
import type { BackupAnswer, TypeShown } from '../../../pages/answers.ts';
import { wordsOfRestore } from '../../../pages/browser/restore-scope.ts';
import { isDamaged, isWhole } from '../../../pages/browser/whole-backup.ts';

const type = (id: string, name: string): TypeShown => ({ id, name, path: name, parent: null, icon: null, objects: 1 });

const asked = {
  backup: '2026-11-23_02-00-00',
  isWhole: true,
  place: ['--local', './backups', '--site', 'site.json'],
  scope: {},
  setsBack: false,
};
const of = (scope: Parameters<typeof wordsOfRestore>[0]['scope']) => wordsOfRestore({ ...asked, scope }).slice(6);

describe('the command that restores what is on the screen', () => {
  it('names the backup and the place, and what is asked for besides', () => {
    expect(wordsOfRestore(asked)).toEqual(['restore', asked.backup, ...asked.place]);
    expect(wordsOfRestore({ ...asked, setsBack: true }).slice(6)).toEqual(['--on-existing', 'update']);
    expect(wordsOfRestore({ ...asked, isWhole: false }).slice(6)).toEqual(['--what-is-whole']);
    expect(of({ schema: 'ASSETS', object: 'ASSETS-7' })).toEqual(['--schema', 'ASSETS', '--only-object', 'ASSETS-7']);
  });

  it('names a type by its name, and by its id where that name means two', () => {
    const types = [type('1', 'Laptop'), type('2', 'Server'), type('3', 'Server'), type('4', '1'), type('5', '')];
    const word = (id: string) => of({ type: { id, of: types } })[1];
    expect(['1', '2', '3', '5', '9'].map(word)).toEqual(['Laptop', '2', '3', '5', '9']);
    // Type 4 has the id of another for a name.
    expect(word('4')).toBe('4');
  });

  it('names a type by its id where the command line would take its name for an option, or for none', () => {
    const types = [type('1', '--all'), type('2', '-x'), type('3', ' '), type('4', 'A-B')];
    expect(types.map(({ id }) => of({ type: { id, of: types } })[1])).toEqual(['1', '2', '3', 'A-B']);
  });
});

it('a backup is whole for a restore unless it is partial, or a list of it is damaged', () => {
  const answer = (status: 'complete' | 'partial', damage: string[], ofSchema: string | null) =>
    ({ summary: { status }, damage, schemas: [{ damage: null }, { damage: ofSchema }] }) as unknown as BackupAnswer;
  expect(isWhole(answer('complete', [], null))).toBe(true);
  expect(isWhole(answer('partial', [], null))).toBe(false);
  expect(isWhole(answer('complete', ['It is damaged.'], null))).toBe(false);
  expect(isWhole(answer('complete', [], 'It is damaged.'))).toBe(false);
  expect(isDamaged(answer('partial', [], null))).toBe(false);
});
