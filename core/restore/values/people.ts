import { WrongInputError } from '../../errors.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { parseUsersFile } from './users-map.ts';
import type { People } from './value-contexts.ts';

/** The people file of a plan: sets as lists. */
export interface PeopleFile {
  readonly mapped: readonly (readonly [string, string | null])[];
  readonly accounts: readonly string[] | null;
  /** With their ids, which some sites want instead of the names. */
  readonly groups: readonly (readonly [name: string, id: string])[] | null;
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
  const none = { offered: true, value: new Map<string, string>() } as const;
  const accounts = needed.accounts.size === 0 ? none : await reader.accountIds();
  const groups = needed.groups.size === 0 ? none : await reader.groups();
  return {
    mapped: [...mapped],
    accounts: accounts.offered ? targetsOf(needed.accounts).filter((id) => accounts.value.has(id)) : null,
    groups: groups.offered
      ? targetsOf(needed.groups).flatMap((name) => {
          const id = groups.value.get(name);
          return id === undefined ? [] : [[name, id] as const];
        })
      : null,
  };
}

export function peopleOf({ mapped, accounts, groups }: PeopleFile): People {
  return {
    mapped: new Map(mapped),
    accounts: accounts ? new Set(accounts) : undefined,
    groups: groups ? new Map(groups) : undefined,
  };
}

async function usersText(work: WorkStore, key: string): Promise<string> {
  const there = await work.read(key);
  if (!there) throw new WrongInputError(`There is no users file ${key} in the work store.`);
  return there.text;
}
