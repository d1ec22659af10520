import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { machineSteps } from '../functions/step-list.ts';
import packageFile from '../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');

/** Without iterators that have methods, FTS5 in node:sqlite and process.execve there is no command; the launcher says so in older ones. */
export const leastNode = '22.16';

/**
 * Bundles the command into `folder`: `main.mjs`, and chunks beside it for what it loads where it is called, so that `--help`
 * reads next to nothing. Files that are read at run time lie where the bundle looks for them. Gives what went into it.
 */
export async function bundleCommand(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { main: join(root, 'cli/main.ts') },
    plugins: [importedSteps, versionAlone],
    bundle: true,
    splitting: true,
    // All in one folder: what is read beside a source file lies beside every chunk.
    outdir: folder,
    chunkNames: '[name]-[hash]',
    absWorkingDir: root,
    // Paths of packages stand in the bundle: wherever those lie, they are those of a clone.
    preserveSymlinks: true,
    platform: 'node',
    target: `node${leastNode}`,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    // What builds the page of a clone; a package has it ready built.
    external: ['esbuild'],
    // Names stay, for whoever is sent the stack of an error.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    // Packages in the other form ask for Node's modules by `require`, which a module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  for (const machine of Object.keys(machineSteps)) {
    const definition = join(machine, `${machine}.asl.json`);
    write(join(folder, definition), readFileSync(join(root, 'functions', definition)));
  }
  return metafile;
}

const loadsStep = `import(\`../functions/\${name}/\${file}.ts\`)`;

/** Names each step that is loaded by its name, which a bundler cannot see: it would take every file of `functions/` for one. */
const importedSteps: Plugin = {
  name: 'imported-steps',
  setup({ onLoad }) {
    onLoad({ filter: /\/local\/load-steps\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const parts = source.split(loadsStep);
      if (parts.length !== 2) throw new Error(`${path} no longer loads its steps by ${loadsStep}.`);
      const steps = Object.entries(machineSteps)
        .flatMap(([machine, files]) => files.map((file) => `${machine}/${file}`))
        .map((step) => {
          const from = `../functions/${step}.ts`;
          return `'${step}': () => import('${from}')`;
        });
      return {
        contents: `${parts.join(`stepModules[\`\${name}/\${file}\`]()`)}\nconst stepModules = {${steps}};`,
        loader: 'ts',
      };
    });
  },
};

/** Of the clone's manifest: what else stands there is no matter of a package. */
const versionAlone: Plugin = {
  name: 'version-alone',
  setup({ onLoad }) {
    onLoad({ filter: /\/package\.json$/ }, ({ path }) =>
      path === join(root, 'package.json')
        ? { contents: JSON.stringify({ version: packageFile.version }), loader: 'json' }
        : undefined,
    );
  },
};

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
