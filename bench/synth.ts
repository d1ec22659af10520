import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the CDK app into `folder` as the CDK's own command does, with the context of cdk.json. Throws where it fails. */
export async function synthesise(folder: string): Promise<void> {
  const { context = {} } = JSON.parse(readFileSync(`${root}/cdk.json`, 'utf8')) as { readonly context?: object };
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: root,
    // Templates are of no interest here, warnings are.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  const [code] = await once(app, 'exit');
  if (code !== 0) throw new Error(`infra/app.ts ended with exit code ${code}.`);
}
