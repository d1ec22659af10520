import { describe, expect, it } from 'vitest';
import type { JsonRecord } from '../../../core/model/json.ts';
import { isNewestChange } from '../../../core/reading/newest-change.ts';

const owner = new Set(['Owner']);
const importer = { by: 'acc-1', since: null };

/** As in Atlassian's example: the creation has neither an attribute nor, there, a type. */
const creation = { actor: { key: 'acc-0' }, id: '108', created: '2021-02-16T20:04:41.554Z', objectId: '88' };
const entry = (fields: JsonRecord): JsonRecord => ({
  actor: { key: 'acc-1', name: 'John Smith', displayName: 'John Smith' },
  id: '200',
  affectedAttribute: 'Owner',
  oldValue: '',
  newValue: 'Ada',
  type: 10,
  created: '2026-11-27T18:00:00.000Z',
  objectId: '88',
  ...fields,
});
const later = '2026-11-28T09:00:00.000Z';

describe('the newest change of an attribute', () => {
  it.each([
    ['key', { key: 'acc-1' }],
    ['name', { name: 'acc-1', key: 'JIRAUSER1' }],
    ['accountId', { accountId: 'acc-1', displayName: 'Import' }],
  ])('knows an account by its %s', (_, actor) => {
    expect(isNewestChange([creation, entry({ actor })], owner, importer)).toBe(true);
    expect(isNewestChange([creation, entry({ actor })], owner, { by: 'acc-2', since: null })).toBe(false);
  });

  it('is the newest, in whatever order they come', () => {
    const byHand = entry({ id: '1000', actor: { key: 'acc-2' }, created: later });
    for (const history of [
      [creation, entry({}), byHand],
      [byHand, entry({}), creation],
    ]) {
      expect(isNewestChange(history, owner, importer)).toBe(false);
      expect(isNewestChange(history, owner, { by: 'acc-2', since: null })).toBe(true);
    }
  });

  it('is of that attribute alone', () => {
    const other = entry({ id: '201', affectedAttribute: 'Note', actor: { key: 'acc-2' }, created: later });
    expect(isNewestChange([creation, entry({}), other], owner, importer)).toBe(true);
    expect(isNewestChange([creation, other], owner, { by: 'acc-2', since: null })).toBe(false);
  });

  it('of two in one moment is the one with the higher id', () => {
    const byHand = entry({ id: '1000', actor: { key: 'acc-2' } });
    expect(isNewestChange([byHand, entry({ id: '999' }), creation], owner, importer)).toBe(false);
  });

  it.each([
    ['not before', '2026-11-27T18:00:00.000Z', true],
    ['before', '2026-11-27T18:00:00.001Z', false],
  ])('%s a time', (_, since, is) => {
    expect(isNewestChange([creation, entry({})], owner, { by: null, since })).toBe(is);
    expect(isNewestChange([creation, entry({})], owner, { by: 'acc-1', since })).toBe(is);
  });

  it('is not known where a newer entry may be about it, where a time is missing, and where there is none', () => {
    const { affectedAttribute: _, ...nameless } = entry({ id: '300', type: 19, created: later });
    expect(isNewestChange([creation, entry({}), nameless], owner, importer)).toBe(false);
    expect(isNewestChange([creation, entry({ created: 'yesterday' })], owner, importer)).toBe(false);
    expect(isNewestChange([creation], owner, { by: 'acc-0', since: null })).toBe(false);
    expect(isNewestChange([], owner, importer)).toBe(false);
  });

  it.each([7, 8, 25, 26, 27])('is not one of number %i, which is about no attribute', (type) => {
    const { affectedAttribute: _, ...nameless } = entry({ id: '300', type, created: later });
    expect(isNewestChange([creation, entry({}), nameless], owner, importer)).toBe(true);
  });
});
