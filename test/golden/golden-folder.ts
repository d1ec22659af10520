import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { siteOfDump } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { testDirectory } from '../end-to-end/local-run.ts';

/** A folder that was written once, by one version of the program, and is only read: see README.md beside this file. */
export class GoldenFolder {
  readonly #path: string;

  constructor(name: string) {
    this.#path = join(import.meta.dirname, name);
  }

  /** SHA-256 of every file but the list itself, by its path with `/`. */
  checksums(): Map<string, string> {
    const files = readdirSync(this.#path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => relative(this.#path, join(parentPath, name)));
    return new Map(
      paths
        .filter((path) => path !== checksumList)
        .map((path) => [
          path.replaceAll(sep, '/'),
          createHash('sha256')
            .update(readFileSync(join(this.#path, path)))
            .digest('hex'),
        ]),
    );
  }

  /** The checksums that were written with the folder. */
  writtenChecksums(): Map<string, string> {
    const lines = readFileSync(join(this.#path, checksumList), 'utf8').trimEnd().split('\n');
    return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  }

  /** A copy of the backups, with the work folder of a run beside them where one is named. It goes with the test. */
  copy(run?: string): string {
    const directory = testDirectory();
    cpSync(join(this.#path, 'backups'), directory, { recursive: true });
    if (run !== undefined) cpSync(join(this.#path, run, '.work'), join(directory, '.work'), { recursive: true });
    return directory;
  }

  /** The site that was backed up, as it was. */
  sourceSite(dump = 'source-site.json'): SimulatedSite {
    return siteThen(join(this.#path, dump));
  }

  /** The target of a run, as that run left it. */
  targetSite(run: string): SimulatedSite {
    return siteThen(join(this.#path, run, 'target-site.json'));
  }
}

/** The site of a dump, with attributes listed as the simulator listed them when the folder was written. */
function siteThen(path: string): SimulatedSite {
  const site = siteOfDump(readFileSync(path, 'utf8'));
  site.quirks = { ...site.quirks, attributePlaces: 'among-own' };
  site.configurationChanged();
  return site;
}

const checksumList = 'SHA256SUMS';
