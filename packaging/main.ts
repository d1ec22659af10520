import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildPageFiles } from '../browse/page-files.ts';
import { bundleCommand } from './bundle-command.ts';
import { licencesOf } from './licences.ts';
import { putBackManifest, putInPackageManifest } from './package-manifest.ts';

// What `npm pack` runs, before it (`prepack`) and after it (`postpack`). A clone keeps no bundle: it could be older than its source.
const root = resolve(import.meta.dirname, '..');
const bundle = join(root, 'bundle');

rmSync(bundle, { recursive: true, force: true });
if (process.argv[2] === 'prepack') {
  const { inputs } = await bundleCommand(bundle);
  const page = await buildPageFiles();
  writeFileSync(join(bundle, 'page.js'), page.script);
  writeFileSync(join(bundle, 'page.css'), page.style);
  const ofPage = 'node_modules/preact/package.json';
  writeFileSync(join(bundle, 'LICENCES.txt'), licencesOf([...Object.keys(inputs), ofPage], root));
  putInPackageManifest(root);
} else putBackManifest(root);
