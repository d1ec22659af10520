import { basename, join, resolve } from 'node:path';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { ListedBackup } from '../core/backup-format/open-backup.ts';
import { WrongInputError } from '../core/errors.ts';
import type { DrillResult } from '../core/model/drill.ts';
import type { RelinkChoices, RestoreChoices, UndoChoices } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import { reasonWords } from '../core/retention/keep-reason.ts';
import type { PruneReport } from '../core/retention/prune-backups.ts';
import { shellCommand } from '../core/shell-word.ts';
import { folderRuns } from '../local/folder-runs.ts';
import { type LocalRoot, localRoot } from '../local/local-root.ts';
import type { LocalRuns } from '../local/local-runs.ts';
import { openLocalStores } from '../local/local-stores.ts';
import { mayNotWrite } from '../local/may-not-write.ts';
import type { CommandContext } from './command-context.ts';
import type {
  Place,
  RunOf,
  WantedBackup,
  WantedDiff,
  WantedDrill,
  WantedPruning,
  WantedRestore,
  WantedUndo,
  WhatIsKept,
} from './place.ts';
import { backupRunKind, drillRunKind, relinkRunKind, restoreRunKind, undoRunKind } from './progress/run-kind.ts';
import type { ChosenSite, SettingsSources } from './read-site-settings.ts';
import type { PlacedRun } from './run-command.ts';
import type { RunLog } from './run-log.ts';
import { thisPerson } from './this-person.ts';
import type { WatchedSurroundings } from './watched-work.ts';

/** A folder, with this machine to run on. */
export class LocalPlace implements Place {
  readonly name: string;
  readonly words: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly newBackup: string;
  readonly backups: BackupStore;
  readonly work: ReturnType<typeof openLocalStores>['work'];
  readonly runs: LocalRuns;
  readonly #context: CommandContext;
  readonly #directory: string;
  readonly #root: LocalRoot;

  /** @param backups those of the folder, opened */
  constructor(context: CommandContext, directory: string, backups: BackupStore) {
    this.name = spoken(directory);
    this.words = ['--local', directory];
    this.fields = { directory };
    // Into a single backup of the original scripts none is ever made.
    const { root } = localRoot(directory);
    this.newBackup = shellCommand('backup', '--local', root, '--site', 'site.json');
    this.backups = backups;
    this.work = openLocalStores(directory).work;
    this.runs = folderRuns(this.work);
    this.#context = context;
    this.#directory = directory;
    this.#root = localRoot(directory);
  }

  addressOfBackup(name: string): string {
    return this.#root.only === null ? join(this.#directory, name) : this.#directory;
  }

  /** As the folder was given: shorter than the whole path, and it can be pasted. */
  addressOfWork(key: string): string {
    return join(this.#root.root, '.work', key);
  }

  async person(): Promise<string> {
    return thisPerson();
  }

  beginRun(executionId: string): Promise<() => Promise<void>> {
    return this.runs.startHeartbeat(executionId);
  }

  async backUp({ schemas, activity, full, site, keepLogs }: WantedBackup): Promise<PlacedRun<BackupResult>> {
    const { product } = this.#context;
    const directory = this.#directory;
    const { settings, objectSchemaKeys } = await this.#readSettings(site);
    return {
      kind: backupRunKind,
      opening: `Backing up ${settings.siteName} into ${this.name}`,
      local: { directory: this.#root.root, keepLogs },
      start: async ({ reporter, signal }) => ({
        result: await product.backUp({
          directory: resolve(directory),
          settings,
          objectSchemaKeys: schemas ?? objectSchemaKeys ?? null,
          activity,
          full,
          reporter,
          signal,
        }),
      }),
    };
  }

  async restore(wanted: WantedRestore): Promise<RunOf<RestoreChoices>> {
    const { product } = this.#context;
    const directory = this.#directory;
    const { request, options } = wanted;
    const settings = await this.#targetSettings(wanted);
    const { siteName } = settings;
    return (choices) => ({
      kind: restoreRunKind,
      opening: choices.dryRun
        ? `Planning to restore ${choices.backup} to ${siteName}; nothing there is changed`
        : `Restoring ${choices.backup} to ${siteName}`,
      local: { directory: this.#root.root, keepLogs: options.keepLogs },
      start: async ({ reporter, signal }) => {
        for (const { key, text } of request.files) await this.work.write(key, text);
        return {
          result: await product.restore({ directory: resolve(directory), settings, choices, reporter, signal }),
        };
      },
    });
  }

  async undo({ site, keepLogs }: WantedUndo): Promise<RunOf<UndoChoices>> {
    const { product } = this.#context;
    const directory = this.#directory;
    const { settings } = await this.#readSettings(site);
    const { siteName } = settings;
    return (choices) => ({
      kind: undoRunKind,
      opening: choices.dryRun
        ? `Planning to undo ${choices.undo} on ${siteName}; nothing there is changed`
        : `Undoing ${choices.undo} on ${siteName}`,
      local: { directory: this.#root.root, keepLogs },
      start: async ({ reporter, signal }) => ({
        result: await product.undo({ directory: resolve(directory), settings, choices, reporter, signal }),
      }),
    });
  }

  async drill({ site, keepLogs }: WantedDrill): Promise<PlacedRun<DrillResult>> {
    const { product } = this.#context;
    const directory = this.#directory;
    const { settings } = await this.#readSettings(site);
    return {
      kind: drillRunKind,
      opening: `Restoring some of the newest backup of ${this.name} into scratch schemas of ${settings.siteName}`,
      local: { directory, keepLogs },
      start: async ({ reporter, signal }) => ({
        result: await product.drill({ directory: resolve(directory), settings, reporter, signal }),
      }),
    };
  }

  async relink({ site, keepLogs }: WantedUndo): Promise<RunOf<RelinkChoices>> {
    const { product } = this.#context;
    const directory = this.#directory;
    const { settings } = await this.#readSettings(site);
    const { siteName } = settings;
    return (choices) => ({
      kind: relinkRunKind,
      opening: choices.dryRun
        ? `Looking at issues of ${siteName} for ${choices.relink}; nothing there is changed`
        : `Linking issues of ${siteName} again for ${choices.relink}`,
      local: { directory, keepLogs },
      start: async ({ reporter, signal }) => ({
        result: await product.relink({ directory: resolve(directory), settings, choices, reporter, signal }),
      }),
    });
  }

  async prune({ dryRun }: WantedPruning): Promise<PruneReport> {
    const { io, output } = this.#context;
    if (this.#root.only !== null)
      throw new WrongInputError(
        `${this.#directory} is a single backup of the original scripts, which nothing ever deletes. Name the folder of backups: ${this.#root.root}.`,
      );
    const { pruneLocally } = await import('../local/local-retention.ts');
    const { RunLog } = await import('./run-log.ts');
    let log: RunLog | undefined;
    // Where it has nothing to tell, as in a dry run, it leaves no log.
    const opened = () => {
      log ??= new RunLog(this.#root.root, new Date(io.now()), (message) => output.warn(message));
      output.trace = { field: 'log', value: log.path };
      return log;
    };
    const nothing = () => {};
    const reporter: Reporter = {
      ...{ planned: nothing, advanced: nothing, requested: nothing },
      event: (...event) => opened().event(...event),
    };
    try {
      return await pruneLocally({ directory: this.#directory, dryRun, reporter });
    } finally {
      log?.close();
    }
  }

  async whatIsKept(backups: readonly ListedBackup[]): Promise<WhatIsKept | null> {
    const { keptLocally } = await import('../local/local-retention.ts');
    const plan = await keptLocally(this.#directory, backups);
    if (!plan) return null;
    const reasons = plan.decisions.map(({ name, reasons }) => [name, reasons.map(reasonWords)] as const);
    return { reasons: new Map(reasons), heldBack: plan.heldBack };
  }

  async diffLive({ site, ...wanted }: WantedDiff) {
    const { product } = this.#context;
    const directory = resolve(this.#directory);
    const { settings } = await this.#readSettings(site);
    return ({ reporter, signal }: WatchedSurroundings) =>
      product.diffWithSite({ ...wanted, directory, settings, reporter, signal });
  }

  /** In a private folder where somebody else's may only be read. */
  async keepPage(key: string, page: string): Promise<string> {
    try {
      await this.work.write(key, page);
      return this.addressOfWork(key);
    } catch (error) {
      if (!mayNotWrite(error)) throw error;
      this.#context.output.note(`This user may not write to ${this.name}: the report is made elsewhere.`);
      const { keepPrivately } = await import('./private-page.ts');
      return keepPrivately(key, page);
    }
  }

  async clearOldDiffs(now: number): Promise<void> {
    const { clearOldDiffs } = await import('../local/local-diff.ts');
    return clearOldDiffs(this.work, now);
  }

  /** The target's settings: of --site, else of the login in the input file, else of the environment. */
  async #targetSettings({ request: { credentials }, options }: WantedRestore): Promise<LoginSettings> {
    const { site, input = '', chosen } = options;
    const { output } = this.#context;
    if (credentials && 'apiToken' in credentials) {
      output.warn(
        `${input} holds an API token, which does not belong there: put siteName, username and apiToken into a file of their own, for --site.`,
      );
    }
    if (site === undefined) {
      const { chosenSite } = await import('./read-site-settings.ts');
      return (await chosenSite(credentials && { file: input, json: credentials }, this.#sources())).settings;
    }
    if (credentials) output.warn(`The login in ${input} is not used: --site names the target.`);
    const { settings, objectSchemaKeys } = await this.#readSettings(site);
    if (objectSchemaKeys && !chosen.objectSchemas && input === '') {
      output.warn(`objectSchemaKeys in ${site} chooses what is backed up, not what is restored: --schema does that.`);
    }
    return settings;
  }

  async #readSettings(site: string | undefined): Promise<ChosenSite> {
    const { readSiteSettings } = await import('./read-site-settings.ts');
    return readSiteSettings(site, this.#sources());
  }

  #sources(): SettingsSources {
    const { io, output } = this.#context;
    return { ...io, warn: (message) => output.warn(message) };
  }
}

/** `.` and `..` say nothing to whoever reads a sentence, and end none. */
function spoken(directory: string): string {
  return /^\.{1,2}$/.test(basename(directory)) ? resolve(directory) : directory;
}
