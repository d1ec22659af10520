import { describe, expect, it } from 'vitest';
import { OutcomeUnknownError, RequestRefusedError, SiteUnavailableError } from '../../../core/errors.ts';
import type { Id } from '../../../core/model/ids.ts';
import type { SentValues } from '../../../core/ports/assets-writer.ts';
import { closes, json, type Responder, status } from './http-site.ts';
import { errorOf, type TestSite, testSite } from './test-site.ts';

const id = <Kind extends string>(text: string) => text as Id<Kind>;
const type = id<'object type'>('23');
const value = (attributeId: string, ...values: string[]): SentValues => ({ attributeId: id(attributeId), values });
const create = ({ writer }: TestSite, ...values: SentValues[]) => writer.createObject(type, values);
const update = ({ writer }: TestSite, ...values: SentValues[]) => writer.updateObject(id('88'), type, values);

const made = json({ id: '88' }, 201);
const object = (attributes: Record<string, unknown[]>) =>
  json({
    id: '88',
    attributes: Object.entries(attributes).map(([objectTypeAttributeId, objectAttributeValues]) => ({
      objectTypeAttributeId,
      objectAttributeValues,
    })),
  });
const filled = object({ '134': [{ value: 'ITSM-88' }], '135': [{ value: 'NY-1' }] });
const empty = object({ '134': [{ value: 'ITSM-88' }], '135': [] });
const put = json({ id: '88' });
const refusedBecause = (text: string) =>
  json({ errorMessages: [], errors: { 'rlabs-insight-attribute-135': text } }, 400);

/** What was sent: the method, and the ids of the attributes in their form. */
function sent({ http }: TestSite): unknown[] {
  return http.requests.map(({ method, body }) => {
    if (body === '') return method;
    const { attributes } = JSON.parse(body) as { attributes: { objectTypeAttributeId: unknown }[] };
    return [method, ...attributes.map(({ objectTypeAttributeId }) => objectTypeAttributeId)];
  });
}

describe('The form of attribute ids', () => {
  it('is the documented text where the first created object has its values', async () => {
    const site = await testSite([made, filled, made]);

    expect(await create(site, value('135', 'NY-1'))).toEqual({ id: '88' });
    await create(site, value('135', 'NY-2'), value('144', 'a', 'b'));

    expect(sent(site)).toEqual([['POST', '135'], 'GET', ['POST', '135', '144']]);
    expect(JSON.parse(site.http.requests[2]?.body ?? '')).toEqual({
      objectTypeId: '23',
      attributes: [
        { objectTypeAttributeId: '135', objectAttributeValues: [{ value: 'NY-2' }] },
        { objectTypeAttributeId: '144', objectAttributeValues: [{ value: 'a' }, { value: 'b' }] },
      ],
    });
    expect(site.writer.requests()).toMatchObject({ 'object-create': 2, object: 1, retries: 0 });
  });

  it('is a number where the first created object has none of its values, which are then set', async () => {
    const site = await testSite([made, empty, put, made, put]);

    expect(await create(site, value('135', 'NY-1'))).toEqual({ id: '88' });
    await create(site, value('135', 'NY-2'));
    await update(site, value('135', 'NY-3'));

    expect(sent(site)).toEqual([['POST', '135'], 'GET', ['PUT', 135], ['POST', 135], ['PUT', 135]]);
    expect(JSON.parse(site.http.requests[2]?.body ?? '')).toEqual({
      objectTypeId: '23',
      attributes: [{ objectTypeAttributeId: 135, objectAttributeValues: [{ value: 'NY-1' }] }],
    });
  });

  it('is a number where a text is refused and a number is not', async () => {
    const site = await testSite([refusedBecause('Name is required'), made, made]);

    expect(await create(site, value('135', 'NY-1'))).toEqual({ id: '88' });
    await create(site, value('135', 'NY-2'));

    expect(sent(site)).toEqual([
      ['POST', '135'],
      ['POST', 135],
      ['POST', 135],
    ]);
  });

  it('stays open where both are refused: the refusal is that of the text, and the next write tries again', async () => {
    const site = await testSite([
      refusedBecause('Invalid Group(s)'),
      refusedBecause('Name is required'),
      made,
      filled,
      made,
    ]);

    const error = (await errorOf(create(site, value('135', 'NY-1')))) as RequestRefusedError;
    await create(site, value('135', 'NY-2'));
    await create(site, value('135', 'NY-3'));

    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error.refusals).toMatchObject([{ kind: 'unknown-group' }]);
    expect(sent(site)).toEqual([['POST', '135'], ['POST', 135], ['POST', '135'], 'GET', ['POST', '135']]);
  });

  it('stays open where nobody knows what became of the first write', async () => {
    for (const answers of [[closes], [refusedBecause('x'), status(500)]]) {
      const site = await testSite([...answers, made, empty, put, made]);

      expect(await errorOf(create(site, value('135', 'NY-1')))).toBeInstanceOf(OutcomeUnknownError);
      await create(site, value('135', 'NY-2'));
      await create(site, value('135', 'NY-3'));

      expect(sent(site).slice(answers.length)).toEqual([['POST', '135'], 'GET', ['PUT', 135], ['POST', 135]]);
    }
  });

  it.each<[string, Responder]>([
    ['is not found', status(404)],
    ['may not be read', status(403)],
    ['comes without attributes', json({ id: '88' })],
  ])('stays a text where the object %s, and after three of them nothing is tried any more', async (_case, answer) => {
    const site = await testSite([made, answer, made, answer, made, answer, made]);

    for (let index = 0; index < 5; index += 1) expect(await create(site, value('135', 'x'))).toEqual({ id: '88' });

    expect(sent(site).filter((what) => what === 'GET')).toHaveLength(3);
    expect(sent(site).filter((what) => what !== 'GET')).toEqual(Array.from({ length: 5 }, () => ['POST', '135']));
  });

  it('is not looked for where there is no value, or no id that could be a number', async () => {
    const site = await testSite([made]);

    await create(site);
    await create(site, value('135'), value('136', ''));
    await create(site, value('a-uuid', 'x'), value('99999999999999999999', 'x'));

    expect(sent(site)).toEqual([['POST'], ['POST', '135', '136'], ['POST', 'a-uuid', '99999999999999999999']]);
  });

  it('is never a number for an id that is none', async () => {
    const site = await testSite([refusedBecause('x'), made]);

    await create(site, value('135', 'x'), value('a-uuid', 'y'));

    expect(sent(site)).toEqual([
      ['POST', '135', 'a-uuid'],
      ['POST', 135, 'a-uuid'],
    ]);
  });

  it('is found out by one write, while the others wait', async () => {
    const site = await testSite([made, empty, put, made]);

    await Promise.all(Array.from({ length: 5 }, (_, index) => create(site, value('135', `NY-${index}`))));

    expect(sent(site)).toEqual([
      ['POST', '135'],
      'GET',
      ['PUT', 135],
      ...Array.from({ length: 4 }, () => ['POST', 135]),
    ]);
  });

  it('is looked for one after the other until it is known', async () => {
    const site = await testSite([closes, refusedBecause('x'), refusedBecause('x'), made, filled, made]);

    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => create(site, value('135', 'x'))));

    expect(outcomes.map(({ status: outcome }) => outcome)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('tells which object is without its values where they are refused afterwards', async () => {
    const site = await testSite([made, empty, refusedBecause('Invalid Group(s)')]);

    const error = (await errorOf(create(site, value('135', 'secret')))) as RequestRefusedError;

    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error.refusals).toMatchObject([{ attributeId: '135', kind: 'unknown-group' }]);
    expect(error.message).toContain('Object 88 is on the target without these values.');
  });

  it('tells that an object may be without its values where they cannot be set afterwards', async () => {
    const site = await testSite([made, empty, status(500)]);

    const error = await errorOf(create(site, value('135', 'secret')));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toContain('Object 88');
    expect(error.cause).toBeInstanceOf(SiteUnavailableError);
  });
});

describe('The form of attribute ids, when the first write is an update,', () => {
  it('is a text where an empty attribute now has a value', async () => {
    const site = await testSite([empty, put, filled, put]);

    await update(site, value('135', 'NY-1'));
    await update(site, value('135', 'NY-2'));

    expect(sent(site)).toEqual(['GET', ['PUT', '135'], 'GET', ['PUT', '135']]);
  });

  it('is a number where it is still empty', async () => {
    const site = await testSite([empty, put, empty, put, put]);

    await update(site, value('135', 'NY-1'));
    await update(site, value('135', 'NY-2'));

    expect(sent(site)).toEqual(['GET', ['PUT', '135'], 'GET', ['PUT', 135], ['PUT', 135]]);
  });

  it('stays open where it had a value before: both forms are sent', async () => {
    const site = await testSite([filled, put, filled, put, made, filled, made]);

    await update(site, value('135', 'NY-1'));
    await create(site, value('135', 'NY-2'));
    await create(site, value('135', 'NY-3'));

    expect(sent(site)).toEqual(['GET', ['PUT', '135'], 'GET', ['PUT', 135], ['POST', '135'], 'GET', ['POST', '135']]);
  });

  it('does not matter where a number is refused and a text may have been taken', async () => {
    const site = await testSite([filled, put, filled, refusedBecause('x')]);

    await update(site, value('135', 'NY-1'));

    expect(sent(site)).toEqual(['GET', ['PUT', '135'], 'GET', ['PUT', 135]]);
  });

  it('is an ordinary failure where the values cannot be sent as numbers', async () => {
    const site = await testSite([empty, put, empty, status(500)]);

    expect(await errorOf(update(site, value('135', 'NY-1')))).toBeInstanceOf(SiteUnavailableError);
  });

  it('stays a text where the object cannot be read', async () => {
    const site = await testSite([status(403), put, status(403), made, filled]);

    await update(site, value('135', 'NY-1'));
    await create(site, value('135', 'NY-1'));

    expect(sent(site)).toEqual(['GET', ['PUT', '135'], 'GET', ['POST', '135'], 'GET']);
  });
});
