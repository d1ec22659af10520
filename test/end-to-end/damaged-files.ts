import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What befalls a file of a backup. */
export const damages = {
  'flipped in a bit': (path: string) => {
    const bytes = readFileSync(path);
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  },
  removed: (path: string) => rmSync(path),
};

export type Damage = keyof typeof damages;

/** Keys of a backup's files that match, in their order. */
export function keysIn(directory: string, backup: string, pattern: RegExp): string[] {
  return readdirSync(join(directory, backup), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((key) => pattern.test(key))
    .sort();
}

/** Damages every file of a backup that matches; gives their keys. */
export function damageAll(directory: string, backup: string, pattern: RegExp, damage: Damage): string[] {
  const keys = keysIn(directory, backup, pattern);
  for (const key of keys) damages[damage](join(directory, key));
  return keys;
}
