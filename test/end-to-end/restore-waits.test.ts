import { describe, expect, it } from 'vitest';
import type { EndpointName } from '../../simulator/http/endpoint.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

describe('a restore that waits', () => {
  it.each<[EndpointName, RegExp, number]>([
    ['object-create', /^for the search of the target to show new objects \(what became of creates/, 60],
    ['objecttype-create', /^for the target to show what it may have made/, 60],
    ['comment-create', /^for the target to show comments/, 60],
  ])(
    'after a lost answer of %s says what for and until when, and when that is over',
    async (endpoint, what, seconds) => {
      const { site } = companySite();
      const { directory, result } = await backUp(await testSimulator({ site }));
      const target = await testSimulator({ site: emptySiteLike(site) });
      target.faults.add({ endpoint, skip: 1, times: 1, workDone: true, fault: { kind: 'close' } });
      const before = Date.now();
      const { reporter, error } = await restore(target, directory, { folder: result?.backup ?? '' });
      expect(error).toBeUndefined();
      const waits = reporter.events.filter(({ name }) => name === 'run.waiting');
      expect(waits.length).toBeGreaterThan(0);
      for (const { fields } of waits) {
        expect(fields.what).toMatch(what);
        // The clock of these tests hurries ahead of the true one, and never lags behind it.
        expect(Date.parse(String(fields.until))).toBeGreaterThanOrEqual(before + seconds * 1000);
      }
      const ends = reporter.events.filter(({ name }) => name === 'run.waited').map(({ fields }) => fields);
      expect(ends).toEqual(waits.map(({ fields }) => fields));
    },
  );

  it('says so once more where the search takes longer', async () => {
    const { site } = companySite();
    const { directory, result } = await backUp(await testSimulator({ site }));
    const target = await testSimulator({ site: emptySiteLike(site) });
    target.faults.add({
      endpoint: 'object-aql',
      match: ({ body }) => JSON.stringify(body).includes('objectId = '),
      times: 1,
      fault: { kind: 'drop-item', index: 0 },
    });
    target.faults.add({ endpoint: 'object-create', skip: 2, times: 1, workDone: true, fault: { kind: 'close' } });
    const { reporter } = await restore(target, directory, { folder: result?.backup ?? '' });
    const waits = reporter.events.filter(({ name }) => name === 'run.waiting').map(({ fields }) => String(fields.what));
    expect(waits[0]).toMatch(/^for the search/);
    expect(waits[1]).toMatch(/^at most for the search of the target, which does not show the newest/);
  });
});
