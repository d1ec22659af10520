import { pathToFileURL } from 'node:url';
import { environment } from '../../functions/environment.ts';
import { finish, inputOf } from './parent.ts';

export interface ImportInput {
  readonly file: string;
}

export interface ImportedBundle {
  readonly milliseconds: number;
}

const { file } = await inputOf<ImportInput>();
// As Lambda and the stack set them; nothing is asked of AWS before a call.
process.env.AWS_REGION = 'us-east-1';
for (const name of [
  environment.stackName,
  environment.backupsBucket,
  environment.workBucket,
  environment.bucketOwner,
]) {
  process.env[name] = 'bench';
}
const start = performance.now();
const { handler } = (await import(pathToFileURL(file).href)) as { readonly handler?: unknown };
const imported: ImportedBundle = { milliseconds: performance.now() - start };
if (typeof handler !== 'function') throw new Error(`${file} exports no handler.`);
await finish(imported);
