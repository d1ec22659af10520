import { setTimeout as passed } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ObjectTypeId } from '../../../core/model/ids.ts';
import { PageSweep } from '../../../core/reading/page-sweep.ts';
import { json, type ReceivedRequest, type Responder, status } from './http-site.ts';
import { errorOf, testSite } from './test-site.ts';

const objects = 12_000;
const typeId = (number: number) => String(number) as ObjectTypeId;

function answerTo({ url, body }: ReceivedRequest): object {
  if (url.includes('totalcount')) return { totalCount: Number(/objectTypeId = (\d+)/.exec(body)?.[1]) };
  const { searchParams } = new URL(url, 'http://site');
  const [from = 0, size = 0] = ['startAt', 'maxResults'].map((name) => Number(searchParams.get(name)));
  const length = Math.min(size, objects - from);
  const values = Array.from({ length }, (_, index) => ({ id: `${from + index + 1}`, attributes: [] }));
  return { values, isLast: from + size >= objects };
}

/** A site that works on so many requests at once, each of them for a while, and refuses the others. */
function taking(most: number) {
  const seen = { underWay: 0, refused: 0 };
  const answer: Responder = async (response, request) => {
    if (seen.underWay >= most) {
      seen.refused += 1;
      status(429)(response, request);
      return;
    }
    seen.underWay += 1;
    await passed(20);
    seen.underWay -= 1;
    json(answerTo(request))(response, request);
  };
  return { answer, seen };
}

describe('A site that takes few requests at once', () => {
  it.each([1, 2, 3])('(%i) gives all pages of a type, and has to refuse few', async (most) => {
    const { answer, seen } = taking(most);
    const { reader } = await testSite([answer]);
    const ids: string[] = [];
    const sweep = new PageSweep(reader, { objectTypeId: typeId(1) }, { expected: objects });

    const end = await sweep.run({ take: ({ id }) => ids.push(String(id)), mayGoOn: () => true });

    expect(end).toBe('reached-the-end');
    expect(ids).toEqual(Array.from({ length: objects }, (_, index) => `${index + 1}`));
    expect(seen.refused).toBeLessThan(10);
  });

  it('answers all that were asked together, whatever they ask', async () => {
    const { answer, seen } = taking(1);
    const { reader } = await testSite([answer]);
    const numbers = Array.from({ length: 24 }, (_, index) => index);

    const counts = await Promise.all(numbers.map((number) => reader.countObjects({ objectTypeId: typeId(number) })));

    expect(counts).toEqual(numbers);
    // Once all together, and then each now and again.
    expect(seen.refused).toBeLessThan(60);
  });

  it('holds up nobody by a request that is refused to the end', async () => {
    const answer: Responder = (response, request) =>
      request.body.includes('objectTypeId = 7')
        ? status(429)(response, request)
        : json(answerTo(request))(response, request);
    const { reader } = await testSite([answer]);
    const asked = Array.from({ length: 20 }, (_, index) =>
      reader.countObjects({ objectTypeId: typeId(index % 4 === 0 ? 7 : index) }).catch(({ name }) => name),
    );

    const counts = await Promise.all(asked);

    expect(counts.filter((count) => count === 'RateLimitedError').length).toBeGreaterThanOrEqual(5);
    expect(counts.filter((count) => typeof count === 'number').length).toBeGreaterThanOrEqual(14);
  });

  it('lets all end with the run that wait behind one', async () => {
    const run = new AbortController();
    let requests = 0;
    const answer: Responder = (response, request) => {
      requests += 1;
      if (requests <= 3) status(429)(response, request);
      else run.abort();
    };
    const { reader } = await testSite([answer], { signal: run.signal });

    const errors = await Promise.all(
      [1, 2, 3].map((number) => errorOf(reader.countObjects({ objectTypeId: typeId(number) }))),
    );

    expect(errors.map(({ name }) => name)).toEqual(Array(3).fill('InterruptedError'));
  });
});
