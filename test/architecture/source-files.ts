import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

const importOf =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|import\(\s*[`'"]([^`'"$]+)/g;

/** What a file imports, types too, as it names it. */
export function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(importOf)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}

/** The path from the root of what it names by `./` or `../`. */
export const pathOf = (file: string, target: string) => relative(root, join(root, dirname(file), target));
