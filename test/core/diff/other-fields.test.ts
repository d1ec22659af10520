import { expect, it } from 'vitest';
import { otherFields } from '../../../core/diff/other-fields.ts';
import type { JsonRecord } from '../../../core/model/json.ts';

it('tells of each field that a person can set, as the API names it', () => {
  const before = {
    id: '7',
    name: 'Owner',
    maximumCardinality: 1,
    options: 'a,b',
    referenceType: { id: '3', name: 'Link' },
  };
  const after = {
    ...before,
    name: 'Holder',
    maximumCardinality: -1,
    referenceType: { id: '4', name: 'Use' },
    regexValidation: 'x',
  };
  expect(otherFields(before, after)).toEqual([
    { field: 'maximumCardinality', before: 1, after: -1 },
    { field: 'name', before: 'Owner', after: 'Holder' },
    { field: 'referenceType', before: '3', after: '4' },
    { field: 'regexValidation', before: null, after: 'x' },
  ]);
});

it.each<[string, JsonRecord, JsonRecord]>([
  ['counts and times', { objectCount: 1, updated: 'a' }, { objectCount: 2, updated: 'b' }],
  [
    'addresses with tokens',
    { url16: 'https://x?token=1', _links: { a: '1' } },
    { url16: 'https://x?token=2', _links: { a: '2' } },
  ],
  [
    'what a nested thing is called',
    { icon: { id: '1', name: 'Box', url16: 'a' } },
    { icon: { id: '1', name: 'Case', url16: 'b' } },
  ],
  ['what is empty, false or not there', { description: '', hidden: false, typeValueMulti: [] }, { suffix: null }],
  ['a number as a text', { maximumCardinality: 1 }, { maximumCardinality: '1' }],
  ['the order of a list of ids', { typeValueMulti: ['1', '2'] }, { typeValueMulti: ['2', '1'] }],
  ['display names of another age of the site', { name: 'A' }, { name: 'A', displayName: 'A' }],
  ['what this account may do', { canManage: true, editable: true }, { canManage: false, editable: false }],
])('does not tell of %s', (_, before, after) => {
  expect(otherFields({ id: '1', ...before }, { id: '1', ...after })).toEqual([]);
});
