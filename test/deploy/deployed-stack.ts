import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { sideBySide } from '../../core/side-by-side.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { settingsFor } from '../end-to-end/local-run.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where the emulator and these tests write; it goes with the run. */
export const folder = needed('ASSETS_BACKUP_TEST_FOLDER');

export const stackName = 'AssetsBackup';

/** The emulator's. */
export const account = '000000000000';

/** Whose stack is meant: the emulator takes a key of twelve digits for the number of an account, and has its regions apart. */
export interface Whereabouts {
  readonly account: string;
  readonly region: string;
}

const here: Whereabouts = { account, region: needed('AWS_REGION') };
export const elsewhere: Whereabouts = { account: '111111111111', region: 'eu-west-1' };

const environmentOf = ({ account: key, region }: Whereabouts) => ({
  AWS_ACCESS_KEY_ID: key,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
});

/** For a client of AWS. */
export const clientOf = ({ account: accessKeyId, region }: Whereabouts) => ({
  region,
  credentials: { accessKeyId, secretAccessKey: 'test' },
});

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Synthesises, bootstraps and deploys the stack on the emulator, and gives its outputs. */
export async function deployStack(where = here, settings: object = {}): Promise<Readonly<Record<string, string>>> {
  // Bootstrapping without credentials of a real account has to be told which.
  must(await cdk(where, 'bootstrap', `aws://${where.account}/${where.region}`, '--app', await synthesise(settings)));
  return await deploy(where);
}

/** Deploys it once more, as somebody does who has changed its settings in `cdk.json`. */
export async function deployAgain(settings: object): Promise<Readonly<Record<string, string>>> {
  await synthesise(settings);
  return await deploy(here);
}

const assembly = join(folder, 'cdk.out');

async function synthesise(settings: object = {}): Promise<string> {
  const file = join(folder, 'cdk.json');
  const app = `${process.execPath} ${join(root, 'infra', 'app.ts')}`;
  writeFileSync(file, JSON.stringify({ app, context: { 'assets-backup': { [stackName]: settings } } }));
  must(await cdk(here, 'synth', '--quiet', '--output', assembly));
  leaveOutUnknown(join(assembly, `${stackName}.template.json`));
  return assembly;
}

async function deploy(where: Whereabouts): Promise<Readonly<Record<string, string>>> {
  must(await cdk(where, 'deploy', stackName, '--require-approval', 'never', '--app', assembly));
  return await stackOutputs(where);
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What the emulator's CloudFormation refuses; nothing else depends on it. `docs/deployment-test.md` names it. */
const isUnknown = ({ Type, Properties = {} }: Resource) =>
  Type === 'AWS::Logs::QueryDefinition' || (Type === 'AWS::CloudWatch::Alarm' && 'Metrics' in Properties);

function leaveOutUnknown(file: string): void {
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Resource> };
  const known = Object.entries(template.Resources).filter(([, resource]) => !isUnknown(resource));
  writeFileSync(file, JSON.stringify({ ...template, Resources: Object.fromEntries(known) }));
}

function cdk(where: Whereabouts, ...args: string[]): Promise<Ended> {
  const file = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  return program(file, [...args, '--no-notices'], { cwd: folder, where });
}

async function stackOutputs(where: Whereabouts): Promise<Readonly<Record<string, string>>> {
  const client = new CloudFormationClient(clientOf(where));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/** Deletes every version of every file, as whoever closes an account does. */
export async function emptyBucket(Bucket: string): Promise<void> {
  const client = createS3Client();
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    if (Versions.length + DeleteMarkers.length === 0) return;
    await sideBySide([...Versions, ...DeleteMarkers], 16, async ({ Key, VersionId }) => {
      await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    });
  }
}

/** Runs `assets-backup` as a person would, against the stack. */
export function command(...args: string[]): Promise<Ended> {
  return program(join(root, 'cli', 'assets-backup.mjs'), args, { where: here });
}

export function commandElsewhere(...args: string[]): Promise<Ended> {
  return program(join(root, 'cli', 'assets-backup.mjs'), args, { where: elsewhere });
}

export function must(ended: Ended): Ended {
  if (ended.exitCode === 0) return ended;
  throw new Error(`Exit code ${ended.exitCode}:\n${ended.stdout.slice(-3000)}\n${ended.stderr.slice(-3000)}`);
}

/** Settings of a simulated site as a file for `--site`, with a budget that does not matter. */
export function siteFile(simulator: Simulator, name: string): string {
  const { requestBudget } = settingsFor(simulator);
  const { url, credentials } = simulator;
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ siteName: url, apiUrl: url, ...credentials, requestBudget }), { mode: 0o600 });
  return file;
}

function program(
  file: string,
  args: readonly string[],
  { cwd = root, where }: { readonly cwd?: string; readonly where: Whereabouts },
): Promise<Ended> {
  // Not `process.env` of vitest alone: colours and progress bars are for people.
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: {
      ...{ ...process.env, ...environmentOf(where) },
      ...{ NO_COLOR: '1', CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    texts.stdout += text;
  });
  child.stderr.on('data', (text) => {
    texts.stderr += text;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ exitCode: code ?? 1, ...texts }));
  });
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is missing: run these tests by \`npm run test:deploy\` or \`npm run test:engine\`.`);
  return value;
}
