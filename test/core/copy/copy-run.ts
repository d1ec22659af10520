import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CopyResult, copyBackup } from '../../../core/copy/copy-backup.ts';
import type { CopyPlace } from '../../../core/copy/copy-place.ts';
import { LocalRuns } from '../../../local/local-runs.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { RecordingReporter, testClock } from '../../end-to-end/local-run.ts';

export interface EndedCopy {
  readonly result?: CopyResult;
  readonly error?: Error;
  readonly reporter: RecordingReporter;
  /** What was said of a source that takes no mark. */
  readonly unmarked: readonly string[];
}

/** A folder as one end of a copy. */
export function folderPlace(directory: string): CopyPlace {
  const { backups, work } = openLocalStores(directory);
  return { name: directory, backups, work, runs: new LocalRuns(work, testClock) };
}

export interface CopyRunOptions {
  readonly withJournals?: boolean;
  readonly signal?: AbortSignal;
  readonly source?: (place: CopyPlace) => CopyPlace;
  readonly destination?: (place: CopyPlace) => CopyPlace;
  readonly reporter?: RecordingReporter;
}

/** Copies between two folders, by the real stores. */
export async function copy(from: string, to: string, backup: string, options: CopyRunOptions = {}): Promise<EndedCopy> {
  const { withJournals = false, signal = new AbortController().signal } = options;
  const { source = asItIs, destination = asItIs, reporter = new RecordingReporter() } = options;
  const unmarked: string[] = [];
  try {
    const result = await copyBackup(
      {
        source: source(folderPlace(from)),
        destination: destination(folderPlace(to)),
        clock: testClock,
        reporter,
        signal,
        unmarked: ({ message }) => unmarked.push(message),
      },
      { backup, executionId: 'copy-test', by: 'a test', withJournals },
    );
    return { result, reporter, unmarked };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error, reporter, unmarked };
  }
}

const asItIs = (place: CopyPlace) => place;

/** Texts of all files of a folder by their paths below it; none where it is not there. */
export function filesIn(...path: string[]): Map<string, string> {
  const folder = join(...path);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]));
}

/** Puts something before or in the place of methods of one store of a place. */
export function withStore(
  place: CopyPlace,
  store: 'backups' | 'work',
  methods: Readonly<Record<string, (...given: never[]) => unknown>>,
): CopyPlace {
  const real = place[store];
  const over = new Proxy(real, {
    get(target, name) {
      const method: unknown = methods[String(name)] ?? Reflect.get(target, name);
      return typeof method === 'function' && !methods[String(name)] ? method.bind(target) : method;
    },
  });
  return { ...place, [store]: over };
}
