import type { WorkStore } from '../../ports/work-store.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import { usersTemplate } from '../values/users-map.ts';
import type { People } from '../values/value-contexts.ts';

/** Whom the backup names and the target does not know; null where the login may not list them. */
export interface MissingPeople {
  readonly accounts: readonly string[] | null;
  readonly groups: readonly string[] | null;
  /** Key of a users file to be filled in; null where nobody is missing. */
  readonly usersTemplate: string | null;
}

export async function writeMissingPeople(
  work: WorkStore,
  keys: RestoreKeys,
  needed: { readonly accounts: ReadonlySet<string>; readonly groups: ReadonlySet<string> },
  people: People,
): Promise<MissingPeople> {
  const accounts = missingOf(needed.accounts, people.mapped, people.accounts);
  const groups = missingOf(needed.groups, people.mapped, people.groups);
  if (!accounts?.length && !groups?.length) return { accounts, groups, usersTemplate: null };
  await work.write(keys.usersTemplate, usersTemplate({ accounts: accounts ?? [], groups: groups ?? [] }));
  return { accounts, groups, usersTemplate: keys.usersTemplate };
}

function missingOf(
  needed: ReadonlySet<string>,
  mapped: ReadonlyMap<string, string | null>,
  known: { has(name: string): boolean } | undefined,
): string[] | null {
  if (!known) return null;
  return [...needed].filter((name) => {
    const to = mapped.has(name) ? mapped.get(name) : name;
    return to !== null && to !== undefined && !known.has(to);
  });
}
