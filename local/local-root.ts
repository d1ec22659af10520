import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readRecords } from '../core/original-scripts/read-records.ts';
import { isListOfScripts, recogniseScripts, scriptsListPath } from '../core/original-scripts/recognise.ts';

/** What `--local` names: a folder of backups, or a single backup of the original scripts. */
export interface LocalRoot {
  /** The folder of the backups: beside them lie the work, the logs and the settings. */
  readonly root: string;
  /** A backup of the scripts that was named by itself; null of a folder of backups. */
  readonly only: ScriptsPlace | null;
}

export interface ScriptsPlace {
  readonly path: string;
  readonly kind: 'folder' | 'zip';
}

/** A file is a zip, and a folder with a list of schemas and no manifest a backup of the scripts: both lie in a folder of backups. */
export function localRoot(directory: string): LocalRoot {
  if (isFile(directory)) return { root: dirname(directory), only: { path: directory, kind: 'zip' } };
  if (isScriptsFolder(directory)) {
    return { root: dirname(resolve(directory)), only: { path: directory, kind: 'folder' } };
  }
  return { root: directory, only: null };
}

/** Whether a folder is a backup of the original scripts. What cannot be looked at is none. */
export function isScriptsFolder(folder: string): boolean {
  return schemasOfScripts(folder) !== undefined;
}

/**
 * Keys of the schemas that the scripts' list names; undefined of a folder that is no backup of theirs. Where that list is missing or was cut,
 * the lists of object types tell it, and the names of the folders which schemas there are.
 */
export function schemasOfScripts(folder: string): readonly string[] | undefined {
  try {
    if (existsSync(join(folder, 'manifest.json')) || existsSync(join(folder, 'manifest'))) return;
    const list = bytesOf(join(folder, scriptsListPath));
    if (list && isListOfScripts(list)) return recogniseScripts(list)?.schemas;
    if (list && recordsIn(list) > 0) return;
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const schemas = inside.slice(0, mostFolders).filter(({ name }) => {
      const types = bytesOf(join(folder, name, 'config', 'objecttypes.json'));
      return types !== undefined && isListOfScripts(types);
    });
    return schemas.length === 0 ? undefined : schemas.map(({ name }) => name);
  } catch {
    return undefined;
  }
}

const recordsIn = (list: Uint8Array) => readRecords(list).records?.length ?? 0;

/** Undefined of what is no regular file of that size. */
function bytesOf(path: string): Uint8Array | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() && stats.size <= mostListBytes ? readFileSync(path) : undefined;
}

/** Of a folder of backups that is no backup itself only so many are looked into. */
const mostFolders = 100;
/** Of schemas a site has hundreds. */
const mostListBytes = 64 * 1024 * 1024;

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
