import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RestoreChoices } from '../../core/model/restore.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Quirks, type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { dyingRun } from './dying-run.ts';
import type { KillScenario } from './kill-scenarios.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, HurriedClock } from './local-run.ts';
import { json, restore } from './restore-run.ts';
import { essenceOf } from './site-essence.ts';
import { type FinishedUndo, undo, undoApproved } from './undo-run.ts';

/** A folder and a site at one time, from which each case goes on. */
interface Checkpoint {
  readonly directory: string;
  readonly dump: string;
  readonly now: number;
}

/** A restore that is planned and approved. */
interface PlannedRestore extends Checkpoint {
  readonly input: Parameters<typeof restore>[2];
}

/** The same restore when it is done, and its undo is planned and approved. */
interface PlannedUndo extends Checkpoint {
  readonly line: Parameters<typeof undo>[2];
}

/** A restore that is undone, of which either dies at a write; and how the site was before. */
class UndoKills {
  readonly #scenario: KillScenario;
  readonly #quirks: Partial<Quirks>;
  readonly #directory = mkdtempSync(join(roomyPlace(), 'assets-backup-undo-kills-'));
  #before: readonly string[] = [];
  #plannedRestore: PlannedRestore | undefined;
  #plannedUndo: PlannedUndo | undefined;
  /** Of the writes of the restore and of the approved undo that nobody disturbs. */
  names: { readonly restore: readonly string[]; readonly undo: readonly string[] } = { restore: [], undo: [] };

  constructor(scenario: KillScenario, quirks: Partial<Quirks> = {}) {
    this.#scenario = scenario;
    this.#quirks = quirks;
  }

  async prepare(): Promise<void> {
    const source = await startSimulator({ site: this.#scenario.source });
    const directory = join(this.#directory, 'backup');
    const run = await backUp(source, { directory });
    await source.close();
    const dump = dumpSite(this.#scenario.target());
    this.#before = wholeOf(siteOfDump(dump));
    await this.#plan({ directory, dump, now: Date.now() }, run.result?.backup ?? '');
  }

  /** What comes before each death is done once. */
  async #plan(start: Checkpoint, folder: string): Promise<void> {
    const [restoring, undoing] = [new Killer(), new Killer()];
    await this.#open(start, async ({ target, directory, clock }) => {
      // Of a restore that needs no further approval.
      const choices = { folder, processHistory: false, ...this.#scenario.input };
      const { result: planned } = await restore(target, directory, { ...choices, dryRun: true }, { clock });
      const input = { ...choices, approve: planned?.hash ?? null };
      this.#plannedRestore = { ...this.#checkpoint('restore', { target, directory, clock }), input };

      await restore(target, directory, input, { clock, decorate: restoring.decorate });
      const [name = ''] = restoresIn(directory);
      const { result } = await undo(target, directory, { undo: name }, { clock });
      const line = { undo: name, approve: result?.hash ?? null };
      this.#plannedUndo = { ...this.#checkpoint('undo', { target, directory, clock }), line };

      await undo(target, directory, line, { clock, decorate: undoing.decorate });
    });
    this.names = { restore: restoring.names, undo: undoing.names };
  }

  #checkpoint(name: string, { target: { site }, directory: from, clock }: Running): Checkpoint {
    // Its search is late with nothing, so a new simulator of what it holds is as this one.
    expect(site.searchIndex.objects).toBe(site.objects);
    const directory = join(this.#directory, name);
    cpSync(from, directory, { recursive: true });
    return { directory, dump: dumpSite(site), now: clock.now() };
  }

  tidyUp(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The restore dies at a write, and is undone: in what the site is otherwise than before. */
  restoreKilledAt(write: number, moment: Moment): Promise<string[]> {
    const planned = this.#plannedRestore;
    if (!planned) throw new Error('prepare() comes first.');
    const killed = (killer: Killer) =>
      this.#open(planned, async ({ target, directory, clock }) => {
        const stop = target.faults.add(killer.cutsOff);
        await restore(target, directory, planned.input, { clock, decorate: killer.decorate });
        stop();
        const [name] = restoresIn(directory);
        // It died before it was known by any name, and has written nothing.
        if (name === undefined) return this.#differences(target.site);
        const undone = await undoApproved(target, directory, name, { clock });
        const differences = this.#differences(target.site);
        const isNamed = undone.report?.stays.some(({ reason }) => reason === unknownMaker) ?? false;
        // What was made and not noted yet stays, with what holds it, and is named.
        if (isNamed && undone.report?.differences.length === 0 && !differences.some(isOfObjects)) return [];
        return [...troubleOf(undone), ...differences];
      });
    return dyingRun(write, moment, killed);
  }

  /** The undo dies at a write, and the same line is given again. */
  undoKilledAt(write: number, moment: Moment): Promise<string[]> {
    const planned = this.#plannedUndo;
    if (!planned) throw new Error('prepare() comes first.');
    const killed = (killer: Killer) =>
      this.#open(planned, async ({ target, directory, clock }) => {
        const stop = target.faults.add(killer.cutsOff);
        await undo(target, directory, planned.line, { clock, decorate: killer.decorate });
        stop();
        if (!killer.hasStruck) return [];
        const again = await undo(target, directory, planned.line, { clock });
        return [...troubleOf(again), ...this.#differences(target.site)];
      });
    return dyingRun(write, moment, killed);
  }

  #differences(site: SimulatedSite): string[] {
    const [before, now] = [new Set(this.#before), new Set(wholeOf(site))];
    return [
      ...[...before].filter((line) => !now.has(line)).map((line) => `it lacks ${line}`),
      ...[...now].filter((line) => !before.has(line)).map((line) => `it has besides ${line}`),
    ];
  }

  async #open<T>({ directory: from, dump, now }: Checkpoint, work: (running: Running) => Promise<T>): Promise<T> {
    const directory = mkdtempSync(`${this.#directory}-case-`);
    cpSync(from, directory, { recursive: true });
    const clock = new HurriedClock(now);
    const target = await startSimulator({ site: siteOfDump(dump), quirks: this.#quirks, clock });
    try {
      return await work({ target, directory, clock });
    } finally {
      await target.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

interface Running {
  readonly target: Simulator;
  readonly directory: string;
  readonly clock: HurriedClock;
}

const unknownMaker = 'the restore was stopped, and nobody knows who has made it';
const isOfObjects = (line: string) => line.startsWith('it lacks') || line.startsWith('it has besides ["object"');

/** All that a site holds but times and histories: every object by its id. */
export function wholeOf(site: SimulatedSite): string[] {
  const ids = new Set([...site.objects.all()].map(({ id }) => id));
  const icons = [...site.icons.values()].map(({ name }) => `icon ${name}`);
  return [...essenceOf(site, ids), ...icons];
}

/** Names of the restores that were to write something, the oldest first. */
export function restoresIn(directory: string): string[] {
  const restores = join(directory, '.work', 'restores');
  if (!existsSync(restores)) return [];
  return readdirSync(restores)
    .filter((name) => readdirSync(join(restores, name)).includes('choices.json'))
    .filter((name) => !json<RestoreChoices>(directory, restoreKeys(name).choices).dryRun)
    .sort();
}

function troubleOf({ error, report }: FinishedUndo): string[] {
  if (error) return [`${error}`];
  if (!report) return ['it has no report'];
  const stays = report.stays.map(({ where, attribute, reason }) => `stays: ${where} ${attribute ?? ''}: ${reason}`);
  return [...stays, ...report.differences.map(({ where, what }) => `${where}: ${what}`)];
}

const moments: readonly Moment[] = ['before', 'after', 'answered'];
const patience = 600_000;
/** Files of a run that no other run reads: a death at one is as one at the write before. */
const isOfOneRun = (name: string) => /^restores\//.test(name) && !/choices|configuration|undo\.json/.test(name);

/** A restore that dies at each of its writes and is undone; and an undo that dies at each of its own, and is started again. */
export function describeUndoKills(make: () => KillScenario, quirks: Partial<Quirks> = {}): void {
  const scenario = make();
  describe(`${scenario.name}, undone`, () => {
    const kills = new UndoKills(scenario, quirks);
    beforeAll(() => kills.prepare(), patience);
    afterAll(() => kills.tidyUp());

    const eachWrite = async (names: readonly string[], run: (write: number, moment: Moment) => Promise<string[]>) => {
      const found: string[] = [];
      for (const [index, name] of names.entries()) {
        const write = index + 1;
        const moment = moments[write % moments.length] ?? 'before';
        if (isOfOneRun(name)) continue;
        for (const line of await run(write, moment)) found.push(`write ${write}, ${name}, ${moment}: ${line}`);
      }
      return found;
    };

    it(
      'after a death of the restore at any write',
      async () => {
        const { restore } = kills.names;
        expect(restore.length).toBeGreaterThan(20);
        expect(await eachWrite(restore, (write, moment) => kills.restoreKilledAt(write, moment))).toEqual([]);
      },
      patience,
    );

    it(
      'by the same line again, after a death of the undo at any write',
      async () => {
        const { undo } = kills.names;
        expect(undo.filter((name) => /^delete|^updateObject/.test(name)).length).toBeGreaterThan(1);
        expect(await eachWrite(undo, (write, moment) => kills.undoKilledAt(write, moment))).toEqual([]);
      },
      patience,
    );
  });
}
