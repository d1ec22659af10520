import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageFile from '../package.json' with { type: 'json' };
import { leastNode } from './bundle-command.ts';

/**
 * What a package says of itself. Its bundle needs no other package, above all not the Node that comes along with a clone, and older ones
 * will do.
 */
export const packageManifest = {
  ...{ name: packageFile.name, version: packageFile.version, description: packageFile.description },
  ...{ private: packageFile.private, license: packageFile.license, type: packageFile.type },
  engines: { node: `>=${leastNode}` },
  ...{ bin: packageFile.bin, files: packageFile.files },
  // Where a packing broke off this is the clone's manifest, and the next one has to mend that.
  scripts: { prepack: packageFile.scripts.prepack, postpack: packageFile.scripts.postpack },
};

const keptName = 'package.clone.json';

/** Puts the package's manifest in the place of the clone's, which is kept beside it: npm packs what lies there. */
export function putInPackageManifest(root: string): void {
  putBackManifest(root);
  const manifest = join(root, 'package.json');
  writeFileSync(join(root, keptName), readFileSync(manifest));
  writeFileSync(manifest, `${JSON.stringify(packageManifest, null, 2)}\n`);
}

/** Puts the clone's manifest back, also where a packing broke off; there is nothing to do where it stands. */
export function putBackManifest(root: string): void {
  const kept = join(root, keptName);
  if (existsSync(kept)) renameSync(kept, join(root, 'package.json'));
}
