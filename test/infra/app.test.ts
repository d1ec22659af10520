import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { functionsOfEveryStack } from './rights.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'assets-backup-app-'));
const { app, context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** Runs the app as `cdk` does: the program of `cdk.json`, with its context, and nothing of AWS in the environment. */
function runApp(outdir: string, given: object, cwd = root) {
  const [program, file, ...others] = app.split(' ');
  expect([program, others]).toEqual(['node', []]);
  return spawnSync(process.execPath, [join(root, file)], {
    cwd,
    encoding: 'utf8',
    env: { HOME: folder, CDK_OUTDIR: join(folder, outdir), CDK_CONTEXT_JSON: JSON.stringify(given) },
  });
}

// It bundles every function: on a machine that has much else to do that takes minutes.
describe('the CDK app', { timeout: 10 * 60_000 }, () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('synthesises what cdk.json says, without credentials, and passes the checks of CloudFormation', () => {
    const { status, stderr } = runApp('good', context);

    expect(stderr).toBe('');
    expect(status).toBe(0);
    const template = readFileSync(join(folder, 'good', 'AssetsBackup.template.json'), 'utf8');
    expect(template).not.toContain(`${root}/`);
    expect(template).not.toContain(folder);
    const assets = readdirSync(join(folder, 'good')).filter((name) => name.startsWith('asset.'));
    expect(assets).toHaveLength(functionsOfEveryStack.length);
  });

  it('says in one sentence which setting is wrong', () => {
    const { status, stdout, stderr } = runApp('bad', { 'assets-backup': { AssetsBackup: { logDays: 10 } } });

    expect(stderr).toMatch(
      /^assets-backup\.AssetsBackup\.logDays must be a number of days that CloudWatch knows: .*\.\n$/,
    );
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  it('sees what the command has taken out of cdk.json', () => {
    const written = {
      app,
      context: { 'assets-backup': { AssetsBackup: { tags: { Owner: 'IT', constructor: 'IT' } } } },
    };
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify(written));
    const left = { 'assets-backup': { AssetsBackup: { tags: { Owner: 'IT' } } } };
    const { status, stdout, stderr } = runApp('lost', left, folder);

    expect(stderr).toMatch(/^assets-backup\.AssetsBackup\.tags\.constructor must have another name: .*\.\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
