import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { HurriedClock, RecordingReporter, settingsFor } from '../end-to-end/local-run.ts';
import { folder } from './deployed-stack.ts';

/** Texts of a backup's files by their keys. */
export type StoredFiles = ReadonlyMap<string, string>;

/** What a local run of the site stores. */
export async function filesOfLocalRun(simulator: Simulator): Promise<StoredFiles> {
  const directory = mkdtempSync(join(folder, 'local-'));
  const local = await backUpLocally({
    directory,
    settings: settingsFor(simulator),
    objectSchemaKeys: null,
    activity: true,
    reporter: new RecordingReporter(),
    clock: new HurriedClock(),
  });
  return filesOf(openLocalStores(directory).backups, local.backup);
}

/** Without what is the run's own: its name, its times, and the order in which its files came to be. */
export async function filesOf(store: BackupStore, backup: string): Promise<StoredFiles> {
  const files = new Map<string, string>();
  const manifest: Manifest & { seal?: string } = await openBackup(store, backup);
  for await (const { key } of store.list(`${backup}/`)) {
    const text = Buffer.from(await store.read(key))
      .toString('latin1')
      .replaceAll(backup, 'BACKUP')
      .replaceAll(manifest.startedAt, 'STARTED')
      .replace(activityListsSum, '');
    const isList = key.startsWith(`${backup}/manifest/`);
    files.set(key.slice(backup.length + 1), isList ? text.split('\n').sort().join('\n') : text);
  }
  // The sums of the lists, whose texts are compared, hold the backup's name; so does the manifest's own.
  const { startedAt: _s, finishedAt: _f, requests: _r, seal: _, fileLists, ...same } = manifest;
  const lists = fileLists.map(({ sha256: _, ...list }) => list);
  files.set(
    'manifest.json',
    JSON.stringify({ ...same, lists })
      .replaceAll(backup, 'BACKUP')
      .replaceAll(manifest.startedAt, 'STARTED'),
  );
  return files;
}

/** In a list of files: what is listed of activity says when it was read. */
const activityListsSum = /(?<=manifest\/activity-\d+\.jsonl".*)"sha256":"[0-9a-f]+",?/g;

/** Keys of files that only one of the two has, or that differ. */
export function differentFiles(one: StoredFiles, other: StoredFiles): readonly string[] {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys].filter((key) => one.get(key) !== other.get(key));
}
