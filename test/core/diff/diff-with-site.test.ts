import { describe, expect, it } from 'vitest';
import { diffWithSite } from '../../../core/diff/diff-with-site.ts';
import type { SiteDiffAnswer } from '../../../core/diff/site-diff.ts';
import { step } from '../../../functions/operations/diff-with-site.ts';
import type { StoredObject } from '../../../simulator/site/records.ts';
import { backUp, testSimulator } from '../../end-to-end/local-run.ts';
import { companySite } from '../../end-to-end/restore-company.ts';
import { operationServices } from '../operations/operation-services.ts';

/** A company's backup, since which an object was deleted, one was changed, and one is new. */
async function prepared(others: Parameters<typeof operationServices>[1] = {}) {
  const { site, laptops, docks } = companySite();
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator, { activity: false });
  site.deleteObject(laptops[0] as StoredObject);
  site.updateObject(laptops[2] as StoredObject, { Note: 'other' });
  site.createObject({ type: docks, name: 'New' });
  const { services } = operationServices(simulator, { directory, ...others });
  const request = { diff: 'one', backup: result?.backup ?? '', filters: {} };
  return { simulator, services, request };
}

describe('an invocation of a comparison', () => {
  it('that is made again, because its answer was lost, gives the same answer, and asks the site nothing', async () => {
    const { simulator, services, request } = await prepared({ remainingMilliseconds: () => 0 });
    const answers: SiteDiffAnswer[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const answer: SiteDiffAnswer = await diffWithSite(services, { ...request, from });
      const before = simulator.requests.total;
      expect(await diffWithSite(services, { ...request, from })).toEqual(answer);
      expect(simulator.requests.total).toBe(before);
      answers.push(answer);
      from = answer.next;
    }
    expect(answers.length).toBeGreaterThan(8);
    expect(answers.at(-1)?.summary).toMatchObject({ isEqual: false });
    const compared = answers.map((answer) => answer.compared);
    expect(compared).toEqual(compared.toSorted((one, other) => one - other));
    expect(answers.at(-1)).toMatchObject({ compared: 9, expected: 9 });
  });

  it('that died before it left anything is made again as if it had not been', async () => {
    const { services, request } = await prepared({ remainingMilliseconds: () => 0 });
    const { work } = services;
    const died = new Set<string>();
    const dying = Object.assign(Object.create(work), {
      read: (key: string) => work.read(key),
      list: (prefix: string) => work.list(prefix),
      write: async (key: string, text: string) => {
        if (key.includes('/progress/') && !died.has(key)) {
          died.add(key);
          throw new Error('dies');
        }
        await work.write(key, text);
      },
    });
    let answer: SiteDiffAnswer | undefined;
    for (let from: number | null = 0; from !== null; ) {
      const again: number = from;
      answer = await diffWithSite({ ...services, work: dying }, { ...request, from }).catch(() => undefined);
      from = answer === undefined ? again : answer.next;
    }
    expect(died.size).toBeGreaterThan(8);
    const lines = await Promise.all((answer?.files ?? []).map(async (file) => (await work.read(file))?.text ?? ''));
    const changes = lines.join('').trimEnd().split('\n');
    // The peer of the one that is gone has lost a reference.
    expect(changes.map((line) => (JSON.parse(line) as { change: string }).change).toSorted()).toEqual([
      ...['added', 'changed', 'changed', 'removed'],
    ]);
    expect(answer?.summary?.objects.reduce((sum, { same }) => sum + same, 0)).toBe(6);
  });

  it('of the stack hands back after a minute', async () => {
    let now = Date.now();
    // It goes on at each look, and each request looks several times.
    const clock = { now: () => (now += 500), sleep: async () => {} };
    const { services, request } = await prepared({ clock });
    const answers: SiteDiffAnswer[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const began = now;
      const answer = (await step.invoke(services, { ...request, from })) as unknown as SiteDiffAnswer;
      // What was begun is done; nothing is begun after it.
      expect(now - began).toBeLessThan(120_000);
      answers.push(answer);
      from = answer.next;
    }
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.at(-1)?.summary).toMatchObject({ isEqual: false });
  });
});
