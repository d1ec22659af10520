import { describe, expect, it } from 'vitest';
import { endpointClasses } from '../../core/model/request-budget.ts';
import type { PlanSummary } from '../../core/model/restore.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import { backUp, RunningClock, settingsFor, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { undo } from './undo-run.ts';

/** Time goes on while requests are on their way, so that a few more may arrive in a minute than were sent in one. */
const onTheirWay = 6;

describe('the request budget', () => {
  it('of 1,000 a minute and endpoint is used to 95 %, and never passed, also from one invocation to the next', async () => {
    const clock = new RunningClock();
    const site = largeSite({ objects: 5_000, types: 20, historyEntries: 0, shareWithComments: 0.01 });
    const simulator = await testSimulator({ site, clock, limits: { default: 1_000 } });
    const byClass = Object.fromEntries(endpointClasses.map((name) => [name, 1_000]));
    const run = await backUp(simulator, {
      clock,
      requestTimeoutMilliseconds: 60_000,
      site: { requestBudget: { total: 10_000, byClass } },
    });
    expect(run.result?.status).toBe('complete');
    expect(simulator.requests.rejected).toBe(0);
    for (const endpoint of ['history', 'comments', 'object-aql', 'totalcount'] as const) {
      expect(simulator.requests.busiestWindow(endpoint), endpoint).toBeLessThanOrEqual(1_000);
    }
    for (const endpoint of ['history', 'comments'] as const) {
      // Comments are asked for beforehand to find out whether the site has them.
      const arrivals = simulator.requests.arrivals(endpoint).slice(endpoint === 'comments' ? 1 : 0);
      const minutes = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 60_000;
      expect(arrivals.length, endpoint).toBe(5_000);
      expect(arrivals.length / minutes / 1_000, endpoint).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('holds in total where that is the smaller one', async () => {
    const clock = new RunningClock();
    const site = largeSite({ objects: 300, types: 3, historyEntries: 0 });
    const simulator = await testSimulator({ site, clock, limits: { overall: 120 + onTheirWay } });
    const run = await backUp(simulator, {
      clock,
      requestTimeoutMilliseconds: 60_000,
      site: { requestBudget: { total: 120, byClass: { history: 1_000, comments: 1_000 } } },
    });
    expect(run.result?.status).toBe('complete');
    expect(simulator.requests.rejected).toBe(0);
  });

  it('holds in total for what a restore and its undo read and write together', async () => {
    const total = 120;
    const site = largeSite({ objects: 80, types: 2, historyEntries: 1, shareWithComments: 0.5 });
    const { directory, result } = await backUp(await testSimulator({ site }));
    const clock = new RunningClock();
    const simulator = await testSimulator({
      site: emptySiteLike(site),
      clock,
      limits: { overall: total + onTheirWay },
    });
    const options = { clock, settings: settingsFor(simulator, { requestBudget: { total } }) };
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '' }, options);
    expect(restored.result?.outcome).toBe('restored');
    const line = { undo: restored.result?.restore ?? '' };
    const { result: planned } = await undo(simulator, directory, line, options);
    const undone = await undo(simulator, directory, { ...line, approve: planned?.hash ?? null }, options);
    expect(undone.error).toBeUndefined();
    expect(simulator.site.objects.size).toBe(0);
    expect(simulator.requests.rejected).toBe(0);
  });

  it('in total is what the stated times of a restore and of its undo go by, where that is the smaller one', async () => {
    const total = 60;
    const site = largeSite({ objects: 200, types: 2, historyEntries: 1 });
    const { directory, result } = await backUp(await testSimulator({ site }));
    const simulator = await testSimulator({ site: emptySiteLike(site) });
    const settings = settingsFor(simulator, { requestBudget: { total } });
    const { plan } = await restore(simulator, directory, { folder: result?.backup ?? '' }, { settings });
    const { plan: undoing } = await undo(simulator, directory, { undo: plan?.restore ?? '' }, { settings });
    for (const { requests = 0, minutes } of [plan ?? {}, undoing ?? {}] as PlanSummary[]) {
      expect(requests).toBeGreaterThan(400);
      expect(minutes).toBeGreaterThanOrEqual(requests / total);
    }
  });
});
