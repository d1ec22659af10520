import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { functionNeeds } from '../functions/function-needs.ts';
import { type StepFile, stepFolder, stepName } from '../functions/step-list.ts';

const root = resolve(import.meta.dirname, '..');
const allFiles = Object.keys(functionNeeds) as StepFile[];

/**
 * Bundles functions, all of them unless told otherwise, in one run of esbuild into `folder/<StepName>/index.mjs`, whose export `handler` Lambda calls, with
 * its source map beside it. The SDK is inside, so that what was tested is what runs. The same sources give the same bytes on
 * every machine: a deployment uploads only what changed.
 */
export async function bundleFunctions(folder: string, files: readonly StepFile[] = allFiles): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: files.map((file) => ({ in: `${entryPrefix}${file}`, out: join(stepName(file), 'index') })),
    plugins: [generatedEntries],
    bundle: true,
    write: false,
    // Paths in source maps are relative to this, which is no matter of the machine; what is written goes to `folder`.
    outdir: join(root, 'bundles'),
    absWorkingDir: root,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // Packages that have both forms are smaller by a quarter in the one that can be shaken.
    mainFields: ['module', 'main'],
    // Names of classes get lost, and none is needed: errors have literal names.
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    // Packages in the other form ask for Node's modules by `require`, which a module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  for (const { path, contents } of outputFiles) {
    const target = join(folder, relative(join(root, 'bundles'), path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
}

const entryPrefix = 'function:';

const entryOf = (file: StepFile) => `import { lambdaHandler } from './functions/runtime/lambda-handler.ts';
import { step } from './functions/${stepFolder(file)}/${file}.ts';
${
  functionNeeds[file].asksSchedule
    ? `import { scheduledStart } from './functions/runtime/scheduled-start.ts';
export const handler = lambdaHandler(step, scheduledStart);`
    : 'export const handler = lambdaHandler(step);'
}`;

/** Makes the entry of each function: its step, with AWS for its services. Steps themselves know nothing of Lambda. */
const generatedEntries: Plugin = {
  name: 'generated-entries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${entryPrefix}`) }, ({ path }) => ({
      path: path.slice(entryPrefix.length),
      namespace: 'entry',
    }));
    onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => {
      const file = basename(path) as StepFile;
      return {
        contents: entryOf(file),
        resolveDir: root,
      };
    });
  },
};
