import { describe, expect, it } from 'vitest';
import { RequestRefusedError } from '../../../core/errors.ts';
import type { Id } from '../../../core/model/ids.ts';
import type { EndpointClass } from '../../../core/model/request-budget.ts';
import type { AssetsWriter } from '../../../core/ports/assets-writer.ts';
import { bytes, closes, json, page, type Responder, status } from './http-site.ts';
import { basicHeader, errorOf, testSite } from './test-site.ts';

const id = <Kind extends string>(text: string) => text as Id<Kind>;
const base = '/jsm/assets/workspace/ws-1/v1';
/** What a record of the backup may hold besides what is documented. */
const surplus = { id: '7', globalId: 'ws:7', workspaceId: 'ws', position: 3, editable: true };
const refused = (errors: unknown, code = 400) => json({ errorMessages: ['secret value'], errors }, code);
const scopeMismatch = json({ code: 401, message: 'Unauthorized; scope does not match' }, 401);

interface Write {
  readonly name: string;
  readonly write: (writer: AssetsWriter) => Promise<unknown>;
  readonly request: string;
  readonly body: unknown;
  readonly answer: Responder;
  readonly expected: unknown;
  readonly endpointClass?: EndpointClass;
}

const made = json({ id: '39', name: 'secret value' }, 201);
const created = { answer: made, expected: { id: '39', name: 'secret value' } };
const done = { answer: bytes(''), expected: undefined };

const writes: readonly Write[] = [
  {
    name: 'a schema',
    write: (writer) =>
      writer.createObjectSchema({ name: 'Computers', objectSchemaKey: 'COMP', description: '', ...surplus }),
    request: 'POST /objectschema/create',
    body: { name: 'Computers', objectSchemaKey: 'COMP', description: '' },
    ...created,
  },
  {
    name: 'the properties of a schema',
    write: (writer) =>
      writer.setObjectSchemaProperties(id('6'), {
        allowOtherObjectSchema: true,
        validateQuickCreate: false,
        quickCreateObjects: true,
        ...{ createObjectsCustomField: true, serviceDescCustomersEnabled: true },
      }),
    request: 'POST /global/config/objectschema/6/property',
    body: { allowOtherObjectSchema: true, validateQuickCreate: false, quickCreateObjects: true },
    ...done,
  },
  {
    name: 'a status',
    write: (writer) =>
      writer.createStatusType({ name: 'Decommissioned', displayName: 'Retired', category: 0, objectSchemaId: id('6') }),
    request: 'POST /config/statustype',
    body: { name: 'Decommissioned', displayName: 'Retired', category: 0, objectSchemaId: '6' },
    ...created,
  },
  {
    name: 'a reference type without an id in the answer',
    write: (writer) => writer.createReferenceType({ name: 'Depends on', color: '42526E', objectSchemaId: id('27') }),
    request: 'POST /config/referencetype',
    body: { name: 'Depends on', color: '42526E', objectSchemaId: '27' },
    answer: json({ name: 'Depends on', objectSchemaId: null }, 201),
    expected: { name: 'Depends on', objectSchemaId: null },
  },
  {
    name: 'a type',
    write: (writer) =>
      writer.createObjectType({
        name: 'Branch',
        objectSchemaId: id('6'),
        iconId: id('13'),
        inherited: false,
        abstractObjectType: true,
        parentObjectTypeId: id('23'),
        ...surplus,
      }),
    request: 'POST /objecttype/create',
    body: {
      name: 'Branch',
      objectSchemaId: '6',
      iconId: '13',
      inherited: false,
      abstractObjectType: true,
      parentObjectTypeId: '23',
    },
    ...created,
  },
  {
    name: 'the place of a type below another',
    write: (writer) => writer.moveObjectType(id('23'), { position: 0, toObjectTypeId: id('2') }),
    request: 'POST /objecttype/23/position',
    body: { position: 0, toObjectTypeId: '2' },
    ...done,
  },
  {
    name: 'the place of a root type',
    write: (writer) => writer.moveObjectType(id('23'), { position: 4 }),
    request: 'POST /objecttype/23/position',
    body: { position: 4 },
    answer: made,
    expected: undefined,
  },
  {
    name: 'a reference attribute',
    write: (writer) =>
      writer.createAttribute(id('23'), {
        name: 'City',
        type: 1,
        typeValue: '24',
        additionalValue: '4',
        qlQuery: 'Name LIKE S',
        maximumCardinality: -1,
        ...surplus,
      }),
    request: 'POST /objecttypeattribute/23',
    body: {
      name: 'City',
      type: 1,
      typeValue: '24',
      additionalValue: '4',
      qlQuery: 'Name LIKE S',
      maximumCardinality: -1,
    },
    ...created,
  },
  {
    name: 'a status attribute',
    write: (writer) =>
      writer.createAttribute(id('23'), { name: 'Status', type: 7, defaultTypeId: -1, typeValueMulti: ['58', '59'] }),
    request: 'POST /objecttypeattribute/23',
    body: { name: 'Status', type: 7, defaultTypeId: -1, typeValueMulti: ['58', '59'] },
    ...created,
  },
  {
    name: 'the label and other fields of an attribute',
    write: (writer) =>
      writer.updateAttribute(id('23'), id('1330'), {
        ...{ label: true, minimumCardinality: 1, description: '' },
        // What is right at the create only: objects are in the way of a change (Salto).
        ...{ type: 1, defaultTypeId: -1, typeValue: '24' },
        ...surplus,
      }),
    request: 'PUT /objecttypeattribute/23/1330',
    body: { label: true, minimumCardinality: 1, description: '' },
    ...done,
  },
  {
    name: 'the place of an attribute',
    write: (writer) => writer.moveAttribute(id('23'), id('1330'), 6),
    request: 'POST /objecttypeattribute/23/1330/position',
    body: { position: 6 },
    answer: bytes(''),
    expected: { offered: true, value: undefined },
  },
  {
    name: 'an object without values',
    write: (writer) => writer.createObject(id('23'), [{ attributeId: id('135'), values: [] }]),
    request: 'POST /object/create',
    body: { objectTypeId: '23', attributes: [{ objectTypeAttributeId: '135', objectAttributeValues: [] }] },
    endpointClass: 'object-create',
    answer: made,
    expected: { object: { id: '39', name: 'secret value' }, unwritten: [] },
  },
  {
    name: 'an object whose attribute has no number',
    write: (writer) => writer.updateObject(id('88'), id('23'), [{ attributeId: id('a-uuid'), values: ['x'] }]),
    request: 'PUT /object/88',
    body: {
      objectTypeId: '23',
      attributes: [{ objectTypeAttributeId: 'a-uuid', objectAttributeValues: [{ value: 'x' }] }],
    },
    endpointClass: 'object-update',
    ...done,
  },
  {
    name: 'a comment',
    write: (writer) => writer.createComment(id('88'), { role: 0, comment: '<p>text</p>' }),
    request: 'POST /comment/create',
    body: { role: 0, objectId: '88', comment: '<p>text</p>' },
    endpointClass: 'comments',
    answer: json({ id: 12 }, 201),
    expected: { offered: true, value: '12' },
  },
  {
    name: 'a comment without an id in the answer',
    write: (writer) => writer.createComment(id('88'), { role: 0, comment: 'x' }),
    request: 'POST /comment/create',
    body: { role: 0, objectId: '88', comment: 'x' },
    endpointClass: 'comments',
    answer: json({}),
    expected: { offered: true, value: undefined },
  },
];

describe('The writer', () => {
  it.each(writes)('writes $name as documented', async (write) => {
    const { http, writer } = await testSite([write.answer]);

    expect(await write.write(writer)).toEqual(write.expected);

    const [method, path] = write.request.split(' ');
    expect(http.requests).toHaveLength(1);
    expect(http.requests[0]).toMatchObject({ method, url: `${base}${path}` });
    expect(http.requests[0]?.headers).toMatchObject({
      authorization: basicHeader,
      'content-type': 'application/json',
      accept: 'application/json',
    });
    expect(JSON.parse(http.requests[0]?.body ?? '')).toEqual(write.body);
    expect(writer.requests()).toMatchObject({ [write.endpointClass ?? 'configuration']: 1, retries: 0 });
  });

  it('has an id of its own', async () => {
    const [one, other] = [await testSite([made]), await testSite([made])];

    expect(one.writer.id).not.toBe(other.writer.id);
  });

  it('takes an id that is no plain segment for one segment of a path', async () => {
    const { http, writer } = await testSite([bytes('')]);

    await writer.updateAttribute(id('a/b'), id('c?d'), { hidden: true });

    expect(http.requests[0]?.url).toBe(`${base}/objecttypeattribute/a%2Fb/c%3Fd`);
  });
});

describe('What a site does not have', () => {
  const offers: readonly [string, (writer: AssetsWriter) => Promise<unknown>][] = [
    ['a comment', (writer) => writer.createComment(id('88'), { role: 0, comment: 'secret value' })],
    ['the place of an attribute', (writer) => writer.moveAttribute(id('23'), id('1330'), 6)],
  ];

  it.each(offers)('is not offered, for %s', async (_case, write) => {
    for (const answer of [scopeMismatch, status(404), status(405), status(410), status(501)]) {
      const { http, writer } = await testSite([answer]);

      expect(await write(writer)).toEqual({ offered: false, reason: expect.stringMatching(/^The site answers \d+/) });
      expect(http.requests).toHaveLength(1);
    }
  });

  it.each(offers)('is not told by web pages, which somebody else gives, for %s', async (_case, write) => {
    const { http, writer } = await testSite([page(404), page(405), page(410), json({ id: 7 }, 201)]);
    expect(await write(writer)).toMatchObject({ offered: true });
    expect(http.requests).toHaveLength(4);

    const closed = await testSite([page(404)]);
    expect(await write(closed.writer)).toEqual({
      offered: false,
      reason: expect.stringMatching(/404 with a web page, after 5 attempts: a proxy may stand between/),
    });
  });

  it.each(offers)(
    'is another thing than a login that has ended, a right or a refusal, for %s',
    async (_case, write) => {
      for (const [answer, name] of [
        [status(401), 'LoginRefusedError'],
        [status(403), 'PermissionRefusedError'],
        [status(400), 'RequestRefusedError'],
      ] as const) {
        const { writer } = await testSite([answer]);

        expect((await errorOf(write(writer))).name).toBe(name);
      }
    },
  );

  it('may be an object that is gone, where a comment is answered 404', async () => {
    const { writer } = await testSite([status(404)]);

    expect(await writer.createComment(id('88'), { role: 0, comment: '' })).toMatchObject({
      reason: expect.stringContaining('or the object is gone'),
    });
  });
});

interface Deletion {
  readonly name: string;
  readonly remove: (writer: AssetsWriter) => Promise<unknown>;
  readonly path: string;
  readonly endpointClass?: EndpointClass;
  /** Undocumented, so that not every site has it. */
  readonly isOffered?: true;
}

const deletions: readonly Deletion[] = [
  {
    name: 'an object',
    remove: (writer) => writer.deleteObject(id('88')),
    path: '/object/88',
    endpointClass: 'object-delete',
  },
  { name: 'a type', remove: (writer) => writer.deleteObjectType(id('23')), path: '/objecttype/23' },
  { name: 'a schema', remove: (writer) => writer.deleteObjectSchema(id('6')), path: '/objectschema/6' },
  { name: 'an attribute', remove: (writer) => writer.deleteAttribute(id('1330')), path: '/objecttypeattribute/1330' },
  { name: 'a status', remove: (writer) => writer.deleteStatusType('58'), path: '/config/statustype/58' },
  {
    name: 'a reference type',
    remove: (writer) => writer.deleteReferenceType('7'),
    path: '/config/referencetype/7',
    isOffered: true,
  },
  { name: 'an icon', remove: (writer) => writer.deleteIcon(id('13')), path: '/icon/13', isOffered: true },
];

const noSuchRoute: Responder = (response) => {
  response.writeHead(404, { 'content-type': 'application/problem+json' });
  response.end('{"type":"about:blank","title":"Not Found","status":404,"detail":"No static resource."}');
};

describe.each(deletions)('The delete of $name', ({ remove, path, endpointClass = 'configuration', isOffered }) => {
  it.each<[string, Responder]>([
    ['with what was deleted', json({ id: '88', label: 'secret value' })],
    ['with nothing', bytes('')],
    ['with a text', bytes('Deleted', 'text/plain')],
    ['204', (response) => response.writeHead(204).end()],
  ])('may be answered %s', async (_case, answer) => {
    const { http, writer } = await testSite([answer]);

    expect(await remove(writer)).toEqual(isOffered && { offered: true, value: undefined });

    expect(http.requests).toMatchObject([{ method: 'DELETE', url: `${base}${path}`, body: '' }]);
    expect(writer.requests()).toMatchObject({ [endpointClass]: 1, retries: 0 });
  });

  it('is sent again where nobody knows whether it arrived', async () => {
    const { http, writer } = await testSite([closes, status(503), page(200), bytes('')]);

    await remove(writer);

    expect(http.requests).toHaveLength(4);
  });

  it('finds that it is gone already, by itself or by an earlier try', async () => {
    for (const answers of [[status(404)], [closes, status(404)]]) {
      const { writer } = await testSite(answers);

      expect((await errorOf(remove(writer))).name).toBe('NotFoundError');
    }
  });

  it('takes nothing for gone where the site does not have the endpoint, or somebody else answers', async () => {
    for (const answer of [noSuchRoute, page(404)]) {
      const { writer } = await testSite([answer]);
      const outcome = await remove(writer).catch((error: Error) => error.name);

      if (isOffered) expect(outcome).toMatchObject({ offered: false });
      else expect(outcome).toBe(answer === noSuchRoute ? 'RequestRefusedError' : 'UnexpectedAnswerError');
    }
  });

  it.each([
    [status(403), 'PermissionRefusedError', 'delete:cmdb-object:jira'],
    [status(401), 'LoginRefusedError', 'the user name or the API token is wrong'],
    [refused({ name: 'secret value is in use' }), 'RequestRefusedError', '400'],
  ])('says what is in the way (%#)', async (answer, name, words) => {
    const { http, writer } = await testSite([answer]);

    const error = await errorOf(remove(writer));

    expect(error.name).toBe(name);
    expect(error.message).toContain(`DELETE ${path}`);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('secret');
    expect(http.requests).toHaveLength(1);
  });

  it('is refused for want of a scope as for want of a right, unless no scope is known', async () => {
    const { writer } = await testSite([scopeMismatch]);
    const outcome = await remove(writer).catch((error: Error) => error.name);

    if (isOffered) expect(outcome).toMatchObject({ offered: false, reason: expect.stringContaining('no scope') });
    else expect(outcome).toBe('PermissionRefusedError');
  });
});

const createSchema = (writer: AssetsWriter) => writer.createObjectSchema({ name: 'A', objectSchemaKey: 'A' });

describe('A refused write', () => {
  it.each([
    ['Invalid Group(s)', 'unknown-group'],
    ['User(s) not found in jira: secret (Owner)', 'unknown-user'],
    ['User(s) secret', 'unknown-user'],
    ['Project secret not found in jira', 'not-found'],
    ['No icon was found with id secret', 'not-found'],
    ['secret is required', 'required'],
    ['required', 'required'],
    ['Required by has duplicated value', 'duplicate'],
    ['secret: the value is invalid due to restrictions', 'restricted'],
    ['Required by: the value provided is invalid', 'invalid'],
    ['Invalid values [secret not found]', 'invalid'],
    ['secret can only contain max 1 value(s)', 'too-many-values'],
    ['secret must be less than 255 characters', 'too-long'],
    ['displayName must be at most 50 characters', 'too-long'],
    ['the text is too long', 'too-long'],
    ['secret refers to the schema Closed, which does not allow it', 'other-schema'],
    ['Name has to be unique', 'name-taken'],
    ['Key has to be unique', 'name-taken'],
    ['secret already exists', 'name-taken'],
    ['secret words', 'other'],
    [['secret', 'has duplicated value'], 'duplicate'],
    [null, 'other'],
  ])('because of %j is of the kind %s', async (text, kind) => {
    const { writer, reporter } = await testSite([refused({ 'rlabs-insight-attribute-1881': text })]);

    const error = (await errorOf(createSchema(writer))) as RequestRefusedError;

    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error.refusals).toEqual([{ field: 'rlabs-insight-attribute-1881', attributeId: '1881', kind }]);
    expect(JSON.stringify([error, error.message, reporter.events])).not.toContain('secret');
  });

  it('names the fields and the reasons', async () => {
    const errors = { 'rlabs-insight-attribute-1881': 'Invalid Group(s)', name: 'Name has to be unique' };
    const { writer } = await testSite([refused(errors)]);

    const error = (await errorOf(createSchema(writer))) as RequestRefusedError;

    expect(error.message).toBe(
      'POST /objectschema/create was refused (400): attribute 1881 (the target does not know the group), name (the name is taken on the target).',
    );
    expect(error.refusals).toEqual([
      { field: 'rlabs-insight-attribute-1881', attributeId: '1881', kind: 'unknown-group' },
      { field: 'name', kind: 'name-taken' },
    ]);
  });

  it('names five fields, and tells how many more there are', async () => {
    const errors = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`rlabs-insight-attribute-${n}`, 'x']));
    const { writer } = await testSite([refused(errors)]);

    const error = (await errorOf(createSchema(writer))) as RequestRefusedError;

    expect(error.message).toMatch(/attribute 4 \([^)]*\) and 2 more\.$/);
    expect(error.refusals).toHaveLength(7);
  });

  it('does not take for a name what is none', async () => {
    const { writer } = await testSite([refused({ 'a secret value': 'required' })]);

    const error = (await errorOf(createSchema(writer))) as RequestRefusedError;

    expect(error.refusals).toEqual([{ field: 'a field', kind: 'required' }]);
  });

  it.each<[string, Responder]>([
    ['empty fields', refused({})],
    ['no fields', json({ errorMessages: ['secret value'] }, 400)],
    ['fields that are a list', refused(['secret'])],
    ['a web page', page(400)],
    ['nothing', json('', 400)],
  ])('with %s names none', async (_case, answer) => {
    const { writer } = await testSite([answer]);

    const error = (await errorOf(createSchema(writer))) as RequestRefusedError;

    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error.refusals).toEqual([]);
    expect(error.message).toBe('POST /objectschema/create was refused (400): the site names no field that is wrong.');
  });

  it('has its fields also where it was an update', async () => {
    const { writer } = await testSite([refused({ name: 'Name has to be unique' })]);

    const error = (await errorOf(writer.updateAttribute(id('1'), id('2'), { name: 'x' }))) as RequestRefusedError;

    expect(error.refusals).toEqual([{ field: 'name', kind: 'name-taken' }]);
    expect(error.message).toContain('PUT /objecttypeattribute/1/2 was refused (400): name');
  });

  it.each([
    [scopeMismatch, 'LoginRefusedError', 'write:cmdb-object:jira'],
    [status(401), 'LoginRefusedError', 'the user name or the API token is wrong'],
    [status(403), 'PermissionRefusedError', 'may not write'],
    [status(404), 'NotFoundError', '404'],
    [status(409), 'RequestRefusedError', '409'],
    [status(413), 'RequestRefusedError', '413'],
  ])('says what is missing (%#)', async (answer, name, words) => {
    for (const write of [createSchema, (writer: AssetsWriter) => writer.moveObjectType(id('1'), { position: 0 })]) {
      const { http, writer } = await testSite([answer]);

      const error = await errorOf(write(writer));

      expect(error.name).toBe(name);
      expect(error.message).toContain(words);
      expect(error.message).not.toContain('secret');
      expect(http.requests).toHaveLength(1);
    }
  });
});
