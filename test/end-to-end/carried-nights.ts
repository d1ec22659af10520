import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActivityLine, allFiles, readActivityLines } from '../../core/backup-format/activity-list.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import type { ActivityFiles } from '../../core/model/activity.ts';
import type { Services } from '../../core/ports/services.ts';
import type { LocalBackupOptions } from '../../local/local-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { backUp, type FinishedRun, HurriedClock, testDirectory, testSimulator } from './local-run.ts';
import { readStored, type StoredSite } from './stored-site.ts';

const hour = 3_600_000;
const day = 24 * hour;
const firstStart = Date.UTC(2026, 10, 24, 2);

interface NightOptions extends Partial<LocalBackupOptions> {
  readonly files?: ActivityFiles;
  readonly maxAgeDays?: number;
  readonly site?: object;
}

export interface CarriedNight extends FinishedRun {
  readonly manifest: Manifest;
  readonly stored: StoredSite;
  /** By object. */
  readonly lines: ReadonlyMap<string, ActivityLine>;
  /** Objects whose activity was asked for, each once. */
  readonly asked: { readonly history: readonly string[]; readonly comments: readonly string[] };
  /** Keys of files of activity that were copied in the store, and of those that were written. */
  readonly copied: readonly string[];
  readonly written: readonly string[];
}

/** Nights of one site and one folder, a day apart, in a time that stands still but for pauses. */
export class CarriedNights {
  readonly directory = testDirectory();
  readonly simulator: Simulator;
  readonly clock: HurriedClock;
  readonly #passUntil: (time: number) => void;
  #starts = firstStart;

  private constructor(simulator: Simulator, clock: HurriedClock, passUntil: (time: number) => void) {
    this.simulator = simulator;
    this.clock = clock;
    this.#passUntil = passUntil;
  }

  static async of(site: SimulatedSite): Promise<CarriedNights> {
    let passed = 0;
    const clock = new HurriedClock(firstStart - hour, () => passed);
    const passUntil = (time: number) => {
      passed += time - clock.now();
    };
    return new CarriedNights(await testSimulator({ site, clock }), clock, passUntil);
  }

  /** The next night, at its hour; afterwards it is an hour before the one that follows, however long this one was. */
  async night({ files = 'object', maxAgeDays = 14, decorate, ...options }: NightOptions = {}): Promise<CarriedNight> {
    this.#passUntil(this.#starts);
    const settings = { activityFiles: files, activityMaxAgeDays: maxAgeDays };
    writeFileSync(join(this.directory, 'settings.json'), JSON.stringify(settings));
    const before = this.simulator.requests.log.length;
    const copied: string[] = [];
    const written: string[] = [];
    const watched = (services: Services): Services => {
      const { backups } = services;
      const watching = Object.assign(Object.create(backups), {
        copy: async (from: Parameters<typeof backups.copy>[0], key: string) => {
          await backups.copy(from, key);
          copied.push(key);
        },
        create: async (key: string, bytes: Uint8Array) => {
          await backups.create(key, bytes);
          if (isActivity(key)) written.push(key);
        },
        read: (key: string, most?: number) => backups.read(key, most),
        stream: (key: string) => backups.stream(key),
        list: (prefix: string) => backups.list(prefix),
        folders: () => backups.folders(),
        addressOf: (key: string) => backups.addressOf(key),
        ofScripts: async (name: string) => backups.ofScripts?.(name),
      });
      const inner = { ...services, backups: watching };
      return decorate ? decorate(inner) : inner;
    };
    const { directory, clock } = this;
    const run = await backUp(this.simulator, { ...options, directory, clock, decorate: watched });
    this.#starts += day;
    this.#passUntil(this.#starts - hour);
    if (!run.manifest) throw run.error ?? new Error('no manifest');
    const { backups } = openLocalStores(directory);
    const lines = new Map<string, ActivityLine>();
    for await (const line of readActivityLines(backups, run.manifest, await allFiles(backups, run.manifest)))
      lines.set(line.object, line);
    const asked = (kind: 'history' | 'comments') => [
      ...new Set(
        this.simulator.requests.log.slice(before).flatMap(({ endpoint, path }) => {
          return endpoint === kind ? (/\/(\d+)(?:\/history)?(?:\?|$)/.exec(path)?.[1] ?? path) : [];
        }),
      ),
    ];
    const stored = await readStored(directory, run.manifest);
    return {
      ...run,
      ...{ manifest: run.manifest, stored, lines, copied, written },
      asked: { history: asked('history'), comments: asked('comments') },
    };
  }

  /** The bytes of all files of activity of a backup, by key without its name. */
  async filesOf({ manifest: { name } }: CarriedNight): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for await (const { key } of openLocalStores(this.directory).backups.list(`${name}/`))
      if (isActivity(key)) files.set(key.slice(name.length), readFileSync(join(this.directory, key), 'utf8'));
    return files;
  }
}

const isActivity = (key: string) => /\/objects\/(history|comments)\//.test(key);
