import { WrongInputError } from '../errors.ts';
import type { RestoreChoices } from '../model/restore.ts';
import type { AssetsReader } from '../ports/assets-site.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { parseUsersFile } from './users-map.ts';
import type { People } from './value-contexts.ts';

/** The people file of a plan: sets as lists. */
export interface PeopleFile {
  readonly mapped: readonly (readonly [string, string | null])[];
  readonly accounts: readonly string[] | null;
  readonly groups: readonly string[] | null;
}

/**
 * Who is who on the target: the users file, and the lists of accounts and groups where the backup names any and the login
 * may read them. Of those lists only the needed ones are kept.
 */
export async function readPeople(
  reader: AssetsReader,
  work: WorkStore,
  { users }: RestoreChoices,
  needed: { readonly accounts: ReadonlySet<string>; readonly groups: ReadonlySet<string> },
): Promise<PeopleFile> {
  const mapped =
    users === null ? new Map<string, string | null>() : parseUsersFile(await usersText(work, users)).accounts;
  const targetsOf = (names: ReadonlySet<string>) => [...names].map((name) => mapped.get(name) ?? name);
  const listed = async (names: ReadonlySet<string>, list: AssetsReader['accountIds']) => {
    if (names.size === 0) return [];
    const known = await list();
    return known.offered ? targetsOf(names).filter((name) => known.value.has(name)) : null;
  };
  return {
    mapped: [...mapped],
    accounts: await listed(needed.accounts, () => reader.accountIds()),
    groups: await listed(needed.groups, () => reader.groupNames()),
  };
}

export function peopleOf({ mapped, accounts, groups }: PeopleFile): People {
  return {
    mapped: new Map(mapped),
    accounts: accounts ? new Set(accounts) : undefined,
    groups: groups ? new Set(groups) : undefined,
  };
}

async function usersText(work: WorkStore, key: string): Promise<string> {
  const there = await work.read(key);
  if (!there) throw new WrongInputError(`There is no users file ${key} in the work store.`);
  return there.text;
}
