import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3BackupStore } from '../../adapters/aws/s3-backup-store.ts';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { S3WorkStore } from '../../adapters/aws/s3-work-store.ts';
import type { BackupResult } from '../../core/backup/finish-backup.ts';
import { manifestKey } from '../../core/backup-format/keys.ts';
import type { CopyResult } from '../../core/copy/copy-backup.ts';
import type { RestoreResult } from '../../core/model/restore.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { PruneReport } from '../../core/retention/prune-backups.ts';
import { drillSteps } from '../../functions/step-list.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { compareSites } from '../end-to-end/equal-sites.ts';
import { runDeployedMachine } from './deployed-machine.ts';
import {
  account,
  clientOf,
  command,
  commandElsewhere,
  deployAgain,
  deployStack,
  elsewhere,
  emptyBucket,
  folder,
  must,
  siteFile,
  stackName,
} from './deployed-stack.ts';
import { restoredObjects } from './restored-objects.ts';
import { differentFiles, filesOf, filesOfLocalRun } from './stored-backup.ts';

const onStack = ['--stack', stackName];
let outputs: Readonly<Record<string, string>>;
let source: Simulator;
let target: Simulator;
let other: Simulator;
let fresh: Simulator;
let drills: Simulator;
let backups: BackupStore;
let work: S3WorkStore;
let result: BackupResult;

beforeAll(async () => {
  const site = awkwardSite();
  [source, target, other, fresh, drills] = await Promise.all([
    startSimulator({ site }),
    startSimulator({ site: emptySiteLike(site) }),
    // Sites of their own: journals are of a pair of workspaces.
    startSimulator({ site: emptySiteLike(site, { workspaceId: '22222222-0000-4000-8000-00000000e417' }) }),
    startSimulator({ site: emptySiteLike(site, { workspaceId: '33333333-0000-4000-8000-00000000e417' }) }),
    startSimulator({ site: emptySiteLike(site, { workspaceId: '44444444-0000-4000-8000-00000000e417' }) }),
  ]);
  outputs = await deployStack();
  backups = new S3BackupStore({ client: createS3Client(), bucket: outputs.BackupsBucket ?? '', owner: account });
  work = new S3WorkStore({ client: createS3Client(), bucket: outputs.WorkBucket ?? '', owner: account });
});
afterAll(() => Promise.all([source, target, other, fresh, drills].map((simulator) => simulator?.close())));

describe('a stack without a login', () => {
  it('refuses a backup with the sentence that says what to do', async () => {
    const { execution } = await runDeployedMachine(outputs.BackupStateMachine ?? '', {});
    expect(execution).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('holds no login yet') });
    expect(execution).toMatchObject({ cause: expect.stringContaining(`assets-backup login --stack ${stackName}`) });
  });

  it('is told apart by doctor', async () => {
    const { exitCode, stdout } = await command('doctor', ...onStack, '--json');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('holds no login yet');
  });

  it('is given one that the site accepts', async () => {
    must(await command('login', ...onStack, '--site', siteFile(source, 'source')));
    must(await command('login', ...onStack, '--for', 'restore', '--site', siteFile(target, 'target')));
    const { exitCode, stdout } = await command('doctor', ...onStack, '--json');
    expect(stdout).not.toContain(source.credentials.apiToken);
    expect(exitCode, stdout).toBe(0);
  });
});

describe('a backup by the deployed definition and functions', () => {
  it('ends complete, by every function of its machine', async () => {
    const { execution, invoked } = await runDeployedMachine(outputs.BackupStateMachine ?? '', {});
    if (execution.status !== 'SUCCEEDED') throw new Error(JSON.stringify(execution));
    result = execution.output as unknown as BackupResult;
    expect(result).toMatchObject({ status: 'complete', gaps: 0 });
    expect(new Set(invoked).size).toBe(9);
  });

  it('stores byte for byte what a local run of the same site stores', async () => {
    const there = await filesOf(backups, result.backup);
    expect(there.size).toBeGreaterThan(50);
    expect(differentFiles(there, await filesOfLocalRun(source))).toEqual([]);
  });

  it('is listed, shown and verified by the command', async () => {
    expect(must(await command('list', ...onStack)).stdout).toContain(result.backup);
    expect(must(await command('show', result.backup, ...onStack)).stdout).toContain(result.backup);
    must(await command('verify', result.backup, ...onStack));
  });
});

describe('a restore', () => {
  it("by the emulator's own engine, started and followed by the command, makes an equal site", async () => {
    const ended = await command('restore', result.backup, ...onStack, '--json');
    expect([0, 3], `${ended.stdout}\n${ended.stderr}`).toContain(ended.exitCode);
    const restored = JSON.parse(ended.stdout) as RestoreResult;
    expect(
      compareSites(source.site, target.site, { objects: await restoredObjects(work, restored), history: true }),
    ).toEqual([]);
  });

  it('by our interpreter over the deployed definition is planned first, and makes an equal site', async () => {
    must(await command('login', ...onStack, '--for', 'restore', '--site', siteFile(other, 'other')));
    const planned = await runDeployedMachine(outputs.RestoreStateMachine ?? '', {
      folder: result.backup,
      dryRun: true,
    });
    expect(planned.execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'planned', where: expect.stringMatching(/^s3:\/\/.+\/plan\.json$/) },
    });
    expect(other.requests.writes).toEqual([]);
    const { execution } = await runDeployedMachine(outputs.RestoreStateMachine ?? '', { folder: result.backup });
    if (execution.status !== 'SUCCEEDED') throw new Error(JSON.stringify(execution));
    const objects = await restoredObjects(work, execution.output as unknown as RestoreResult);
    expect(compareSites(source.site, other.site, { objects, history: true })).toEqual([]);
  });
});

describe('a backup that the command starts', () => {
  it("goes as far as the emulator's engine goes, and its failure is told", async () => {
    const { exitCode, stderr } = await command('backup', ...onStack, '--json');
    // It plans the backup, takes the expression in the map's key for a name, and finds no such file.
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The backup failed (States.ItemReaderFailed)');
  });

  it('leaves no lock that the next one would wait for', async () => {
    const { execution } = await runDeployedMachine(outputs.BackupStateMachine ?? '', {});
    expect(execution.status).toBe('SUCCEEDED');
  });
});

describe('a stack that is told which backups to keep', () => {
  /** Whole backups, oldest first. */
  const names = async () =>
    (
      JSON.parse(must(await command('list', ...onStack, '--json')).stdout) as {
        backups: { backup: string; state: string }[];
      }
    ).backups
      .filter(({ state }) => state === 'finished')
      .map(({ backup }) => backup);
  const keysOf = (backup: string) => Array.fromAsync(backups.list(`${backup}/`), ({ key }) => key);
  const pruned = async (...words: string[]) =>
    JSON.parse(must(await command('prune', ...onStack, '--json', ...words)).stdout) as PruneReport;
  const held = (backup: string, Status: 'ON' | 'OFF') =>
    createS3Client().send(
      new PutObjectLegalHoldCommand({ Bucket: outputs.BackupsBucket, Key: manifestKey(backup), LegalHold: { Status } }),
    );

  it('had nothing before that could have deleted one', async () => {
    const { Functions = [] } = await new LambdaClient().send(new ListFunctionsCommand());
    expect(Functions.length).toBeGreaterThan(20);
    expect(Functions.filter(({ FunctionName }) => FunctionName?.includes('Prune'))).toEqual([]);
    const { exitCode, stderr } = await command('prune', ...onStack);
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('was not told which backups to keep');
  });

  it('is deployed over the other, with a function that may', async () => {
    outputs = await deployAgain({ keep: { last: 1 } });
    expect(outputs.PruneBackupsFunction).toContain('Prune');
    const { execution } = await runDeployedMachine(outputs.BackupStateMachine ?? '', {});
    expect(execution.status).toBe('SUCCEEDED');
  });

  it('deletes what no rule and no reason keeps, and says beforehand what', async () => {
    const [restored = '', old = '', newest = '', ...others] = await names();
    expect([restored, others]).toEqual([result.backup, []]);
    const before = await keysOf(old);
    // The emulator's CloudFormation leaves it out of what it makes of the template.
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' } as const;
    const bucket = { Bucket: outputs.BackupsBucket, ObjectLockConfiguration };
    await createS3Client().send(new PutObjectLockConfigurationCommand(bucket));
    await held(old, 'ON');
    expect(await pruned()).toMatchObject({
      deleted: [],
      kept: expect.arrayContaining([{ backup: old, reasons: ['locked until for good'] }]),
    });
    await held(old, 'OFF');

    const planned = await pruned('--dry-run');
    expect(await names()).toEqual([restored, old, newest]);
    const done = await pruned();
    expect(done).toEqual({ ...planned, dryRun: false });
    expect(done.deleted).toEqual([{ backup: old, files: before.length, bytes: expect.any(Number) }]);
    expect(done.kept.map(({ backup }) => backup)).toEqual([restored, newest]);
    expect(done.kept[0]?.reasons.join()).toMatch(/the restore \S+ can be undone until/);

    expect(await names()).toEqual([restored, newest]);
    expect(await keysOf(old)).toEqual([]);
    for (const name of [restored, newest]) must(await command('verify', name, ...onStack));
    // What was deleted lies behind a marker, and comes back with it.
    const listed = new ListObjectVersionsCommand({ Bucket: outputs.BackupsBucket, Prefix: `${old}/` });
    const { Versions = [], DeleteMarkers = [] } = await createS3Client().send(listed);
    expect(Versions.map(({ Key }) => Key).toSorted()).toEqual(before.toSorted());
    expect(DeleteMarkers.map(({ Key }) => Key).toSorted()).toEqual(before.toSorted());
  });
});

describe('a stack that is told to make drills', () => {
  const setting = { keep: { last: 1 }, drill: { schedule: 'cron(0 12 ? * SAT *)', sample: 40 } };

  it('had nothing of them before', async () => {
    expect(Object.keys(outputs).filter((key) => key.includes('Drill'))).toEqual([]);
    const { exitCode, stderr } = await command('drill', ...onStack);
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('makes no restore drills');
  });

  it('is deployed over the other, and says what its login lacks', async () => {
    outputs = await deployAgain(setting);
    expect(outputs.DrillStateMachine).toContain('Drill');
    const { execution } = await runDeployedMachine(outputs.DrillStateMachine ?? '', {});
    expect(execution).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('holds no login yet') });
    expect(execution).toMatchObject({ cause: expect.stringContaining(`login --stack ${stackName} --for drill`) });
  });

  it('refuses the site that is backed up, in doctor and in the drill', async () => {
    must(await command('login', ...onStack, '--for', 'drill', '--site', siteFile(source, 'drill-source')));
    const { exitCode, stdout } = await command('doctor', ...onStack, '--json');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('every drill is refused there');
    const before = source.requests.writes.length;
    const { execution } = await runDeployedMachine(outputs.DrillStateMachine ?? '', {});
    // The emulator does not hand on the error's name.
    expect(execution).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining('is the site that was backed up'),
    });
    expect(source.requests.writes.length).toBe(before);
  });

  it("passes on another site by the emulator's own engine, started and followed by the command, and leaves nothing there", async () => {
    must(await command('login', ...onStack, '--for', 'drill', '--site', siteFile(drills, 'drills')));
    must(await command('doctor', ...onStack));
    const ended = must(await command('drill', ...onStack, '--json'));
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: 'passed', differences: 0 });
    expect(drills.requests.writes.length).toBeGreaterThan(40);
    expect([drills.site.schemas.size, drills.site.objects.size]).toEqual([0, 0]);
    expect(must(await command('status', ...onStack)).stdout).toMatch(/Last drill +\S+, passed, /);
  });

  it('passes by our interpreter over the deployed definition, by every function of its machine', async () => {
    const { execution, invoked } = await runDeployedMachine(outputs.DrillStateMachine ?? '', {});
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'passed' } });
    expect(new Set(invoked).size).toBe(drillSteps.length - 1);
    expect(drills.site.schemas.size).toBe(0);
  });
});

describe('a backup that is copied out, whose buckets are lost, and that is copied into a new stack', () => {
  const copies = () => join(folder, 'copies');
  const inStack = `stack:${stackName}`;
  let newBackups: BackupStore;
  let newWork: S3WorkStore;

  it('lies in a folder byte for byte, with what restores have made', async () => {
    const ended = must(
      await command('copy', result.backup, '--from', inStack, '--to', copies(), '--with-journals', '--json'),
    );
    expect(JSON.parse(ended.stdout)).toMatchObject({ there: 'nothing', journals: { left: 0 } });
    expect((JSON.parse(ended.stdout) as CopyResult).journals.carried).toBeGreaterThan(4);
    const there = openLocalStores(copies()).backups;
    expect(differentFiles(await filesOf(there, result.backup), await filesOf(backups, result.backup))).toEqual([]);
  });

  it('goes into a new stack of another account and region by puts that only make new files, and is no recent backup there', async () => {
    for (const bucket of [outputs.BackupsBucket, outputs.WorkBucket]) await emptyBucket(bucket ?? '');
    expect((await command('verify', result.backup, ...onStack)).exitCode).toBe(10);
    const { BackupsBucket: bucket = '', WorkBucket: workBucket = '' } = await deployStack(elsewhere);
    const place = { client: createS3Client(clientOf(elsewhere)), owner: elsewhere.account };
    newBackups = new S3BackupStore({ ...place, bucket });
    newWork = new S3WorkStore({ ...place, bucket: workBucket });

    must(await commandElsewhere('copy', result.backup, '--from', copies(), '--to', inStack, '--with-journals'));

    const there = openLocalStores(copies()).backups;
    expect(differentFiles(await filesOf(newBackups, result.backup), await filesOf(there, result.backup))).toEqual([]);
    must(await commandElsewhere('verify', result.backup, ...onStack));
    const latest = await commandElsewhere('show', 'latest', ...onStack);
    expect(latest).toMatchObject({ exitCode: 10, stderr: expect.stringContaining(`${result.backup} was copied here`) });
  });

  it('is restored from there by the machine, and the site is equal', async () => {
    const objects = await restoredObjects(newWork, await restoreElsewhere(fresh, 'fresh'));
    expect(compareSites(source.site, fresh.site, { objects, history: true })).toEqual([]);
  });

  it('makes nothing twice on a site that was restored into before the loss', async () => {
    const before = other.site.objects.size;
    const restored = await restoreElsewhere(other, 'other');
    expect(restored).toMatchObject({ created: 0, updated: 0, differences: 0 });
    expect(other.site.objects.size).toBe(before);
  });

  async function restoreElsewhere(simulator: Simulator, name: string): Promise<RestoreResult> {
    must(await commandElsewhere('login', ...onStack, '--for', 'restore', '--site', siteFile(simulator, name)));
    const ended = await commandElsewhere('restore', result.backup, ...onStack, '--json');
    expect([0, 3], `${ended.stdout}\n${ended.stderr}`).toContain(ended.exitCode);
    return JSON.parse(ended.stdout) as RestoreResult;
  }
});
