import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RestoreChoices } from '../../core/model/restore.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Quirks, type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import type { KillScenario } from './kill-scenarios.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, HurriedClock, roomyPlace } from './local-run.ts';
import { json, restore } from './restore-run.ts';
import { essenceOf } from './site-essence.ts';
import { type FinishedUndo, undo, undoApproved } from './undo-run.ts';

/** A restore that is undone, of which either dies at a write; and how the site was before. */
class UndoKills {
  readonly #scenario: KillScenario;
  readonly #quirks: Partial<Quirks>;
  readonly #directory = mkdtempSync(join(roomyPlace(), 'assets-backup-undo-kills-'));
  #folder = '';
  #dump = '';
  #before: readonly string[] = [];

  constructor(scenario: KillScenario, quirks: Partial<Quirks> = {}) {
    this.#scenario = scenario;
    this.#quirks = quirks;
  }

  async prepare(): Promise<void> {
    const source = await startSimulator({ site: this.#scenario.source });
    const run = await backUp(source, { directory: this.#directory });
    await source.close();
    this.#folder = run.result?.backup ?? '';
    const target = this.#scenario.target();
    this.#dump = dumpSite(target);
    this.#before = wholeOf(siteOfDump(this.#dump));
  }

  tidyUp(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Names of the writes of the restore and of the approved undo that nobody disturbs. */
  async names(): Promise<{ restore: readonly string[]; undo: readonly string[] }> {
    return this.#open(async ({ target, directory, clock }) => {
      const counting = new Killer();
      const input = await this.#approvedInput(target, directory, clock);
      await restore(target, directory, input, { clock, decorate: counting.decorate });
      const [name = ''] = restoresIn(directory);
      const { result } = await undo(target, directory, { undo: name }, { clock });
      const undoing = new Killer();
      const approve = result?.hash ?? null;
      await undo(target, directory, { undo: name, approve }, { clock, decorate: undoing.decorate });
      return { restore: counting.names, undo: undoing.names };
    });
  }

  /** The restore dies at a write, and is undone: in what the site is otherwise than before. */
  restoreKilledAt(write: number, moment: Moment): Promise<string[]> {
    return this.#open(async ({ target, directory, clock }) => {
      const input = await this.#approvedInput(target, directory, clock);
      const killer = new Killer(write, moment);
      const stop = target.faults.add(killer.cutsOff);
      await restore(target, directory, input, { clock, decorate: killer.decorate });
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
  }

  /** The undo dies at a write, and the same line is given again. */
  undoKilledAt(write: number, moment: Moment): Promise<string[]> {
    return this.#open(async ({ target, directory, clock }) => {
      await restore(target, directory, await this.#approvedInput(target, directory, clock), { clock });
      const [name = ''] = restoresIn(directory);
      const { result } = await undo(target, directory, { undo: name }, { clock });
      const line = { undo: name, approve: result?.hash ?? null };
      const killer = new Killer(write, moment);
      const stop = target.faults.add(killer.cutsOff);
      await undo(target, directory, line, { clock, decorate: killer.decorate });
      stop();
      const again = await undo(target, directory, line, { clock });
      return [
        ...(killer.hasStruck ? [] : ['it was never killed']),
        ...troubleOf(again),
        ...this.#differences(target.site),
      ];
    });
  }

  /** Of a restore that needs no further approval. */
  async #approvedInput(target: Simulator, directory: string, clock: HurriedClock) {
    const input = { folder: this.#folder, processHistory: false, ...this.#scenario.input };
    const { result } = await restore(target, directory, { ...input, dryRun: true }, { clock });
    return { ...input, approve: result?.hash ?? null };
  }

  #differences(site: SimulatedSite): string[] {
    const [before, now] = [new Set(this.#before), new Set(wholeOf(site))];
    return [
      ...[...before].filter((line) => !now.has(line)).map((line) => `it lacks ${line}`),
      ...[...now].filter((line) => !before.has(line)).map((line) => `it has besides ${line}`),
    ];
  }

  async #open<T>(work: (run: { target: Simulator; directory: string; clock: HurriedClock }) => Promise<T>): Promise<T> {
    const directory = `${this.#directory}-case`;
    cpSync(this.#directory, directory, { recursive: true });
    const clock = new HurriedClock();
    const target = await startSimulator({ site: siteOfDump(this.#dump), quirks: this.#quirks, clock });
    try {
      return await work({ target, directory, clock });
    } finally {
      await target.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }
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
        const { restore } = await kills.names();
        expect(restore.length).toBeGreaterThan(20);
        expect(await eachWrite(restore, (write, moment) => kills.restoreKilledAt(write, moment))).toEqual([]);
      },
      patience,
    );

    it(
      'by the same line again, after a death of the undo at any write',
      async () => {
        const { undo } = await kills.names();
        expect(undo.filter((name) => /^delete|^updateObject/.test(name)).length).toBeGreaterThan(1);
        expect(await eachWrite(undo, (write, moment) => kills.undoKilledAt(write, moment))).toEqual([]);
      },
      patience,
    );
  });
}
