import { WrongInputError } from '../../errors.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { ReadValue } from '../../reading/value.ts';
import type { Resolved } from './prepare-object.ts';
import { parseUsersFile } from './users-map.ts';

/** Who a user or a group of the source is on the target. */
export interface People {
  /** From the users file: null where somebody is left out on purpose. */
  readonly mapped: ReadonlyMap<string, string | null>;
  /** Undefined where the login may not list them: then a value is sent, and the target says whether it knows them. */
  readonly accounts: ReadonlySet<string> | undefined;
  /** Account ids by the e-mail addresses and names of their users. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  /** The same the other way round. */
  readonly namesOf: ReadonlyMap<string, readonly string[]>;
  /** Ids by names. */
  readonly groups: ReadonlyMap<string, string> | undefined;
}

/** The people file of a plan: sets as lists. */
export interface PeopleFile {
  readonly mapped: readonly (readonly [string, string | null])[];
  readonly accounts: readonly string[] | null;
  /** Names and e-mail addresses of the target's users: of those by whom the backup knows somebody, and of its accounts. */
  readonly named?: readonly (readonly [name: string, account: string])[];
  /** With their ids, which some sites want instead of the names. */
  readonly groups: readonly (readonly [name: string, id: string])[] | null;
}

/** Whom values name, by what stands for them in the backup. */
export interface NeededPeople {
  readonly users: ReadonlyMap<string, ReadValue>;
  readonly groups: ReadonlyMap<string, ReadValue>;
}

/**
 * Who is who on the target: the users file, and the lists of accounts and groups where the backup names any and the login
 * may read them. Of those lists only the needed ones are kept.
 */
export async function readPeople(
  reader: AssetsReader,
  work: WorkStore,
  { users }: RestoreChoices,
  needed: NeededPeople,
): Promise<PeopleFile> {
  const mapped =
    users === null ? new Map<string, string | null>() : parseUsersFile(await usersText(work, users)).accounts;
  const wanted = (people: NeededPeople['users']) =>
    new Set(people.values().flatMap((person) => textsOf(person).map((text) => mapped.get(text) ?? text)));
  const [wantedUsers, wantedGroups] = [wanted(needed.users), wanted(needed.groups)];
  const accounts = needed.users.size === 0 ? nobody : await reader.accounts();
  const groups = needed.groups.size === 0 ? nobody : await reader.groups();
  const known = accounts.offered ? [...accounts.value] : [];
  const named = known.flatMap(([id, names]) =>
    [...names].filter((name) => wantedUsers.has(id) || wantedUsers.has(name)).map((name) => [name, id] as const),
  );
  return {
    mapped: [...mapped],
    accounts: accounts.offered ? known.flatMap(([id]) => (wantedUsers.has(id) ? [id] : [])) : null,
    named,
    groups: groups.offered
      ? [...groups.value].filter(([name, id]) => wantedGroups.has(name) || wantedGroups.has(id))
      : null,
  };
}

const nobody = { offered: true, value: new Map<string, never>() } as const;

export function peopleOf({ mapped, accounts, named = [], groups }: PeopleFile): People {
  const grouped = (pairs: readonly (readonly [string, string])[]) => {
    const groups = Map.groupBy(pairs, ([from]) => from);
    return new Map([...groups].map(([from, entries]) => [from, entries.map(([, to]) => to)]));
  };
  return {
    mapped: new Map(mapped),
    accounts: accounts ? new Set(accounts) : undefined,
    named: grouped(named),
    namesOf: grouped(named.map(([name, account]) => [account, name])),
    groups: groups ? new Map(groups) : undefined,
  };
}

/** What may stand for somebody. Whoever has an account id is nobody else, whatever their name is. */
function textsOf({ id, names }: ReadValue): readonly string[] {
  if (id === undefined) return names;
  return names.includes(id) ? [id, ...names.filter((name) => name !== id)] : [id];
}

/** Somebody of whom the backup holds but names is whoever alone has one of them on the target. */
export function userOf({ mapped, accounts, named }: People, user: ReadValue): Resolved {
  const texts = textsOf(user);
  const [id] = user.id === undefined ? [] : [user.id];
  const from = texts.find((text) => mapped.has(text));
  if (from !== undefined) return mappedTo(mapped.get(from), accounts, 'user');
  const known = texts.find((text) => accounts?.has(text)) ?? (accounts ? undefined : id);
  if (known !== undefined) return { value: known };
  const holders = texts.flatMap((text) => {
    const accountsOfName = named.get(text) ?? [];
    return accountsOfName.length > 0 ? [accountsOfName] : [];
  });
  const only = holders.find((holder) => holder.length === 1)?.[0];
  if (only !== undefined) return { value: only };
  if (id !== undefined) return unknown('user');
  return { lost: nameOnly(accounts === undefined ? 'unlisted' : holders.length > 0 ? 'several' : 'nobody') };
}

export function groupOf({ mapped, groups }: People, group: ReadValue): Resolved {
  const texts = textsOf(group);
  const from = texts.find((text) => mapped.has(text));
  if (from !== undefined) return mappedTo(mapped.get(from), groups, 'group');
  const [name = ''] = texts;
  if (!groups) return { value: name };
  const byName = texts.find((text) => groups.has(text));
  const known = byName ?? groups.entries().find(([, id]) => texts.includes(id))?.[0];
  return known === undefined ? unknown('group') : { value: known };
}

function mappedTo(
  to: string | null | undefined,
  known: { has(name: string): boolean } | undefined,
  what: 'user' | 'group',
): Resolved {
  if (to === null || to === undefined) return { lost: leftOut(what) };
  return known && !known.has(to) ? unknown(what) : { value: to };
}

const leftOut = (what: 'user' | 'group') => `the users file leaves the ${what} out`;

const unknown = (what: 'user' | 'group') => ({
  lost: `the target does not know the ${what}, and the users file names no other`,
});

function nameOnly(of: 'unlisted' | 'several' | 'nobody'): string {
  const why = {
    unlisted: 'this login may not list the users of the target',
    several: 'several users of the target have that name',
    nobody: 'no user of the target has that name',
  }[of];
  return `the backup holds no account id of the user, only a name, and ${why}: the users file can say who it is`;
}

/** Whom the target does not know, of those whom nobody has left out on purpose. */
export function missingOf(
  people: NeededPeople['users'],
  resolve: (person: ReadValue) => Resolved,
  what: 'user' | 'group',
): string[] {
  return [...people].flatMap(([text, person]) => {
    const on = resolve(person);
    return typeof on === 'object' && 'lost' in on && on.lost !== leftOut(what) ? [text] : [];
  });
}

async function usersText(work: WorkStore, key: string): Promise<string> {
  const there = await work.read(key);
  if (!there) throw new WrongInputError(`There is no users file ${key} in the work store.`);
  return there.text;
}
