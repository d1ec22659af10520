import { describe, expect, it } from 'vitest';
import { ringsSite } from '../../bench/seeds/rings.ts';
import { endpointClasses } from '../../core/model/request-budget.ts';
import type { AssetsWriter } from '../../core/ports/assets-writer.ts';
import type { Services } from '../../core/ports/services.ts';
import type { ObjectJournalFile } from '../../core/restore/id-map/object-journal.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, RunningClock, testSimulator } from './local-run.ts';
import { type FinishedRestore, restore } from './restore-run.ts';

/** A backup of a site whose every object has a history, and some a comment, and an empty one to restore it to. */
async function prepared(
  site: SimulatedSite = largeSite({ objects: 400, types: 4, historyEntries: 1, shareWithComments: 0.3 }),
) {
  const { directory, result } = await backUp(await testSimulator({ site }));
  const target = emptySiteLike(site);
  const simulator = await testSimulator({ site: target });
  const run = (options: Parameters<typeof restore>[3] = {}) =>
    restore(simulator, directory, { folder: result?.backup ?? '' }, options);
  const expectEqual = ({ error, report, objects }: FinishedRestore) => {
    expect(error).toBeUndefined();
    expect(report?.losses).toEqual([]);
    expect(report?.differences).toEqual([]);
    expect(compareSites(site, target, { objects, history: true })).toEqual([]);
  };
  return { site, target, simulator, run, expectEqual };
}

type Sent = 'createObject' | 'updateObject' | 'createComment';

/** Notes in which order a restore writes, and whether a journal that is saved says of each object with a comment that it is made. */
class Watcher {
  readonly sent: Sent[] = [];
  readonly unsaved: string[] = [];
  readonly #saved = new Set<string>();

  readonly decorate = (services: Services): Services => {
    const { work, site } = services;
    const written = (key: string, text: string) => {
      if (!key.includes('/objects/')) return;
      const { entries } = JSON.parse(text) as ObjectJournalFile;
      for (const entry of Object.values(entries)) if (entry.state === 'created') this.#saved.add(entry.target);
    };
    return {
      ...services,
      work: {
        ...{ read: (key) => work.read(key), list: (prefix) => work.list(prefix) },
        ...{ write: (key, text) => work.write(key, text), create: (key, text) => work.create(key, text) },
        addressOf: (key) => work.addressOf(key),
        replace: async (key, text, version) => {
          const next = await work.replace(key, text, version);
          written(key, text);
          return next;
        },
      },
      site: {
        ...{ discover: () => site.discover(), reader: (...words) => site.reader(...words) },
        issuesReader: (...words) => site.issuesReader(...words),
        issuesWriter: (...words) => site.issuesWriter(...words),
        writer: (...words) => this.#watched(site.writer(...words)),
      },
    };
  };

  #watched(writer: AssetsWriter): AssetsWriter {
    return new Proxy(writer, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...words: unknown[]) => {
          if (name === 'createObject' || name === 'updateObject' || name === 'createComment') this.sent.push(name);
          if (name === 'createComment' && !this.#saved.has(String(words[0]))) this.unsaved.push(String(words[0]));
          return Reflect.apply(value, target, words) as unknown;
        };
      },
    });
  }
}

const posts = ({ requests }: Simulator, ending: RegExp) =>
  requests.writes.filter(({ method, path }) => method === 'POST' && ending.test(path));
/** So many comments are under way at most. */
const atOnce = 32;
const comments = /\/comment\/create$/;
const creates = /\/object\/create$/;

describe('comments', () => {
  it('follow their objects while others are made, each when the journal that tells of its object is saved', async () => {
    const { run, expectEqual } = await prepared();
    const watcher = new Watcher();
    expectEqual(await run({ decorate: watcher.decorate }));
    expect(watcher.sent.indexOf('createComment')).toBeLessThan(watcher.sent.lastIndexOf('createObject'));
    expect(watcher.unsaved).toEqual([]);
  });

  it('are planned once, however many steps write them, and have the last of these for themselves', async () => {
    const planned: [count: number, isBeside: boolean][] = [];
    const { run } = await prepared();
    const { reporter } = await run({
      decorate: (services) => ({
        ...services,
        reporter: {
          planned(stage, count, isBeside = false) {
            if (stage === 'comments') planned.push([count, isBeside]);
            services.reporter.planned(stage, count);
          },
          advanced: (stage, count) => services.reporter.advanced(stage, count),
          requested: (of) => services.reporter.requested(of),
          event: (...words) => services.reporter.event(...words),
        },
      }),
    });
    expect(planned).toEqual([
      [400, true],
      [0, false],
    ]);
    expect(reporter.advancedCounts.comments).toBe(400);
  });

  it('go on while references are linked', async () => {
    const site = ringsSite({ rings: 300 });
    for (const object of site.objects.all()) site.addComment({ object, text: `<p>on ${site.label(object)}</p>` });
    const { run, expectEqual } = await prepared(site);
    const watcher = new Watcher();
    expectEqual(await run({ decorate: watcher.decorate }));
    const linking = watcher.sent.slice(watcher.sent.indexOf('updateObject'), watcher.sent.lastIndexOf('updateObject'));
    expect(linking).toContain('createComment');
    expect(watcher.unsaved).toEqual([]);
  });

  it('are each written once, and each loss of them told once, wherever steps run short of time', async () => {
    const { site, target, simulator, run } = await prepared();
    const stop = simulator.faults.add({
      endpoint: 'comment-create',
      match: ({ body }) => JSON.stringify(body).includes('number 7'),
      fault: { kind: 'status', status: 400 },
    });
    let looks = 0;
    const remainingMilliseconds = () => {
      looks += 1;
      return looks % 7 === 0 ? 0 : 10_000_000;
    };
    const restored = await run({ remainingMilliseconds });
    stop();
    expect(restored.error).toBeUndefined();
    const lost = posts(simulator, comments).filter(({ status }) => status === 400).length;
    expect(lost).toBeGreaterThan(0);
    expect(restored.report?.losses.filter(({ kind }) => kind === 'comment')).toHaveLength(lost);
    const wanted = [...site.objects.all()].reduce((sum, { id }) => sum + site.commentsOf(id).length + 1, 0);
    const written = [...target.objects.all()].reduce((sum, { id }) => sum + target.commentsOf(id).length, 0);
    expect(written + lost).toBe(wanted);
  });

  it('that fail cost no object: all are made and linked before the restore ends, and the next one writes the comments', async () => {
    const { site, target, simulator, run, expectEqual } = await prepared();
    const stop = simulator.faults.add({ endpoint: 'comment-create', fault: { kind: 'status', status: 401 } });
    const failed = await run();
    stop();
    expect(failed.error).toMatchObject({ name: 'LoginRefusedError' });
    expect(target.objects.size).toBe(site.objects.size);
    const before = posts(simulator, creates).length;
    expectEqual(await run());
    expect(posts(simulator, creates)).toHaveLength(before);
  });

  it('end with the creates that fail: nothing is sent after that, and nothing is written twice by the next restore', async () => {
    const { simulator, run, expectEqual } = await prepared();
    const isLate = () => posts(simulator, creates).length > 250;
    const stop = simulator.faults.add({
      endpoint: 'object-create',
      match: isLate,
      fault: { kind: 'status', status: 401 },
    });
    const failed = await run();
    const sent = simulator.requests.writes.length;
    expect(failed.error).toMatchObject({ name: 'LoginRefusedError' });
    expect(posts(simulator, comments).length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(simulator.requests.writes).toHaveLength(sent);
    stop();
    expectEqual(await run());
  });

  it('are asked of a site that has none by as few requests as by one step', async () => {
    const { simulator, run } = await prepared();
    simulator.faults.add({ endpoint: 'comment-create', fault: { kind: 'status', status: 404 } });
    const { error, report } = await run();
    expect(error).toBeUndefined();
    // Three refusals say it, and two of these make room for others.
    expect(posts(simulator, comments).length).toBeLessThanOrEqual(atOnce + 2);
    expect(report?.losses.filter(({ kind }) => kind === 'comment').length).toBeGreaterThan(400);
  });

  it('use their budget to 90 % from the first to the last, while objects are made within theirs', async () => {
    const limit = 1_000;
    const site = largeSite({ objects: 1_500, types: 5, attributes: 2, historyEntries: 1 });
    const { directory, result } = await backUp(await testSimulator({ site }));
    const clock = new RunningClock();
    const simulator = await testSimulator({
      site: emptySiteLike(site),
      clock,
      limits: { default: limit, perEndpoint: { 'object-create': 2 * limit } },
    });
    const byClass = { ...Object.fromEntries(endpointClasses.map((name) => [name, limit])), 'object-create': 2 * limit };
    const restored = await restore(
      simulator,
      directory,
      { folder: result?.backup ?? '' },
      { clock, requestTimeoutMilliseconds: 60_000, site: { requestBudget: { total: 10_000, byClass } } },
    );
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 1_500, comments: 1_500 });
    expect(simulator.requests.rejected).toBe(0);
    const arrivals = simulator.requests.arrivals('comment-create');
    const minutes = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 60_000;
    expect(simulator.requests.busiestWindow('comment-create')).toBeLessThanOrEqual(limit);
    expect(simulator.requests.busiestWindow('object-create')).toBeLessThanOrEqual(2 * limit);
    expect(arrivals.length / minutes / limit).toBeGreaterThanOrEqual(0.9);
    const created = simulator.requests.arrivals('object-create');
    expect(arrivals[0]).toBeLessThan((created[0] ?? 0) + 60_000);
  });
});
