import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { backUp, type FinishedRun, HurriedClock } from './local-run.ts';
import type { ActivityThen } from './night-differences.ts';
import { fullNight, judgeNight } from './night-judge.ts';
import { NightKiller } from './night-killer.ts';
import { finishedNights, type ReadNight, readNight } from './night-reader.ts';
import { truthOf } from './stored-site.ts';

/** Two schemas of two types; of each type three objects, with comments and history on some. */
function smallSite() {
  const site = new SimulatedSite();
  const types = ['ONE', 'TWO'].flatMap((key) => {
    const schema = site.addSchema({ key });
    return ['Room', 'Desk'].map((name) => site.addType({ schema, name }));
  });
  const objects = types.flatMap((type) => {
    site.addAttribute({ type, name: 'Note' });
    return [1, 2, 3].map((number) => {
      const object = site.addObject({ type, name: `${type.name} ${number}`, values: { Note: 'as it was' } });
      if (number < 3) site.addComment({ object, text: `of ${type.name} ${number}` });
      if (number > 1) site.addHistory({ object, attribute: 'Note', oldValue: 'before', newValue: 'as it was' });
      return object;
    });
  });
  return { site, types, objects };
}

/** What has happened by the second night: of each kind something, and most is as it was. */
function aDayOfPeople({ site, types, objects }: ReturnType<typeof smallSite>): void {
  const [first, second, third, fourth, fifth] = objects;
  const [room, desk] = types;
  if (!first || !second || !third || !fourth || !fifth || !room || !desk) throw new Error('The site is too small.');
  site.updateObject(first, { Note: 'changed' });
  site.deleteObject(second);
  site.moveObject(third, desk);
  site.createObject({ type: room, name: 'Room 4' });
  site.comment({ object: fourth, text: 'said later' });
  for (const comment of site.commentsOf(fifth.id)) site.deleteComment(fifth, comment);
}

const day = 24 * 3_600_000;

type Files = 'object' | 'type';

export interface KilledNights {
  /** The layout of the first night, and of those after it. */
  readonly files: readonly [first: Files, others: Files];
  readonly hardLinks: boolean;
  /** `npm test` dies at every so many-th write, and at each of the last twenty; `npm run test:deep` at all. */
  readonly every: number;
}

class NightKills {
  readonly #kind: KilledNights;
  readonly #directory = mkdtempSync(join(roomyPlace(), 'assets-backup-night-kills-'));
  readonly #world = smallSite();
  readonly #siteAt = new Map<string, ActivityThen>();
  #simulator: Simulator | undefined;
  #full: ReadNight | undefined;
  #now = Date.UTC(2026, 10, 23, 2);
  /** What each write of the second night is, where nobody disturbs it. */
  writes: readonly string[] = [];

  constructor(kind: KilledNights) {
    this.#kind = kind;
  }

  async prepare(): Promise<void> {
    const [first, others] = this.#kind.files;
    this.#set(first);
    this.#simulator = await startSimulator({
      site: this.#world.site,
      clock: { now: () => this.#now },
      quirks: { updatedMoves: 'not-for-comments' },
    });
    const { manifest } = await this.#backUp(this.#directory);
    this.#set(others);
    this.#siteAt.set(manifest.startedAt, truthOf(this.#world.site));
    this.#now += day / 2;
    aDayOfPeople(this.#world);
    this.#now += day / 2;
    this.#full = await fullNight(this.#simulator, this.#clock());
    const counting = new NightKiller('', '');
    await inCopyOf(this.#directory, (copy) => this.#backUp(copy, counting.decorate));
    this.writes = counting.writes;
  }

  #set(activityFiles: Files): void {
    const settings = { activityMaxAgeDays: 14, activityFiles, hardLinks: this.#kind.hardLinks };
    writeFileSync(join(this.#directory, 'settings.json'), JSON.stringify(settings));
  }

  async tidyUp(): Promise<void> {
    await this.#simulator?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The second night dies before a write; what is wrong with what it leaves, and with the night after. */
  async killedAt(write: number): Promise<string[]> {
    const left = `${this.#directory}-left`;
    try {
      const killed = await inCopyOf(this.#directory, async (running) => {
        const killer = new NightKiller(running, left, write);
        await this.#tryToBackUp(running, killer.decorate);
        return killer.hasStruck;
      });
      if (!killed) return ['it was never killed'];
      return await this.#judge(left);
    } finally {
      rmSync(left, { recursive: true, force: true });
    }
  }

  /** The killed night is whole or no backup, and the one after is whole, and built upon a whole one. */
  async #judge(directory: string): Promise<string[]> {
    const [first = '', ...others] = finishedNights(directory);
    const found: string[] = [];
    for (const name of others)
      found.push(...(await this.#judgeNight(directory, name)).map((what) => `the killed night: ${what}`));
    this.#now += day;
    try {
      const after = await this.#backUp(directory);
      found.push(...(await this.#judgeNight(directory, after.manifest.name)).map((what) => `the night after: ${what}`));
      const wanted = others[0] ?? first;
      for (const { base } of after.manifest.schemas)
        if (base.backup !== wanted) found.push(`the night after is built upon ${base.backup}, not ${wanted}`);
    } finally {
      this.#now -= day;
    }
    for await (const { name, state } of listBackups(openLocalStores(directory).backups))
      if (state !== 'finished' && state !== 'unfinished') found.push(`${name} is ${state}`);
    return found;
  }

  async #judgeNight(directory: string, name: string): Promise<string[]> {
    if (!this.#full) throw new Error('prepare() comes first.');
    const read = readNight(directory, name);
    const { site } = this.#world;
    this.#siteAt.set(read.manifest.startedAt, truthOf(site));
    return judgeNight({ directory, site, read, full: this.#full, siteAt: this.#siteAt });
  }

  async #backUp(directory: string, decorate?: NightKiller['decorate']): Promise<ReadNight> {
    const { manifest, error } = await this.#tryToBackUp(directory, decorate);
    if (!manifest) throw error ?? new Error('It has no manifest.');
    return readNight(directory, manifest.name);
  }

  #tryToBackUp(directory: string, decorate?: NightKiller['decorate']): Promise<FinishedRun> {
    if (!this.#simulator) throw new Error('prepare() comes first.');
    return backUp(this.#simulator, { directory, clock: this.#clock(), ...(decorate && { decorate }) });
  }

  #clock(): HurriedClock {
    return new HurriedClock(this.#now, () => 0);
  }
}

async function inCopyOf<Answer>(directory: string, work: (copy: string) => Promise<Answer>): Promise<Answer> {
  const copy = `${directory}-copy`;
  cpSync(directory, copy, { recursive: true });
  try {
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const isDeep = process.env.npm_lifecycle_event === 'test:deep';

export function describeNightKills(kind: KilledNights): void {
  const [first, others] = kind.files;
  const layouts = first === others ? `of files by ${first}` : `of files by ${others} after one by ${first}`;
  describe(`a second night, ${layouts}${kind.hardLinks ? ', with hard links' : ''}`, () => {
    const kills = new NightKills(kind);
    beforeAll(() => kills.prepare(), patience);
    afterAll(() => kills.tidyUp());

    it(
      'that dies at any write is whole or no backup, and the night after is whole',
      async () => {
        expect(kills.writes.some((name) => name.startsWith('copy '))).toBe(first === others);
        const found: string[] = [];
        for (const [index, name] of kills.writes.entries()) {
          if (!isDeep && index % kind.every > 0 && index < kills.writes.length - 20) continue;
          found.push(...(await kills.killedAt(index + 1)).map((what) => `write ${index + 1}, ${name}: ${what}`));
        }
        expect(found).toEqual([]);
      },
      patience,
    );
  });
}

const patience = 30 * 60_000;
