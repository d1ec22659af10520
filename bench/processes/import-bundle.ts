import { pathToFileURL } from 'node:url';
import { finish, inputOf, setFunctionEnvironment } from './parent.ts';

export interface ImportInput {
  readonly file: string;
}

export interface ImportedBundle {
  readonly milliseconds: number;
}

const { file } = await inputOf<ImportInput>();
setFunctionEnvironment();
const start = performance.now();
const { handler } = (await import(pathToFileURL(file).href)) as { readonly handler?: unknown };
const imported: ImportedBundle = { milliseconds: performance.now() - start };
if (typeof handler !== 'function') throw new Error(`${file} exports no handler.`);
await finish(imported);
