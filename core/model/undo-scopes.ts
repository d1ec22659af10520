import type { ItemKind } from './restore.ts';

const scopeOf = (part: string) => `delete:cmdb-${part}:jira`;

/** The scope that a token needs to delete a thing. */
export const deleteScopeOf: Readonly<Record<Exclude<ItemKind, 'comment' | 'issue'>, string>> = {
  object: scopeOf('object'),
  schema: scopeOf('schema'),
  'object-type': scopeOf('type'),
  attribute: scopeOf('attribute'),
  'status-type': scopeOf('config'),
  'reference-type': scopeOf('config'),
  icon: scopeOf('config'),
};

/** What a scoped token needs besides to undo a restore, and for nothing else. */
export const undoScopes = [...new Set(Object.values(deleteScopeOf))];
