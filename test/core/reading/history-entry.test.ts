import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/model/json.ts';
import { creatorIn, isBy } from '../../../core/reading/history-entry.ts';

describe('an entry of a history', () => {
  it.each([
    ['key', { key: 'acc-1', name: 'John Smith', displayName: 'John Smith' }, 'acc-1'],
    ['accountId', { accountId: 'acc-1', displayName: 'Import' }, 'acc-1'],
    ['text', 'acc-1', 'acc-1'],
    ['a name only, which several may have', { key: '', name: 'Former user' }, undefined],
    ['null', null, undefined],
  ])('tells its account by %s, and so who has created the object', (_, actor, account) => {
    // Atlassian's example of a creation has no type.
    expect(
      creatorIn([
        { type: 2, affectedAttribute: 'Name', actor: 'other' },
        { id: '108', actor },
      ]),
    ).toBe(account);
    expect(creatorIn([{ type: 0, actor }])).toBe(account);
    expect(creatorIn([{ type: '0', actor }])).toBe(account);
  });

  it('is no creation where it has an attribute or another type', () => {
    const entries: Json[] = [{ actor: 'acc-1', type: 7 }, { actor: 'acc-1', affectedAttribute: 'Name' }, null];
    expect(creatorIn(entries)).toBeUndefined();
  });

  it('is by an account, wherever its id stands', () => {
    const actors: Json[] = [{ key: 'a' }, { accountId: 'a', key: 'JIRAUSER1' }, { name: 'a', key: 'JIRAUSER1' }, 'a'];
    expect(actors.map((actor) => [isBy({ actor }, 'a'), isBy({ actor }, 'b')])).toEqual(
      actors.map(() => [true, false]),
    );
  });
});
