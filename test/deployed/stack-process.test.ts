import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resultOf } from '../../core/backup/finish-backup.ts';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { manifestFile } from '../../core/backup-format/manifest.ts';
import { PretendS3 } from '../adapters/aws/pretend-s3.ts';
import { runCommand, startCommand } from '../cli/command-process.ts';
import { backup, manifest } from '../cli/pretend-product.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { type Look, PretendAws, stackName } from './pretend-aws.ts';
import { environmentOf } from './stack-command.ts';

const done: Look = { status: 'SUCCEEDED', output: resultOf({ addressOf: (key) => key }, manifest()) };

async function prepared() {
  const [aws, s3] = await Promise.all([PretendAws.start(), PretendS3.start()]);
  onTestFinished(async () => {
    await Promise.all([aws.stop(), s3.stop()]);
  });
  s3.objects.set(manifestKey(backup), manifestFile(manifest()));
  return { aws, env: environmentOf(aws, s3) };
}

describe('the command on a stack, as a process', { timeout: 60_000 }, () => {
  it('goes where AWS_ENDPOINT_URL says, for every service', async () => {
    const { aws, env } = await prepared();
    aws.scripts.backup = [{}, done];

    const backedUp = await runCommand(['backup', '--stack', stackName], { env });
    const listed = await runCommand(['list', '--stack', stackName], { env });

    expect(backedUp).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing is missing') });
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${backup}  complete`) });
  });

  it('takes --profile before keys in the environment, and leaves the error stream to errors', async () => {
    const { aws, env } = await prepared();
    const credentials = join(temporaryFolder(), 'credentials');
    writeFileSync(credentials, '[ours]\naws_access_key_id = AKIAIOSFODNN7PROFILE\naws_secret_access_key = secret\n');
    const withProfile = { ...env, AWS_SHARED_CREDENTIALS_FILE: credentials };

    const argv = ['status', '--stack', stackName, '--json', '--profile', 'ours'];
    const { exitCode, stderr } = await runCommand(argv, { env: withProfile });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(aws.keys).toEqual(new Set(['AKIAIOSFODNN7PROFILE']));
  });

  it('leaves at SIGINT with 130, is taken up by `watch`, and ends with the result', async () => {
    const { aws, env } = await prepared();
    const script: Look[] = [{ state: 'Plan backup' }];
    aws.scripts.backup = script;

    const left = startCommand(['backup', '--stack', stackName], { env });
    await expect.poll(left.stderr).toContain('Plan backup ...');
    left.child.kill('SIGINT');
    const { exitCode, stderr } = await left.ended;

    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/Left\. The backup goes on in AWS\./);
    script[0] = done;
    expect(await runCommand(['watch', aws.executions[0]?.name ?? '', '--stack', stackName], { env })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe('the SDK of AWS', () => {
  it('is loaded by nothing that runs on this machine', () => {
    const root = resolve(import.meta.dirname, '../..');
    const seen = new Set<string>();
    const packages = new Set<string>();
    const ways: string[] = [];
    const imported =
      /^(?:import|export)\s(?!type\b)[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bawait import\('([^']+)'\)/gm;
    const visit = (file: string) => {
      if (seen.has(file) || !file.endsWith('.ts')) return;
      seen.add(file);
      for (const [, from, bare, later] of readFileSync(file, 'utf8').matchAll(imported)) {
        const target = from ?? bare ?? later ?? '';
        // The one way in is a stack's: `openStack` in main.ts.
        if (target === '../deployed/deployed-stack.ts' && later !== undefined) ways.push(relative(root, file));
        else if (target.startsWith('.')) visit(join(dirname(file), target));
        else packages.add(target);
      }
    };
    visit(join(root, 'cli/main.ts'));

    const files = [...seen].map((file) => relative(root, file));
    expect(ways).toEqual(['cli/main.ts']);
    expect(files).toContain('local/local-backup.ts');
    expect(files).toContain('cli/stack-place.ts');
    expect(packages).toContain('commander');
    expect([...packages].filter((name) => name.startsWith('@aws'))).toEqual([]);
    expect(files.filter((file) => /^(deployed|adapters\/aws)\//.test(file))).toEqual([]);
  });
});
