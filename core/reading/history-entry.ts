import { isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';

/**
 * The account that has made an entry of an object's history. Undefined where the site does not say it, as of an account that is gone:
 * `name` may be what people are called, which tells nobody from another.
 */
export function accountOf({ actor }: JsonRecord): string | undefined {
  return isRecord(actor) ? textOf(actor.key) || textOf(actor.accountId) || undefined : textOf(actor) || undefined;
}

/** Whether an entry is by this account. The specification has its id in `key`, other answers in `accountId` or `name`. */
export function isBy(entry: JsonRecord, accountId: string): boolean {
  const user = isRecord(entry.actor) ? entry.actor : {};
  return [accountOf(entry), user.accountId, user.name].includes(accountId);
}

/** The account that has created the object; undefined where its history does not say it. */
export function creatorIn(history: readonly Json[]): string | undefined {
  const creation = history.find((entry): entry is JsonRecord => isRecord(entry) && isCreation(entry));
  return creation && accountOf(creation);
}

/** Official examples leave the type out; a creation names no attribute and no value. */
function isCreation({ type, affectedAttribute, oldValue, newValue }: JsonRecord): boolean {
  const isEmpty = (value: Json | undefined) => value === undefined || value === null || value === '';
  return isEmpty(type) ? [affectedAttribute, oldValue, newValue].every(isEmpty) : textOf(type) === '0';
}
