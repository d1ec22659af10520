import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AqlIds, mapAqlIds } from '../../../../core/restore/configuration/map-aql.ts';

const identity: AqlIds = {
  objectType: (id) => id,
  objectSchema: (id) => id,
  object: (id) => id,
  objectKey: (key) => key,
  schemaKeyOrName: (text) => text,
};

/** Different for each kind, so that a mix-up shows. */
const renamed: AqlIds = {
  objectType: (id) => `1${id}`,
  objectSchema: (id) => `2${id}`,
  object: (id) => `3${id}`,
  objectKey: (key) => (/^[A-Z]/.test(key) ? `X${key}` : undefined),
  schemaKeyOrName: (text) => `S${text}`,
};

const inverse: AqlIds = {
  objectType: (id) => id.replace(/^1/, ''),
  objectSchema: (id) => id.replace(/^2/, ''),
  object: (id) => id.replace(/^3/, ''),
  objectKey: (key) => key.replace(/^X/, ''),
  schemaKeyOrName: (text) => text.replace(/^S/, ''),
};

const nothing: AqlIds = {
  objectType: () => undefined,
  objectSchema: () => undefined,
  object: () => undefined,
  objectKey: () => undefined,
};

/** As Jira fills it in: a dollar sign and braces. */
const placeholder = (name: string) => ['$', '{', name, '}'].join('');
const map = (query: string) => mapAqlIds(query, renamed).query;

describe('ids in AQL', () => {
  it.each([
    ['objectTypeId = 5', 'objectTypeId = 15'],
    ['OBJECTTYPEID=5', 'OBJECTTYPEID=15'],
    ['objectTypeId == "5"', 'objectTypeId == "15"'],
    ['objectTypeId != 5 AND objectId >= 7', 'objectTypeId != 15 AND objectId >= 37'],
    ['objectId<7 or objectId >7 or objectId<=  7', 'objectId<37 or objectId >37 or objectId<=  37'],
    ['objectSchemaId in (1, "2",3)', 'objectSchemaId in (21, "22",23)'],
    ['objectTypeId NOT  IN(1,2)', 'objectTypeId NOT  IN(11,12)'],
    ['Owner.objectTypeId = 5', 'Owner.objectTypeId = 15'],
    ['"Owner of it".Site.objectTypeId = 5', '"Owner of it".Site.objectTypeId = 15'],
    ['Owner."Key" = "ITSM-1"', 'Owner."Key" = "XITSM-1"'],
    ['object having inboundReferences(objectTypeId = 5)', 'object having inboundReferences(objectTypeId = 15)'],
    [
      'object having outR(Key = ITSM-1 and (objectId in (4)), refType IN ("Key", "5"))',
      'object having outR(Key = XITSM-1 and (objectId in (34)), refType IN ("Key", "5"))',
    ],
    ['objectType in objectTypeAndChildren(23)', 'objectType in objectTypeAndChildren(123)'],
    ['objectTypeId in objectTypeAndChildren( "23" )', 'objectTypeId in objectTypeAndChildren( "123" )'],
    ['objectType = objectTypeAndChildren("Laptop 5")', 'objectType = objectTypeAndChildren("Laptop 5")'],
    ['Key = ITSM-88 order by Key desc', 'Key = XITSM-88 order by Key desc'],
    ['key in (ITSM-88, "ITSM-89")', 'key in (XITSM-88, "XITSM-89")'],
    ['Key = itsm-88', 'Key = XITSM-88'],
    ['object = ITSM-88', 'object = XITSM-88'],
    ['objectSchema = "IT \\"A\\""', 'objectSchema = "SIT \\"A\\""'],
    ['Name = 15\\" AND Key = ITSM-1', 'Name = 15\\" AND Key = XITSM-1'],
  ])('%s', (query, expected) => {
    expect(mapAqlIds(query, renamed)).toEqual({ query: expected, unmapped: [] });
  });

  it.each([
    'Name = "objectTypeId = 5"',
    'Name = "a \\" objectTypeId = 5"',
    'Name like 5 and Cost = 5',
    `objectTypeId = ${placeholder('Type.objectTypeId = 5')}`,
    'objectTypeId = $\\{Type.objectTypeId\\}',
    `Key = ${placeholder('Key')} and object = "${placeholder(`Name${placeholder('0')}`)}"`,
    `objectSchema = ${placeholder('Name of it')} and objectSchema = "${placeholder('Schema')}"`,
    `Key = ITSM-${placeholder(`Name of it${placeholder('0')}`)}`,
    'Key startsWith ITSM-88',
    'Key is not EMPTY',
    'object having connectedTickets(key = ITSM-88 and project in (objectTypeId, 5))',
    'Created > now("-2h 15m") and Updated < "2026-01-01 00:00"',
    'Asset = 5 and "Own Key of it" = ITSM-1',
    'objectType = 5',
    '"objectTypeId = 5',
    'Name = "open and Key = ITSM-1',
    'objectSchema = user(5)',
    'object having connectedTickets((key = ITSM-88) or key = ITSM-89)',
    ')) ( in in not in (5) == = 5 objectTypeId',
    '',
  ])('are not seen in %s', (query) => {
    expect(mapAqlIds(query, renamed)).toEqual({ query, unmapped: [] });
  });

  it('go on after JQL and after lists', () => {
    expect(map('object having connectedTickets(key = A-1) and (Key = A-1)')).toBe(
      'object having connectedTickets(key = A-1) and (Key = XA-1)',
    );
    expect(map('Key in (A-1) and Name in (A-1)')).toBe('Key in (XA-1) and Name in (A-1)');
  });

  it('without a mapping are listed once, and the query stays as it came', () => {
    const query = 'objectTypeId in (23, 23) and objectSchemaId = 2 and objectId = 3 and Key = A-1 and objectSchema = B';
    expect(mapAqlIds(query, nothing)).toEqual({
      query,
      unmapped: ['objectTypeId 23', 'objectSchemaId 2', 'objectId 3', 'Key A-1'],
    });
    const half: AqlIds = { ...renamed, objectKey: () => undefined };
    const mixed = 'objectTypeId = 5 and Key = A-1';
    expect(mapAqlIds(mixed, half)).toEqual({ query: mixed, unmapped: ['Key A-1'] });
    expect(mapAqlIds('objectSchema = "B"', { ...nothing, schemaKeyOrName: () => undefined }).unmapped).toEqual([
      'objectSchema B',
    ]);
  });

  it('get quotes where the new name needs them', () => {
    const ids = { ...identity, schemaKeyOrName: () => 'IT "new" \\' };
    expect(mapAqlIds('objectSchema = OLD', ids).query).toBe('objectSchema = "IT \\"new\\" \\\\"');
  });
});

const pieces = fc.constantFrom(
  ...['objectTypeId', 'OBJECTSCHEMAID', 'objectId', 'object', 'Key', 'objectSchema', '"Owner of".', 'a.', 'Name'],
  ...[
    '=',
    '==',
    '!=',
    '<',
    '>=',
    ' in (',
    ' not in (',
    '(',
    ')',
    ',',
    ' ',
    '\n',
    ' and ',
    ' or ',
    'objectTypeAndChildren(',
  ],
  ...[
    '5',
    '"23"',
    '007',
    'ITSM-88',
    '"ITSM-89"',
    '"x \\" y"',
    '"',
    '\\',
    '${',
    '}',
    placeholder('Location'),
    '$\\{a.key\\}',
    'é',
  ],
  ...['connectedTickets(', 'inR(', 'order by Key desc'],
);
const soup = fc.oneof(
  fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const ids = fc.nat(99).map(String);
const quotedOrNot = (text: string) => fc.constantFrom(text, `"${text}"`);
const idConditions = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'Owner.', '"Owned by".', '"a".b.'),
      fc.constantFrom('objectTypeId', 'objectid', 'OBJECTSCHEMAID'),
      fc.constantFrom('=', ' = ', ' != ', ' >= ', '  <'),
      ids.chain(quotedOrNot),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('Key', 'object', 'Ref.Key'),
      fc.constantFrom(' in (', ' NOT IN( '),
      fc.array(
        ids.chain((id) => quotedOrNot(`IT-${id}`)),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([field, operator, keys]) => `${field}${operator}${keys.join(' , ')})`),
  ids.chain(quotedOrNot).map((id) => `objectType in objectTypeAndChildren(${id})`),
  fc.string({ maxLength: 8 }).map((text) => `objectSchema = ${JSON.stringify(`n${text}`)}`),
  fc.string({ maxLength: 20 }).map((text) => `Name like ${JSON.stringify(text)}`),
);
const queries = fc
  .array(
    fc.oneof(
      idConditions,
      idConditions.map((condition) => `object having inR(${condition})`),
    ),
    { minLength: 1 },
  )
  .map((conditions) => conditions.join(' AND '));

describe('any query', () => {
  it('comes back byte for byte under the identity', async () => {
    await fc.assert(
      fc.property(fc.oneof(soup, queries), (query) => {
        expect(mapAqlIds(query, identity)).toEqual({ query, unmapped: [] });
      }),
      { numRuns: 2000 },
    );
  });

  it('comes back byte for byte after a renaming and its inverse, and holds no old id in between', async () => {
    await fc.assert(
      fc.property(queries, (query) => {
        const there = mapAqlIds(query, renamed);
        expect(there.unmapped).toEqual([]);
        expect(mapAqlIds(there.query, inverse)).toEqual({ query, unmapped: [] });
      }),
      { numRuns: 500 },
    );
    await fc.assert(
      fc.property(
        idConditions.filter((condition) => !/^Name|\$/.test(condition)),
        (condition) => {
          expect(map(condition)).not.toBe(condition);
        },
      ),
    );
  });

  it('never throws, however long or broken', async () => {
    await fc.assert(
      fc.property(soup, (query) => {
        const { query: mapped, unmapped } = mapAqlIds(query, nothing);
        expect(mapped).toBe(query);
        expect(Array.isArray(unmapped)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    for (const text of ['"', '(', 'a', '\\"', '${', 'Key in (', '"a\\"" ']) {
      const long = text.repeat(50_000);
      expect(mapAqlIds(long, nothing).query).toBe(long);
    }
  });
});
