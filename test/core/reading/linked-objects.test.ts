import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/model/json.ts';
import { holdsSomething, linkedObjects } from '../../../core/reading/linked-objects.ts';

describe('A field of an issue', () => {
  it.each<[string, Json | undefined, string[]]>([
    ['the three parts of the article', [{ workspaceId: 'ws', id: 'ws:88', objectId: '88' }], ['88']],
    ['the object id alone, as text or number', [{ objectId: '88' }, { objectId: 7 }], ['88', '7']],
    ['the global id alone', [{ id: 'ws:88' }, { id: 'a:b:9' }], ['88', '9']],
    ['one object that is in no list', { id: 'ws:88', objectId: '88' }, ['88']],
    ['null', null, []],
    ['an empty list', [], []],
    ['nothing', undefined, []],
  ])('with %s is read, in order', (_, value, ids) => {
    expect(linkedObjects(value)?.map(({ objectId }) => objectId)).toEqual(ids);
    expect(holdsSomething(value)).toBe(ids.length > 0);
  });

  it.each<[string, Json]>([
    ['a text', 'ITSM-88'],
    ['a key in the form of Data Center', [{ key: 'ITSM-88' }]],
    ['an id that is no number', [{ objectId: 'x', id: 'ws:88' }]],
    ['a global id without an object', [{ id: 'ws:' }]],
    ['something unreadable among others', [{ objectId: '1' }, 5]],
    ['a list in a list', [[{ objectId: '1' }]]],
  ])('with %s holds something that is not read, and is not taken for empty', (_, value) => {
    expect(linkedObjects(value)).toBeUndefined();
    expect(holdsSomething(value)).toBe(true);
  });

  it('keeps what the site gives beside the id', () => {
    expect(linkedObjects([{ id: 'ws:88', label: 'SYD-1' }])).toEqual([{ id: 'ws:88', objectId: '88', label: 'SYD-1' }]);
  });

  it('holds nothing where it is an empty text, or a list of nulls', () => {
    expect(['', [null], []].map((value) => holdsSomething(value))).toEqual([false, false, false]);
  });
});
