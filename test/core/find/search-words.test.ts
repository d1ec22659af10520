import { describe, expect, it } from 'vitest';
import { saysOf } from '../../../core/backup/shard-writer.ts';
import { SearchWords } from '../../../core/find/search-words.ts';
import type { ApiRecord, Json } from '../../../core/model/json.ts';

const attributes = new Map(
  [
    { id: '1', name: 'Key', system: true, type: 0, defaultType: { id: 0 } },
    { id: '2', name: 'Owner', type: 2 },
    { id: '3', name: 'Runs on', type: 1 },
    { id: '4', name: 'Notes', type: 0, defaultType: { id: 9 } },
    { id: '5', name: 'State', type: 7 },
  ].map((attribute): [string, ReturnType<typeof saysOf>] => [attribute.id, saysOf(attribute as ApiRecord)]),
);
const values = (objectTypeAttributeId: string, ...objectAttributeValues: Json[]) => ({
  objectTypeAttributeId,
  objectAttributeValues,
});
const object: ApiRecord = {
  id: '11',
  objectKey: 'CMDB-11',
  label: 'Café  Server\t7',
  attributes: [
    values('1', { value: 'CMDB-11', displayValue: 'CMDB-11' }),
    values('2', {
      displayValue: 'Jane Doe',
      user: { key: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Jane Doe', emailAddress: 'jane@example.com' },
    }),
    values('3', { displayValue: 'nas-7', referencedObject: { id: '77', objectKey: 'CMDB-77', label: 'nas-7' } }),
    values(
      '4',
      { value: 'Bought by\n  Maria', displayValue: 'Bought by\n  Maria' },
      { value: 'second', displayValue: 'second' },
    ),
    values('5', { status: { id: '3', name: 'In use' }, displayValue: 'In use' }),
    // The list of attributes does not have it.
    values('9', { value: 'unlisted', displayValue: 'unlisted' }),
  ],
};
const find = (...words: string[]) => new SearchWords(words).find(object, attributes);

describe('words', () => {
  it.each([
    ['cmdb-11', { in: 'key', text: 'CMDB-11' }],
    ['11', { in: 'id', text: '11' }],
    ['server 7', { in: 'label', text: 'Café  Server\t7' }],
    // As other keyboards write it.
    ['CAFE\u0301', { in: 'label', text: 'Café  Server\t7' }],
    ['jane d', { in: 'value', attribute: 'Owner', text: 'Jane Doe' }],
    ['jane@example', { in: 'value', attribute: 'Owner', text: 'Jane Doe' }],
    ['NAS', { in: 'value', attribute: 'Runs on', text: 'nas-7' }],
    ['bought  by maria', { in: 'value', attribute: 'Notes', text: 'Bought by\n  Maria' }],
    ['econ', { in: 'value', attribute: 'Notes', text: 'second' }],
    ['in use', { in: 'value', attribute: 'State', text: 'In use' }],
    ['unlist', { in: 'value', attribute: '9', text: 'unlisted' }],
  ] as const)('%j is found, and told where', (word, match) => {
    expect(find(word)).toEqual([match]);
  });

  it.each([
    ['a part of the key', 'CMDB-1'],
    ['a part of the id', '1'],
    ['the key of an object that it refers to', 'CMDB-77'],
    ['the id of it', '77'],
    ['an account id', '5b10ac8d82e05b22cc7d4ef5'],
    ['the id of a status', '3'],
    ['two values as one', 'maria second'],
  ])('%s is not found: people do not see it as that', (_, word) => {
    expect(find(word)).toBeUndefined();
  });

  it('have to be there all, each anywhere; a place is named once', () => {
    expect(find('maria', 'jane', 'cmdb-11', 'bought')).toEqual([
      { in: 'value', attribute: 'Notes', text: 'Bought by\n  Maria' },
      { in: 'value', attribute: 'Owner', text: 'Jane Doe' },
      { in: 'key', text: 'CMDB-11' },
    ]);
    expect(find('maria', 'john')).toBeUndefined();
  });

  it('of blanks alone are a mistake', () => {
    expect(() => new SearchWords(['a', ' \t'])).toThrow('A word to find is empty.');
  });
});
