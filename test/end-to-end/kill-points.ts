import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssetsBackupError, LockLostError } from '../../core/errors.ts';
import type { Loss } from '../../core/model/restore.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Quirks, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { dyingRun } from './dying-run.ts';
import type { KillScenario } from './kill-scenarios.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, HurriedClock } from './local-run.ts';
import { type FinishedRestore, restore } from './restore-run.ts';
import { essenceOf } from './site-essence.ts';
import { Thief } from './stolen-lock.ts';

const deaths: Readonly<Record<Moment, string>> = {
  before: 'before it is sent',
  after: 'after it is done and before its answer',
  answered: 'after its answer and before anything follows from it',
};

/** What a restore comes to, for people: the target, what the report says, and the exit code. */
interface End {
  readonly site: readonly string[];
  readonly exitCode: number;
  readonly error: string | undefined;
  readonly outcome: string | undefined;
  /** How many objects are there by it, whenever they were made. */
  readonly objects: number;
  readonly compared: readonly number[];
  readonly losses: readonly string[];
  readonly differences: readonly string[];
}

/** What a restore writes, by the methods of the writer and the keys of the work store; the first row that fits. */
const groups = [
  ['objects', /^createObject$/],
  ['references', /^updateObject$/],
  ['comments', /^createComment$/],
  ['constraints', /^(update|move)/],
  ['configuration', /^(create|set|upload)/],
  ['the lock', /^locks\//],
  // "Settle" of a later restore reads what was there before.
  ['journals', /^journals\/|\/before\//],
  // Nobody reads these after a death, so it is as one at the write before or after.
  ["the run's own files", /^restores\//],
] as const;

export type WriteGroup = (typeof groups)[number][0];

export const allGroups = groups.map(([group]) => group);

const groupOf = (name: string): WriteGroup | undefined => groups.find(([, form]) => form.test(name))?.[0];

/** `npm run test:deep` dies at every write in all three ways. */
export const isDeep = process.env.npm_lifecycle_event === 'test:deep';

/** One scenario, backed up, and the state of its target before the restore. */
class KillPoints {
  readonly #scenario: KillScenario;
  readonly #quirks: Partial<Quirks>;
  readonly #directory = mkdtempSync(join(roomyPlace(), 'assets-backup-kills-'));
  #folder = '';
  #dump = '';
  #whole: End | undefined;
  /** What each write of the restore that nobody disturbs is. */
  names: readonly string[] = [];

  /** @param quirks of the target */
  constructor(scenario: KillScenario, quirks: Partial<Quirks> = {}) {
    this.#scenario = scenario;
    this.#quirks = quirks;
  }

  async prepare(): Promise<void> {
    const source = await startSimulator({ site: this.#scenario.source });
    const run = await backUp(source, { directory: this.#directory });
    await source.close();
    this.#folder = run.result?.backup ?? '';
    this.#dump = dumpSite(this.#scenario.target());
    const counting = new Killer();
    const { target, run: again, close } = await this.#open();
    this.#whole = endOf(target.site, await again(counting.decorate), this.#kept);
    this.names = counting.names;
    await close();
  }

  tidyUp(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get whole(): End {
    if (!this.#whole) throw new Error('prepare() comes first.');
    return this.#whole;
  }

  /** Numbers of the writes of a group, from 1. */
  writesOf(group: WriteGroup): number[] {
    const writes = this.names.flatMap((name, index) => (groupOf(name) === group ? [index + 1] : []));
    expect(writes.length, `writes of ${group}`).toBeGreaterThan(0);
    return writes;
  }

  /** Is started again once it has ended in peace: the second is to change nothing; what was refused may be tried once more. */
  async repeated(): Promise<string[]> {
    const { target, run, close } = await this.#open();
    await run();
    const before = target.requests.writes.length;
    const end = endOf(target.site, await run(), this.#kept);
    const written = target.requests.writes
      .slice(before)
      .filter(({ status }) => status < 400)
      .map(({ method, path }) => `it writes ${method} ${path}`);
    await close();
    return [...written, ...differencesOf(this.whole, end)];
  }

  /** Dies at a write, and is started again: in what it ends otherwise than the restore that nobody disturbs. */
  killedAt(write: number, moment: Moment): Promise<string[]> {
    return dyingRun(write, moment, async (killer) => {
      const { target, run, close } = await this.#open();
      const stop = target.faults.add(killer.cutsOff);
      await run(killer.decorate);
      stop();
      const end = endOf(target.site, await run(), this.#kept);
      await close();
      return differencesOf(this.whole, end);
    });
  }

  /** Loses its lock before a write, and is started again once the thief has gone. */
  async robbedAt(write: number): Promise<string[]> {
    const { target, run, close } = await this.#open();
    const thief = new Thief(write);
    const robbed = await run(thief.decorate);
    const found = thief.writesAfterwards.map((name) => `it has seen that its lock is gone, and writes ${name}`);
    if (thief.isSeen && robbed.error && !(robbed.error instanceof LockLostError)) found.push(`${robbed.error}`);
    await thief.leave();
    const end = endOf(target.site, await run(), this.#kept);
    await close();
    return [...found, ...differencesOf(this.whole, end)];
  }

  async #open() {
    const directory = `${this.#directory}-case`;
    cpSync(this.#directory, directory, { recursive: true });
    const clock = new HurriedClock();
    const target = await startSimulator({ site: siteOfDump(this.#dump), quirks: this.#quirks, clock });
    const input = { folder: this.#folder, processHistory: false, ...this.#scenario.input };
    const run = async (decorate?: Killer['decorate']) => {
      const options = { clock, ...(decorate && { decorate }) };
      const first = await restore(target, directory, input, options);
      const approve = first.result?.approve?.hash;
      return approve === undefined ? first : restore(target, directory, { ...input, approve }, options);
    };
    const close = async () => {
      await target.close();
      rmSync(directory, { recursive: true, force: true });
    };
    return { target, run, close };
  }

  /** Objects that are there before the restore stay the very same. */
  get #kept(): ReadonlySet<number> {
    return new Set([...siteOfDump(this.#dump).objects.all()].map(({ id }) => id));
  }
}

function endOf(site: SimulatedSite, { report, error }: FinishedRestore, kept: ReadonlySet<number>): End {
  const { created = 0, reused = 0, updated = 0, objectsCompared = 0, valuesCompared = 0 } = report?.counts ?? {};
  // Keys of the target are others in another run.
  const named = (text: string) =>
    text.replaceAll(/\b[A-Z][A-Z0-9_]*-\d+\b/g, (key) => {
      const object = site.objectByKeyOrId(key);
      return object ? site.label(object) : key;
    });
  const lossText = ({ kind, source, where, attribute, values, reason }: Loss) =>
    `${kind} ${source} ${named(where)} ${attribute} ${values}: ${named(reason)}`;
  return {
    site: essenceOf(site, kept),
    exitCode: exitCodeOf({ report, error }),
    error: error?.message,
    outcome: report?.outcome,
    objects: created + reused + updated,
    compared: [objectsCompared, valuesCompared],
    losses: (report?.losses ?? []).map(lossText).sort(),
    differences: (report?.differences ?? []).map(({ source, what }) => `${source}: ${named(what)}`).sort(),
  };
}

function exitCodeOf({ report, error }: Partial<FinishedRestore>): number {
  if (error) return error instanceof AssetsBackupError ? error.exitCode : 1;
  return { restored: 0, 'restored-with-losses': 3, 'differences-found': 14 }[report?.outcome as string] ?? 1;
}

/** As sentences; none where the two are equal. */
function differencesOf(whole: End, end: End): string[] {
  return (Object.keys(whole) as (keyof End)[]).flatMap((field) => {
    const [wanted, found] = [whole[field], end[field]];
    if (JSON.stringify(wanted) === JSON.stringify(found)) return [];
    if (!Array.isArray(wanted) || !Array.isArray(found)) return [`${field} is ${found}, not ${wanted}`];
    const lacks = minus(wanted, found).map((line) => `${field} lacks ${line}`);
    return [...lacks, ...minus(found, wanted).map((line) => `${field} has besides ${line}`)];
  });
}

/** Of two lists in which a line may stand twice. */
function minus(left: readonly unknown[], right: readonly unknown[]): unknown[] {
  const rest = [...right];
  return left.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

export interface KillPlan {
  /** In turn: each write dies in one of the three ways, one after the other; `npm run test:deep` takes all. */
  readonly deaths: 'all' | 'in turn';
  readonly groups: readonly WriteGroup[];
  /** Groups at which a lock is stolen as well. */
  readonly thefts?: readonly WriteGroup[];
  readonly quirks?: Partial<Quirks>;
}

/** Each scenario is prepared once; each write is a restore that is disturbed, and one that is not. */
export function describeKillPoints(make: () => KillScenario, plan: KillPlan): void {
  const scenario = make();
  const lag = plan.quirks?.searchLagMs ? `, where search lags by ${plan.quirks.searchLagMs / 1000} s` : '';
  describe(`${scenario.name}${lag}`, () => {
    const points = new KillPoints(scenario, plan.quirks);
    beforeAll(() => points.prepare(), patience);
    afterAll(() => points.tidyUp());
    const test = (name: string, check: () => Promise<string[]>) =>
      it(name, async () => expect(await check()).toEqual([]), patience);

    test('undisturbed, comes to its end, and once more to the same', async () => [
      ...(points.whole.exitCode === scenario.exitCode ? [] : [`it ends with ${points.whole.exitCode}`]),
      ...(await points.repeated()),
    ]);

    for (const group of plan.groups) {
      test(`killed at ${group}`, async () => {
        const found: string[] = [];
        for (const write of points.writesOf(group)) {
          for (const [index, moment] of moments.entries()) {
            if (!isDeep && plan.deaths === 'in turn' && write % moments.length !== index) continue;
            const where = `write ${write}, ${points.names[write - 1]}, ${deaths[moment]}`;
            found.push(...(await points.killedAt(write, moment)).map((what) => `${where}: ${what}`));
          }
        }
        return found;
      });
    }

    for (const group of plan.thefts ?? []) {
      test(`robbed of its lock at ${group}`, async () => {
        const found: string[] = [];
        for (const write of points.writesOf(group)) {
          const where = `write ${write}, ${points.names[write - 1]}`;
          found.push(...(await points.robbedAt(write)).map((what) => `${where}: ${what}`));
        }
        return found;
      });
    }
  });
}

const moments = Object.keys(deaths) as Moment[];
const patience = 30 * 60_000;
