import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { drill } from './drill-run.ts';
import { dyingRun } from './dying-run.ts';
import { isDeep } from './kill-points.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';

const moments: readonly Moment[] = ['before', 'after', 'answered'];
/** So many of the writes, spread over the drill; `npm run test:deep` dies at all of them, in each way. */
const tried = 18;

const company = () => companySite().site;

/** A backup of the company, and a folder of its own with it for each death. */
async function backedUp() {
  const source = await testSimulator({ site: company() });
  const { directory } = await backUp(source);
  return () => {
    const own = testDirectory();
    cpSync(directory, own, { recursive: true });
    return own;
  };
}

const target = () => startSimulator({ site: emptySiteLike(company(), { workspaceId: crypto.randomUUID() }) });

/** A drill that died after its first comment and was not started again, with the folder that knows of it. */
async function killedDrill() {
  const folder = await backedUp();
  const directory = folder();
  const simulator = await testSimulator({ site: emptySiteLike(company(), { workspaceId: crypto.randomUUID() }) });
  const before = fingerprint(simulator.site);
  const killer = new Killer(1, 'answered', 'createComment');
  await drill(simulator, directory, { decorate: killer.decorate });
  expect(killer.hasStruck).toBe(true);
  return { folder, directory, simulator, before };
}

/** Dies, and is started again: what is wrong then. */
async function killed(killer: Killer, moment: Moment, folder: () => string): Promise<string[]> {
  const simulator = await target();
  try {
    const directory = folder();
    const stopCutting = simulator.faults.add(killer.cutsOff);
    const before = fingerprint(simulator.site);
    const first = await drill(simulator, directory, { decorate: killer.decorate });
    stopCutting();
    if (!killer.hasStruck) return [];
    const again = await drill(simulator, directory);
    const wrong: string[] = [];
    // The page is written when all else is, and for people alone: a drill comes to its end without it.
    const last = killer.names.at(-1) ?? '';
    const isAtPage = last.endsWith('/report.html') || (last.startsWith('readers/') && moment === 'answered');
    if (first.result && !isAtPage) wrong.push('it came to its end');
    if (again.result?.outcome !== 'passed') wrong.push(`${again.error?.message ?? again.result?.message}`);
    if (fingerprint(simulator.site) !== before) wrong.push('the site is another one');
    return wrong;
  } finally {
    await simulator.close();
  }
}

describe('a drill that is killed', { timeout: 30 * 60_000 }, () => {
  it('at any of its writes leaves nothing once it is started again', async () => {
    const folder = await backedUp();
    const counting = new Killer();
    const first = await target();
    const whole = await drill(first, folder(), { decorate: counting.decorate });
    await first.close();
    expect(whole.result?.outcome).toBe('passed');
    const all = counting.names.map((name, index) => [name, index + 1] as const);
    // The first of each kind of write, and some of all the others.
    const kinds = new Map(all.toReversed().map(([name, at]) => [name.replaceAll(/[\d_a-f-]{6,}/g, '*'), at]));
    const step = Math.max(1, Math.ceil(all.length / tried));
    const some = all.flatMap(([, at]) => (isDeep || at % step === 0 ? [at] : []));
    const ofSite = [...kinds].flatMap(([name, at]) => (/^[a-zA-Z]+$/.test(name) ? [at] : []));
    const wrong: string[] = [];
    for (const at of new Set([...some, ...ofSite])) {
      for (const [index, moment] of moments.entries()) {
        if (!isDeep && at % moments.length !== index) continue;
        const where = `write ${at} of ${all.length}, ${counting.names[at - 1]}, ${moment}`;
        const found = await dyingRun(at, moment, (killer) => killed(killer, moment, folder));
        wrong.push(...found.map((what) => `${where}: ${what}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('and never started again has its scratch schemas removed by the next one, and by nobody who does not know them', async () => {
    const { folder, directory, simulator, before } = await killedDrill();
    const left = [...simulator.site.schemas.values()].map(({ key }) => key);
    expect(left.length).toBeGreaterThan(0);
    const elsewhere = await drill(simulator, folder());
    expect(elsewhere.result?.outcome).toBe('passed');
    expect([...simulator.site.schemas.values()].map(({ key }) => key)).toEqual(left);
    expect(elsewhere.reporter.events.some(({ name }) => name === 'drill.notice')).toBe(true);
    expect((await drill(simulator, directory)).result?.outcome).toBe('passed');
    expect(fingerprint(simulator.site)).toBe(before);
  });

  it('keeps its scratch schemas where its journal is damaged, until that is put back', async () => {
    const { directory, simulator, before } = await killedDrill();
    const left = fingerprint(simulator.site);
    const drills = join(directory, '.work', 'drills');
    const [journal = ''] = globSync('*/journals/*/*/configuration/*.json', { cwd: drills });
    const text = readFileSync(join(drills, journal), 'utf8');
    writeFileSync(join(drills, journal), text.slice(0, -20));
    const next = await drill(simulator, directory);
    expect(next.result?.outcome).toBe('passed');
    expect(next.reporter.events.some(({ name, fields }) => name === 'drill.notice' && fields.drill)).toBe(true);
    expect(fingerprint(simulator.site)).toBe(left);
    writeFileSync(join(drills, journal), text);
    expect((await drill(simulator, directory)).result?.outcome).toBe('passed');
    expect(fingerprint(simulator.site)).toBe(before);
  });
});
