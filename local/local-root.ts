import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { recogniseScripts, scriptsListPath } from '../core/original-scripts/recognise.ts';

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

/** Keys of the schemas that the scripts' list names; undefined of a folder that is no backup of theirs. */
export function schemasOfScripts(folder: string): readonly string[] | undefined {
  const list = join(folder, scriptsListPath);
  try {
    if (!existsSync(list) || existsSync(join(folder, 'manifest.json')) || existsSync(join(folder, 'manifest'))) return;
    const stats = lstatSync(list);
    if (!stats.isFile() || stats.size > mostListBytes) return;
    return recogniseScripts(readFileSync(list))?.schemas;
  } catch {
    return undefined;
  }
}

/** Of schemas a site has hundreds. */
const mostListBytes = 64 * 1024 * 1024;

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
