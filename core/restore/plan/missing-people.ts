import type { WorkStore } from '../../ports/work-store.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import { groupOf, missingOf, type NeededPeople, type People, userOf } from '../values/people.ts';
import { usersTemplate } from '../values/users-map.ts';

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
  needed: NeededPeople,
  people: People,
): Promise<MissingPeople> {
  const users = missingOf(needed.users, (user) => userOf(people, user), 'user');
  const groups = missingOf(needed.groups, (group) => groupOf(people, group), 'group');
  const lists = { accounts: people.accounts ? users : null, groups: people.groups ? groups : null };
  if (users.length + groups.length === 0) return { ...lists, usersTemplate: null };
  const isName = (text: string) => needed.users.get(text)?.id === undefined;
  const accounts = users.filter((text) => !isName(text));
  await work.write(keys.usersTemplate, usersTemplate({ accounts, users: users.filter(isName), groups }));
  return { ...lists, usersTemplate: keys.usersTemplate };
}
