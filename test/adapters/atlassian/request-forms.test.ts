import { describe, expect, it } from 'vitest';
import { OutcomeUnknownError, RequestRefusedError, SiteUnavailableError } from '../../../core/errors.ts';
import type { Id } from '../../../core/model/ids.ts';
import type { SentValues } from '../../../core/ports/assets-writer.ts';
import { closes, json, type Responder, status } from './http-site.ts';
import { errorOf, type TestSite, testSite } from './test-site.ts';

const id = <Kind extends string>(text: string) => text as Id<Kind>;
const type = id<'object type'>('23');
const value = (attributeId: string, ...values: string[]): SentValues => ({ attributeId: id(attributeId), values });
/** Object 7, which has the key ITSM-7. */
const reference: SentValues = {
  attributeId: id('140'),
  values: ['ITSM-7'],
  alternatives: { of: 'object', values: ['7'] },
};
const create = ({ writer }: TestSite, ...values: SentValues[]) => writer.createObject(type, values);
const update = ({ writer }: TestSite, ...values: SentValues[]) => writer.updateObject(id('88'), type, values);

const made = json({ id: '88' }, 201);
const whole = { object: { id: '88' }, unwritten: [] };
const object = (attributes: Record<string, unknown[]>) =>
  json({
    id: '88',
    attributes: Object.entries(attributes).map(([objectTypeAttributeId, objectAttributeValues]) => ({
      objectTypeAttributeId,
      objectAttributeValues,
    })),
  });
const having = (text: string) => object({ '134': [{ value: 'ITSM-88' }], '135': [{ value: text }] });
const empty = object({ '134': [{ value: 'ITSM-88' }], '135': [] });
const pointing = object({ '140': [{ referencedObject: { id: '7', objectKey: 'ITSM-7' }, searchValue: 'ITSM-7' }] });
const put = json({ id: '88' });
const refused = (attributeId: string, text: string) =>
  json({ errorMessages: [], errors: { [`rlabs-insight-attribute-${attributeId}`]: text } }, 400);
const refusedBecause = (text: string) => refused('135', text);

/** What was sent: the method, and the ids of the attributes with their values. */
function sent({ http }: TestSite): string[] {
  return http.requests.map(({ method, body }) => {
    if (body === '') return method;
    const { attributes } = JSON.parse(body) as {
      attributes: { objectTypeAttributeId: unknown; objectAttributeValues: { value: string }[] }[];
    };
    const each = attributes.map(({ objectTypeAttributeId, objectAttributeValues }) =>
      [JSON.stringify(objectTypeAttributeId), ...objectAttributeValues.map((one) => one.value)].join('='),
    );
    return [method, ...each].join(' ');
  });
}

describe('The form of a create', () => {
  it('is the documented one where the object has its values, and is then no question any more', async () => {
    const site = await testSite([made, having('a'), made]);

    expect(await create(site, value('135', 'a'))).toEqual(whole);
    await create(site, value('135', 'b'), value('144', 'c', 'd'));

    expect(sent(site)).toEqual(['POST "135"=a', 'GET', 'POST "135"=b "144"=c=d']);
    expect(JSON.parse(site.http.requests[2]?.body ?? '')).toEqual({
      objectTypeId: '23',
      attributes: [
        { objectTypeAttributeId: '135', objectAttributeValues: [{ value: 'b' }] },
        { objectTypeAttributeId: '144', objectAttributeValues: [{ value: 'c' }, { value: 'd' }] },
      ],
    });
    expect(site.writer.requests()).toMatchObject({ 'object-create': 2, object: 1, retries: 0 });
  });

  it('is a number where a number was seen to arrive', async () => {
    const site = await testSite([made, empty, put, having('a'), made, put]);

    expect(await create(site, value('135', 'a'))).toEqual(whole);
    await create(site, value('135', 'b'));
    await update(site, value('135', 'c'));

    expect(sent(site)).toEqual(['POST "135"=a', 'GET', 'PUT 135=a', 'GET', 'POST 135=b', 'PUT 135=c']);
  });

  it('is not believed because it was answered 201 after another was refused', async () => {
    const site = await testSite([status(400), made, empty, put, having('a'), made]);

    expect(await create(site, value('135', 'a'))).toEqual(whole);
    await create(site, value('135', 'b'));

    // The refusal named nothing, so the text is tried once more.
    expect(sent(site)).toEqual(['POST "135"=a', 'POST 135=a', 'GET', 'PUT "135"=a', 'GET', 'POST "135"=b']);
  });

  it('is found out once for each spelling, where the first is right', async () => {
    const site = await testSite([made, having('a'), made, pointing, made]);

    await create(site, value('135', 'a'));
    await create(site, reference);
    await create(site, reference);

    expect(sent(site)).toEqual(['POST "135"=a', 'GET', 'POST "140"=ITSM-7', 'GET', 'POST "140"=ITSM-7']);
  });

  it('holds no attribute that stands already, when it is sent once more', async () => {
    const both = object({ '135': [{ value: 'a' }], '140': [{ searchValue: 'ITSM-7' }] });
    const site = await testSite([made, having('a'), put, both, made]);

    expect(await create(site, value('135', 'a'), reference)).toEqual(whole);
    await create(site, reference);

    expect(sent(site)).toEqual(['POST "135"=a "140"=ITSM-7', 'GET', 'PUT "140"=7', 'GET', 'POST "140"=7']);
  });

  it('stays open where all are refused: the refusal is the one that the form explains least', async () => {
    const site = await testSite([
      refusedBecause('Name is required'),
      refusedBecause('User(s) not found in jira'),
      made,
      having('b'),
      made,
    ]);

    const error = (await errorOf(create(site, value('135', 'a')))) as RequestRefusedError;
    await create(site, value('135', 'b'));
    await create(site, value('135', 'c'));

    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error.refusals).toMatchObject([{ kind: 'unknown-user' }]);
    expect(sent(site)).toEqual(['POST "135"=a', 'POST 135=a', 'POST "135"=b', 'GET', 'POST "135"=c']);
  });

  it('stays open where nobody knows what became of the first write', async () => {
    for (const answers of [[closes], [refusedBecause('x'), status(500)]]) {
      const site = await testSite([...answers, made, empty, put, having('b'), made]);

      expect(await errorOf(create(site, value('135', 'a')))).toBeInstanceOf(OutcomeUnknownError);
      await create(site, value('135', 'b'));
      await create(site, value('135', 'c'));

      expect(sent(site).slice(answers.length)).toEqual(['POST "135"=b', 'GET', 'PUT 135=b', 'GET', 'POST 135=c']);
    }
  });

  it.each<[string, Responder]>([
    ['is not found', status(404)],
    ['may not be read', status(403)],
    ['comes without attributes', json({ id: '88' })],
  ])('is not assumed where the object %s: its values are named as not seen', async (_case, answer) => {
    const site = await testSite([made, answer, made, having('b'), made]);

    expect(await create(site, value('135', 'a'))).toEqual({ object: { id: '88' }, unwritten: ['135'] });
    expect(await create(site, value('135', 'b'))).toEqual(whole);
    await create(site, value('135', 'c'));

    expect(sent(site)).toEqual(['POST "135"=a', 'GET', 'POST "135"=b', 'GET', 'POST "135"=c']);
  });

  it('is looked for ever more seldom where nothing ever tells', async () => {
    const site = await testSite([
      ...Array.from({ length: 8 }, () => [made, status(403)]).flat(),
      ...Array.from({ length: 16 }, () => made),
      made,
      status(403),
      made,
    ]);

    for (let index = 0; index < 26; index += 1) await create(site, value('135', 'x'));

    const looks = sent(site).flatMap((what, index) => (what === 'GET' ? [index] : []));
    expect(looks).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 33]);
  });

  it('is not looked for where there is no value, or no id that could be a number', async () => {
    const site = await testSite([made]);

    await create(site);
    await create(site, value('135'), value('136', ''));
    await create(site, value('a-uuid', 'x'), value('99999999999999999999', 'x'));

    expect(sent(site)).toEqual(['POST', 'POST "135" "136"=', 'POST "a-uuid"=x "99999999999999999999"=x']);
  });

  it('is never a number for an id that is none', async () => {
    const site = await testSite([refusedBecause('x'), made, having('x')]);

    await create(site, value('135', 'x'), value('a-uuid', 'y'));

    expect(sent(site).slice(0, 2)).toEqual(['POST "135"=x "a-uuid"=y', 'POST 135=x "a-uuid"=y']);
  });

  it('is found out by one write, while the others wait', async () => {
    const site = await testSite([made, empty, put, having('x'), made]);

    await Promise.all(Array.from({ length: 5 }, () => create(site, value('135', 'x'))));

    expect(sent(site)).toEqual([
      'POST "135"=x',
      'GET',
      'PUT 135=x',
      'GET',
      ...Array.from({ length: 4 }, () => 'POST 135=x'),
    ]);
  });

  it('is looked for one after the other until it is known', async () => {
    const site = await testSite([closes, refusedBecause('x'), refusedBecause('x'), made, having('x'), made]);

    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => create(site, value('135', 'x'))));

    expect(outcomes.map(({ status: outcome }) => outcome)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it.each<[string, Responder]>([
    ['are refused', refusedBecause('User(s) not found in jira')],
    ['may not be written', status(403)],
    ['meet a site that fails', status(500)],
  ])('loses no object whose values %s after it was made', async (_case, answer) => {
    const site = await testSite([made, empty, answer]);

    expect(await create(site, value('135', 'a'))).toEqual({ object: { id: '88' }, unwritten: ['135'] });

    expect(sent(site).filter((what) => what.startsWith('POST'))).toHaveLength(1);
  });
});

describe('The form of an update', () => {
  it('is a text where an empty attribute now has a value', async () => {
    const site = await testSite([empty, put, having('a'), put]);

    await update(site, value('135', 'a'));
    await update(site, value('135', 'b'));

    expect(sent(site)).toEqual(['GET', 'PUT "135"=a', 'GET', 'PUT "135"=b']);
  });

  it('is a text where another value stood there before', async () => {
    const site = await testSite([having('old'), put, having('a'), put]);

    await update(site, value('135', 'a'));
    await update(site, value('135', 'b'));

    expect(sent(site)).toEqual(['GET', 'PUT "135"=a', 'GET', 'PUT "135"=b']);
  });

  it('is a number where only that changed something', async () => {
    const site = await testSite([having('old'), put, having('old'), put, having('a'), put]);

    await update(site, value('135', 'a'));
    await update(site, value('135', 'b'));

    expect(sent(site)).toEqual(['GET', 'PUT "135"=a', 'GET', 'PUT 135=a', 'GET', 'PUT 135=b']);
  });

  it('can be told by a value that is cleared', async () => {
    const site = await testSite([having('old'), put, having('old'), put, empty, put]);

    await update(site, value('135'));
    await update(site, value('135', 'b'));

    expect(sent(site)).toEqual(['GET', 'PUT "135"', 'GET', 'PUT 135', 'GET', 'PUT 135=b']);
  });

  it('stays open where the values stood before: nothing is sent', async () => {
    const site = await testSite([having('a'), made, having('b'), made]);

    await update(site, value('135', 'a'));
    await create(site, value('135', 'b'));
    await create(site, value('135', 'c'));

    expect(sent(site)).toEqual(['GET', 'POST "135"=b', 'GET', 'POST "135"=c']);
  });

  it('stays open where the site may have spelt the value that it had in its own way', async () => {
    const site = await testSite([having('09:00:00'), put, having('09:00:00'), refusedBecause('x')]);

    await update(site, value('135', '9:00'));

    expect(sent(site)).toEqual(['GET', 'PUT "135"=9:00', 'GET', 'PUT 135=9:00']);
  });

  it('is a refusal where the values surely do not stand', async () => {
    const site = await testSite([empty, put, empty, refusedBecause('User(s) not found in jira')]);

    const error = (await errorOf(update(site, value('135', 'a')))) as RequestRefusedError;

    expect(error.refusals).toMatchObject([{ attributeId: '135', kind: 'unknown-user' }]);
  });

  it('does not matter where the site fails', async () => {
    const site = await testSite([empty, put, empty, status(500)]);

    expect(await errorOf(update(site, value('135', 'a')))).toBeInstanceOf(SiteUnavailableError);
  });

  it('is told by the second reading where the first one failed', async () => {
    const site = await testSite([status(403), put, object({}), put, pointing, put]);

    await update(site, reference);
    await update(site, reference);

    expect(sent(site)).toEqual(['GET', 'PUT "140"=ITSM-7', 'GET', 'PUT 140=ITSM-7', 'GET', 'PUT 140=ITSM-7']);
  });
});
