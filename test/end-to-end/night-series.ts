import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { backUp, HurriedClock, testDirectory, testSimulator } from './local-run.ts';
import type { ActivityThen } from './night-differences.ts';
import { fullNight, judgeNight } from './night-judge.ts';
import { type ReadNight, readNight } from './night-reader.ts';
import { truthOf } from './stored-site.ts';

export const day = 24 * 3_600_000;

export interface FolderSettings {
  readonly activityMaxAgeDays?: number;
  readonly activityFiles?: 'object' | 'type';
  readonly hardLinks?: boolean;
}

/** Nights of one site into one folder, a day apart. What moves `updated` is its values alone. */
export class NightSeries {
  readonly directory = testDirectory();
  readonly simulator: Simulator;
  readonly clock: HurriedClock;
  readonly #siteAt = new Map<string, ActivityThen>();
  #full: ReadNight | undefined;

  private constructor(simulator: Simulator, clock: HurriedClock) {
    this.simulator = simulator;
    this.clock = clock;
  }

  static async of(site: SimulatedSite, settings: FolderSettings = {}): Promise<NightSeries> {
    const clock = new HurriedClock(Date.UTC(2026, 10, 24, 2), () => 0);
    const quirks = { updatedMoves: 'not-for-comments' as const };
    const nights = new NightSeries(await testSimulator({ site, clock, quirks }), clock);
    nights.set(settings);
    return nights;
  }

  get site(): SimulatedSite {
    return this.simulator.site;
  }

  set(settings: FolderSettings): void {
    writeFileSync(join(this.directory, 'settings.json'), JSON.stringify(settings));
  }

  /** Makes a night, and lets a day pass after it. */
  async night(options: Parameters<typeof backUp>[1] = {}): Promise<ReadNight> {
    const startedAt = this.clock.now();
    const run = await backUp(this.simulator, { directory: this.directory, clock: this.clock, ...options });
    if (!run.manifest) throw run.error ?? new Error('It has no manifest.');
    const read = readNight(this.directory, run.manifest.name);
    this.#siteAt.set(read.manifest.startedAt, truthOf(this.site));
    this.#full = undefined;
    this.clock.pass(Math.max(0, startedAt + day - this.clock.now()));
    return read;
  }

  /** Paths of the files of activity within a night, with the number of the inode. */
  inodes({ manifest, keys }: ReadNight): Map<string, number> {
    const files = keys.filter((key) => /\/objects\/(history|comments)\//.test(key));
    const path = (key: string) => key.slice(manifest.name.length + 1);
    return new Map(files.map((key) => [path(key), statSync(join(this.directory, key)).ino]));
  }

  /** In what the last night is not what a full backup is, or not whole; the site has to be as it was then. */
  async wrongWith(read: ReadNight): Promise<string[]> {
    this.#full ??= await fullNight(this.simulator, this.clock);
    return judgeNight({
      ...{ directory: this.directory, site: this.site, read, full: this.#full, siteAt: this.#siteAt },
    });
  }
}
