import type { TypeShown } from '../answers.ts';

/** What of a backup is on the screen; nothing: all of it. */
export interface RestoreScope {
  /** Key of a schema. */
  readonly schema?: string;
  /** One type of it, among all that it has. */
  readonly type?: { readonly id: string; readonly of: readonly TypeShown[] };
  /** Key of an object. */
  readonly object?: string;
}

export interface ScopedRestore {
  readonly backup: string;
  /** Of one that is partial or damaged only what is whole is restored. */
  readonly isWhole: boolean;
  /** Options that name the place, and the site where one is needed. */
  readonly place: readonly string[];
  readonly scope: RestoreScope;
  /** Whether values that differ are set back as well. */
  readonly setsBack: boolean;
}

/** The words of the command that restores it. */
export function wordsOfRestore({ backup, isWhole, place, scope, setsBack }: ScopedRestore): string[] {
  const { schema, type, object } = scope;
  return [
    'restore',
    backup,
    ...place,
    ...(schema === undefined ? [] : ['--schema', schema]),
    ...(type === undefined ? [] : ['--only-type', typeWord(type.id, type.of)]),
    ...(object === undefined ? [] : ['--only-object', object]),
    ...(isWhole ? [] : ['--what-is-whole']),
    ...(setsBack ? ['--on-existing', 'update'] : []),
  ];
}

/** Its name, as people know it; its id where another type of the schema has that name, or that for an id, or where it looks like an option. */
function typeWord(id: string, types: readonly TypeShown[]): string {
  const name = types.find((type) => type.id === id)?.name;
  if (name === undefined || name.trim() === '' || name.startsWith('-')) return id;
  const meant = types.filter((type) => type.name === name || type.id === name);
  return meant.length === 1 ? name : id;
}
