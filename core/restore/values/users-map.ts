import { csvText, pairsOfCsv } from '../../csv.ts';
import { WrongInputError } from '../../errors.ts';

export interface UsersMap {
  /** Account ids and names of groups of the source, and what stands for them on the target; null: left out on purpose. */
  readonly accounts: ReadonlyMap<string, string | null>;
}

/**
 * Reads a users file: CSV of `from,to`, with or without that header. Throws WrongInputError, naming the line, where it is not clear who is meant.
 */
export function parseUsersFile(text: string): UsersMap {
  const accounts = new Map<string, string | null>();
  for (const { first, second, line } of pairsOfCsv(text, ['from', 'to'])) addUser(accounts, first, second, line);
  return { accounts };
}

function addUser(accounts: Map<string, string | null>, from: string, to: string | undefined, line: number): void {
  if (from === '') throw new WrongInputError(`Line ${line} of the users file does not say whom it maps`);
  if (to === undefined) throw new WrongInputError(`Line ${line} of the users file has no second column`);
  const target = to === '' ? null : to;
  if (accounts.has(from) && accounts.get(from) !== target) {
    throw new WrongInputError(`Line ${line} of the users file maps "${from}" otherwise than a line before`);
  }
  accounts.set(from, target);
}

/**
 * A users file for whom the target does not know, to be filled in. Left as it is, it leaves them all out, and says so.
 * @param missing.users names of users of whom the backup holds no account id
 */
export function usersTemplate(missing: Readonly<Record<'accounts' | 'users' | 'groups', readonly string[]>>) {
  const rows = (kind: string, names: readonly string[]) =>
    names.map((name) => [name, '', `${kind} - left out while the second column is empty`]);
  return csvText([
    ['from', 'to', 'kind'],
    ...rows('account', missing.accounts),
    ...rows('user of this name', missing.users),
    ...rows('group', missing.groups),
  ]);
}
