import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleCommand } from './bundle-command.ts';
import { licencesOf } from './licences.ts';
import { putBackManifest, putInPackageManifest } from './package-manifest.ts';

// What `npm pack` runs, before it (`prepack`) and after it (`postpack`). A clone keeps no bundle: it could be older than its source.
const root = resolve(import.meta.dirname, '..');
const bundle = join(root, 'bundle');

rmSync(bundle, { recursive: true, force: true });
if (process.argv[2] === 'prepack') {
  const { inputs } = await bundleCommand(bundle);
  writeFileSync(join(bundle, 'LICENCES.txt'), licencesOf(Object.keys(inputs), root));
  putInPackageManifest(root);
} else putBackManifest(root);
