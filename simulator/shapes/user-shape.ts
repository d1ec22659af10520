import type { JsonObject } from '../site/raw-json.ts';
import type { User } from '../site/records.ts';

/** `User` of the specification, as in samples/object-history.json. `key` is the account id. */
export function userShape(user: User): JsonObject {
  return {
    avatarUrl: `https://avatar-management-url/${user.accountId}/48`,
    displayName: user.displayName,
    name: user.displayName,
    key: user.accountId,
    emailAddress: user.emailAddress,
    isDeleted: !user.active,
  };
}
