import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { dyingRun } from './dying-run.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { HurriedClock, testDirectory, testSimulator } from './local-run.ts';
import { afterAccident, linkedSite, relink } from './relink-run.ts';
import { restore } from './restore-run.ts';
import { undo } from './undo-run.ts';

type Deed = (site: Site, decorate: (services: Services) => Services) => Promise<{ error?: Error }>;

interface Site {
  readonly simulator: Awaited<ReturnType<typeof testSimulator>>;
  readonly directory: string;
  readonly site: SimulatedSite;
  readonly clock: HurriedClock;
}

const quirks: Partial<Quirks> = { issueFieldsOfDeleted: 'kept' };

/** A state that every try begins with anew. */
class Beginning {
  readonly #directory: string;
  readonly #dump: string;
  /** Of the restore that stands in it. */
  readonly restored: string;
  readonly backup: string;

  constructor(directory: string, site: SimulatedSite, names: { readonly backup: string; readonly restored: string }) {
    this.#directory = testDirectoryCopy(directory);
    this.#dump = dumpSite(site);
    this.restored = names.restored;
    this.backup = names.backup;
  }

  async open(): Promise<Site> {
    const clock = new HurriedClock(Date.UTC(2027, 0, 2));
    const site = siteOfDump(this.#dump);
    const simulator = await testSimulator({ site, quirks, clock });
    return { simulator, directory: testDirectoryCopy(this.#directory), site, clock };
  }
}

function testDirectoryCopy(directory: string): string {
  const copy = testDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** What people see: the names of the objects by issue and field. */
function seen(site: SimulatedSite): string {
  const names = (ids: readonly string[]) =>
    ids.map((id) => {
      const object = site.objects.get(Number(id));
      return object ? site.label(object) : 'gone';
    });
  const issues = [...site.issues.all()].map(({ key, values }) => [
    key,
    [...values].map(([id, ids]) => [id, names(ids)]),
  ]);
  return JSON.stringify([issues, [...site.objects.all()].map((object) => site.label(object)).toSorted()]);
}

const writesOf = (site: SimulatedSite) => [...site.issues.all()].map(({ changes }) => changes.length);

async function beginning(relinkIssues: boolean): Promise<Beginning> {
  const linked = linkedSite({ offices: 3, issues: 7 });
  const { simulator, directory, backup, site } = await afterAccident(linked, { quirks });
  if (!relinkIssues) {
    const { result } = await restore(simulator, directory, { folder: backup });
    return new Beginning(directory, site, { backup, restored: result?.restore ?? '' });
  }
  const { result } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
  return new Beginning(directory, site, { backup, restored: result?.restore ?? '' });
}

/** Dies at each of these writes, goes on by the same line, and ends as a run that nobody disturbs; no issue is written twice. */
async function diesEverywhere(begin: Beginning, deed: Deed, isMeant: (name: string) => boolean, mostWrites: number) {
  const whole = await begin.open();
  const counting = new Killer();
  expect((await deed(whole, counting.decorate)).error).toBeUndefined();
  const [end, before] = [seen(whole.site), writesOf((await begin.open()).site)];
  expect(end).not.toBe(seen((await begin.open()).site));
  const places = counting.names.flatMap((name, index) => (isMeant(name) ? [index + 1] : []));
  expect(places.length).toBeGreaterThan(3);
  for (const at of places) {
    for (const moment of ['before', 'after', 'answered'] satisfies Moment[]) {
      const place = `${moment} write ${at}, ${counting.names[at - 1]}`;
      const tried = await dyingRun(at, moment, async (killer) => {
        const site = await begin.open();
        site.simulator.faults.add(killer.cutsOff);
        await deed(site, killer.decorate);
        return site;
      });
      tried.simulator.faults.clear();
      // Whoever starts it again knows that it has ended.
      await tried.clock.sleep(120_000);
      expect((await deed(tried, (services) => services)).error, place).toBeUndefined();
      expect(seen(tried.site), place).toBe(end);
      const times = writesOf(tried.site).map((count, index) => count - (before[index] ?? 0));
      expect(Math.max(...times), place).toBeLessThanOrEqual(mostWrites);
    }
  }
}

const isOfIssues = (name: string) => name === 'setObjects' || /journals\/.*\/issues\/|\/relink\//.test(name);

describe('a linking of issues that is killed', { timeout: 240_000 }, () => {
  it('at any write of its own, goes on alone and writes nothing twice', async () => {
    const begin = await beginning(false);
    await diesEverywhere(
      begin,
      ({ simulator, directory, clock }, decorate) =>
        relink(simulator, directory, { relink: begin.restored }, { decorate, clock }),
      isOfIssues,
      1,
    );
  });

  it('goes on after a restore that died while it did', async () => {
    const linked = linkedSite({ offices: 3, issues: 5 });
    const { directory, backup, site } = await afterAccident(linked, { quirks });
    const begin = new Beginning(directory, site, { backup, restored: '' });
    await diesEverywhere(
      begin,
      ({ simulator, directory, clock }, decorate) =>
        restore(simulator, directory, { folder: backup, relinkIssues: true }, { decorate, clock }),
      (name) => name === 'setObjects' || /journals\/.*\/issues\//.test(name),
      1,
    );
  });

  it('and an undo of it, which dies at a write to issues', async () => {
    const begin = await beginning(true);
    await diesEverywhere(
      begin,
      async ({ simulator, directory, clock }, decorate) => {
        const what = { undo: begin.restored };
        const { result, error } = await undo(simulator, directory, what, { decorate, clock });
        if (error || result?.outcome !== 'needs-approval') return error ? { error } : {};
        return undo(simulator, directory, { ...what, approve: result.hash }, { decorate, clock });
      },
      (name) => name === 'setObjects' || /undo\/done-00000/.test(name),
      1,
    );
  });

  it('says of what it had written before that it is linked, and knows it when somebody takes it out', async () => {
    const begin = await beginning(false);
    const deed = ({ simulator, directory, clock }: Site, decorate: (services: Services) => Services) =>
      relink(simulator, directory, { relink: begin.restored }, { decorate, clock });
    const counting = new Killer();
    await deed(await begin.open(), counting.decorate);
    const last = counting.names.filter((name) => name === 'setObjects').length;
    const tried = await begin.open();
    const killer = new Killer(last, 'after', 'setObjects');
    tried.simulator.faults.add(killer.cutsOff);
    await deed(tried, killer.decorate);
    expect(killer.hasStruck).toBe(true);
    tried.simulator.faults.clear();
    await tried.clock.sleep(120_000);
    const { report } = await deed(tried, (services) => services);
    expect(report?.issues).toMatchObject({ issues: 7, already: 0, others: 0 });

    for (const issue of tried.site.issues.all()) {
      for (const id of issue.values.keys()) tried.site.editIssue(issue, { [id]: [] });
    }
    const again = await deed(tried, (services) => services);
    expect(again.report?.issues).toMatchObject({ issues: 0, others: 7 });
  });
});
