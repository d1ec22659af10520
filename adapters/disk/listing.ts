import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { saysMissing } from './disk-error.ts';
import type { KeyPaths } from './key-path.ts';
import { sortByUtf8 } from './utf8-order.ts';

export interface ListedFile {
  readonly key: string;
  readonly path: string;
}

/**
 * The files whose key begins with `prefix`, in the order of the UTF-8 bytes of their keys. Holds the names of the folders on the
 * way to the file at hand, and no others. Symbolic links are passed over.
 */
export async function* filesUnder(root: string, paths: KeyPaths, prefix: string): AsyncGenerator<ListedFile> {
  const folder = prefix.split('/');
  const beginning = folder.pop() ?? '';
  yield* walk(root, paths, folder, beginning);
}

/** The folders at the top that hold a file; one that a killed process left empty is none, as on S3. */
export async function* foldersAtTop(root: string, paths: KeyPaths): AsyncGenerator<string> {
  for (const name of await sortedNames(root, paths, [])) {
    if (!name.endsWith('/')) continue;
    const first = await filesUnder(root, paths, name).next();
    if (first.done !== true) yield name.slice(0, -1);
  }
}

async function* walk(
  root: string,
  paths: KeyPaths,
  folder: readonly string[],
  beginning: string,
): AsyncGenerator<ListedFile> {
  const path = join(root, ...paths.encode(folder));
  for (const name of await sortedNames(root, paths, folder)) {
    if (!name.startsWith(beginning)) continue;
    if (name.endsWith('/')) yield* walk(root, paths, [...folder, name.slice(0, -1)], '');
    else yield { key: [...folder, name].join('/'), path: join(path, paths.encodeAt(name, folder.length)) };
  }
}

/** A folder's name ends in a slash, as in the keys below it: so `a-b` comes before `a/b`, and `a/b` before `a0`. */
async function sortedNames(root: string, paths: KeyPaths, folder: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  try {
    // 32 entries at a time, the default, are slow where half a million lie in one folder.
    for await (const entry of await opendir(join(root, ...paths.encode(folder)), { bufferSize: 1_024 })) {
      const name = paths.decode(entry.name, folder.length);
      if (name === undefined) continue;
      if (entry.isDirectory()) names.push(`${name}/`);
      else if (entry.isFile()) names.push(name);
    }
  } catch (error) {
    if (!(await saysMissing(error, root))) throw error;
  }
  return sortByUtf8(names);
}
