import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const packageFolder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The packages that files belong to, each with its licence in full, as the licences ask for where code is passed on. Throws an Error for
 * one that neither has a file of it nor names it.
 * @param files from `root`, those that a bundle was made of
 */
export function licencesOf(files: readonly string[], root: string): string {
  const folders = new Set(files.flatMap((file) => packageFolder.exec(resolve(root, file)) ?? []));
  const entries = [...folders].map((folder) => {
    const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFacts;
    const texts = globSync('{LICEN[CS]E,NOTICE,COPYING,license,notice}{,.*,-*}', { cwd: folder }).sort();
    if (texts.length === 0 && facts.license === undefined)
      throw new Error(`${facts.name} says nothing of its licence.`);
    const title = `${facts.name} ${facts.version}${facts.license === undefined ? '' : `, ${facts.license}`}`;
    return [title, '='.repeat(title.length), ...texts.map((text) => readFileSync(join(folder, text), 'utf8').trim())];
  });
  return `Of other authors, in the files beside this one:\n\n${entries
    .map((lines) => lines.join('\n\n'))
    .sort()
    .join('\n\n\n')}\n`;
}
