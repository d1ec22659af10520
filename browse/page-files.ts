import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What a browser is given before it has shown the token: the page without a word of any backup. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

/** Where a package has the page, which was built with it. A clone has no such files: they could be older than their source. */
const builtScript = new URL('page.js', import.meta.url);
const builtStyle = new URL('page.css', import.meta.url);

/** The page, ready built in a package, and built now in a clone. */
export async function readPageFiles(): Promise<PageFiles> {
  try {
    return { script: await readFile(builtScript, 'utf8'), style: await readFile(builtStyle, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return buildPageFiles();
  }
}

/** Bundles the page of a clone. */
export async function buildPageFiles(): Promise<PageFiles> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../pages/browser/main.ts', import.meta.url))],
    ...{
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      minify: true,
      write: false,
      legalComments: 'none',
    },
    logLevel: 'silent',
  });
  const { pageStyle } = await import('../pages/style.ts');
  return { script: outputFiles[0]?.text ?? '', style: pageStyle };
}
