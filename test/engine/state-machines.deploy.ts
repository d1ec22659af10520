import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { S3BackupStore } from '../../adapters/aws/s3-backup-store.ts';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { S3WorkStore } from '../../adapters/aws/s3-work-store.ts';
import type { BackupResult } from '../../core/backup/finish-backup.ts';
import { defaultConcurrency } from '../../core/model/concurrency.ts';
import type { DrillResult } from '../../core/model/drill.ts';
import type { RestoreResult } from '../../core/model/restore.ts';
import type { StackStatus } from '../../deployed/stack-status.ts';
import type { MachineName, StepFile } from '../../functions/step-list.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { account, command, deployStack, folder, must, siteFile, stackName } from '../deploy/deployed-stack.ts';
import { restoredObjects } from '../deploy/restored-objects.ts';
import { differentFiles, filesOf, filesOfLocalRun, type StoredFiles } from '../deploy/stored-backup.ts';
import { compareSites } from '../end-to-end/equal-sites.ts';
import {
  createMachine,
  deployedDefinition,
  type Ended,
  execute,
  mapRunsOf,
  newestExecution,
} from './engine-machines.ts';
import { FunctionHost } from './function-host.ts';

const onStack = ['--stack', stackName];
const functions = new FunctionHost(join(folder, 'cdk.out', 'bundles'));
const figures: string[] = [];
let backupMachine: string;
let restoreMachine: string;
let drillMachine: string;
let backups: S3BackupStore;
let work: S3WorkStore;
let source: Simulator;
let target: Simulator;
let other: Simulator;
let drills: Simulator;
/** What a run on this machine stores of the same site. */
let local: StoredFiles;
/** The backup that is restored. */
let backup: string;

beforeAll(async () => {
  const site = awkwardSite();
  [source, target, other, drills] = await Promise.all([
    startSimulator({ site }),
    startSimulator({ site: emptySiteLike(site) }),
    startSimulator({ site: emptySiteLike(site) }),
    startSimulator({ site: emptySiteLike(site, { workspaceId: '44444444-0000-4000-8000-00000000e417' }) }),
  ]);
  const outputs = await deployStack(undefined, { drill: { schedule: 'cron(0 12 ? * SAT *)', sample: 40 } });
  await functions.listen();
  backups = new S3BackupStore({ client: createS3Client(), bucket: outputs.BackupsBucket ?? '', owner: account });
  work = new S3WorkStore({ client: createS3Client(), bucket: outputs.WorkBucket ?? '', owner: account });
  backupMachine = await moveToEngine(outputs.BackupStateMachine ?? '');
  restoreMachine = await moveToEngine(outputs.RestoreStateMachine ?? '');
  drillMachine = await moveToEngine(outputs.DrillStateMachine ?? '');
  await logIn('backup', source);
  local = await filesOfLocalRun(source);
});

afterAll(async () => {
  functions.close();
  await Promise.all([source, target, other, drills].map((simulator) => simulator?.close()));
  process.stdout.write(`${figures.join('\n')}\n`);
});

beforeEach(() => {
  functions.invoked.length = 0;
});

/** The engine knows the machine as the emulator does, so that the command finds it there. */
async function moveToEngine(arn: string): Promise<string> {
  const moved = await createMachine(arn.split(':').at(-1) ?? '', await deployedDefinition(arn));
  expect(moved).toBe(arn);
  return moved;
}

async function logIn(machine: MachineName, simulator: Simulator): Promise<void> {
  const file = siteFile(simulator, new URL(simulator.url).port);
  must(await command('login', ...onStack, '--for', machine, '--site', file));
}

/** What is wrong with a backup: nothing, where it is what a local run stores. */
async function problemsOf(name: string, ended: Ended): Promise<readonly string[]> {
  if (ended.status !== 'SUCCEEDED') return [`${ended.status}: ${ended.error}: ${ended.cause}`];
  const { status, gaps, backup } = ended.output as BackupResult;
  const files = await filesOf(backups, backup);
  const different = differentFiles(files, local);
  const calls = functions.invoked.length;
  figures.push(
    `${name}: ${files.size} files compared with a local run, ${different.length} different; ${ended.events} events, ${calls} invocations`,
  );
  return [...(status === 'complete' ? [] : [`${status}, ${gaps} gaps`]), ...different];
}

/** How a site differs from the one that was backed up, once that was restored into it. */
async function differencesOf(name: string, ended: Ended, site: Simulator): Promise<readonly string[]> {
  if (ended.status !== 'SUCCEEDED') return [`${ended.status}: ${ended.error}: ${ended.cause}`];
  const result = ended.output as RestoreResult;
  const objects = await restoredObjects(work, result);
  const differences = compareSites(source.site, site.site, { objects, history: true });
  const calls = functions.invoked.length;
  figures.push(
    `${name}: ${objects.size} objects, ${differences.length + result.differences} differences; ${ended.events} events, ${calls} invocations`,
  );
  return [...(result.differences === 0 ? [] : [result.message]), ...differences];
}

describe('a backup', () => {
  it('that the command starts stores what a local run stores', async () => {
    const { exitCode, stdout, stderr } = await command('backup', ...onStack, '--json');
    expect(exitCode, stderr).toBe(0);
    ({ backup } = JSON.parse(stdout) as BackupResult);
    const ended = await newestExecution(backupMachine);
    expect(JSON.parse(stdout)).toMatchObject(ended.output as BackupResult);
    expect(local.size).toBeGreaterThan(50);
    expect(await problemsOf('backup', ended)).toEqual([]);
    const { configuration, objects, activity } = defaultConcurrency;
    expect(await mapRunsOf(ended.arn)).toEqual([
      { label: 'ExportConfiguration', maxConcurrency: configuration, items: calls('export-configuration') },
      { label: 'ExportObjects', maxConcurrency: objects, items: calls('export-objects') },
      { label: 'ExportActivity', maxConcurrency: activity, items: calls('export-activity') },
    ]);
  });

  const event = { scheduledTime: '2026-11-23T02:00:00Z', full: true };

  it('goes on where steps hand back, are throttled, or are cut off', async () => {
    functions.expect('plan-backup', 'throttled');
    functions.expect('plan-objects', 'timed out');
    functions.expect('export-objects', 'throttled', ...Array(10).fill('short of time'));
    functions.expect('export-activity', 'timed out', 'short of time');
    const ended = await execute(backupMachine, event);
    // It has a base, the backup before, and reads everything all the same: its manifest says so, and nothing else differs.
    expect(await problemsOf('backup with hand-backs and retries', ended)).toEqual(['manifest.json']);
    expect([calls('plan-backup'), calls('plan-objects')]).toEqual([2, 2]);
    const [, objects, activity] = await mapRunsOf(ended.arn);
    // Once more after a failure, and once after a call that handed back; batches of several types do that more often.
    expect(calls('export-objects')).toBeGreaterThanOrEqual((objects?.items ?? 0) + 2);
    expect(calls('export-activity')).toBe((activity?.items ?? 0) + 2);
  });

  it('is not made again by a second event of the same time of the schedule', async () => {
    const { output } = await execute(backupMachine, event);
    expect(output).toEqual({ madeBy: expect.stringContaining(':execution:'), message: expect.any(String) });
    expect(functions.invoked).toEqual(['PlanBackup']);
  });

  it('is refused with a sentence where its input is wrong', async () => {
    expect(await execute(backupMachine, { objectSchemaKeys: 'FAC' })).toMatchObject({
      status: 'FAILED',
      error: 'WrongInputError',
      cause: 'The backup\'s input is wrong: objectSchemaKeys must be a list of keys, as in ["FAC", "USERS"].',
    });
  });

  it('is refused where the site refuses the login, without a second try', async () => {
    const refusing = await startSimulator({ site: awkwardSite() });
    await logIn('backup', refusing);
    refusing.revokeLogin();
    const ended = await execute(backupMachine, {});
    await refusing.close();
    await logIn('backup', source);
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: 'LoginRefusedError',
      cause: expect.not.stringContaining('{'),
    });
    expect(functions.invoked).toEqual(['PlanBackup']);
  });
});

/** Steps of a restore that have more to do than one call without time does. */
const loops = ['restore-configuration', 'restore-comments', 'apply-constraints'] as const;

describe('a restore', () => {
  it('whose writer is cut off is not tried again by itself', async () => {
    await logIn('restore', target);
    functions.expect('restore-configuration', 'timed out');
    const ended = await execute(restoreMachine, { folder: backup });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Sandbox.Timedout' });
    expect(functions.invoked.slice(-2)).toEqual(['RestoreConfiguration', 'AbandonRestore']);
  });

  it('that the command starts again makes an equal site', async () => {
    const { exitCode, stdout, stderr } = await command('restore', backup, ...onStack, '--json');
    expect(exitCode, stderr).toBe(0);
    const ended = await newestExecution(restoreMachine);
    // The command reads the report that the output names.
    const { report: _, ...output } = ended.output as RestoreResult;
    expect(JSON.parse(stdout)).toMatchObject(output);
    expect(await differencesOf('restore', ended, target)).toEqual([]);
  });

  it('is planned by the command, which changes nothing', async () => {
    await logIn('restore', other);
    const planned = must(await command('plan', backup, ...onStack, '--json'));
    const { output } = await newestExecution(restoreMachine);
    expect(output).toMatchObject({ outcome: 'planned', where: expect.stringMatching(/^s3:.+plan\.json$/) });
    expect(JSON.parse(planned.stdout)).toMatchObject(output as RestoreResult);
    expect(other.requests.writes).toEqual([]);
  });

  it('goes on where steps hand back, are throttled, or are cut off', async () => {
    functions.expect('open-backup', 'throttled');
    // With time, these two would leave no comments to the step after them.
    functions.expect('create-objects', 'throttled', ...Array(20).fill('short of time'));
    functions.expect('link-references', ...Array(20).fill('short of time'));
    functions.expect('verify-restore', 'timed out', 'short of time');
    for (const step of loops) functions.expect(step, 'short of time');
    const ended = await execute(restoreMachine, { folder: backup });
    expect(await differencesOf('restore with hand-backs and retries', ended, other)).toEqual([]);
    expect(calls('open-backup')).toBe(2);
    expect(calls('create-objects')).toBeGreaterThanOrEqual(3);
    expect(calls('verify-restore')).toBe(3);
    expect(loops.map(calls)).toEqual(loops.map(() => 2));
  });
});

describe('a drill', () => {
  it('that the command starts passes, and leaves nothing on its site', async () => {
    await logIn('drill', drills);
    const { exitCode, stdout, stderr } = await command('drill', ...onStack, '--json');
    expect(exitCode, stderr).toBe(0);
    const { report: _, ...output } = (await newestExecution(drillMachine)).output as DrillResult;
    expect(JSON.parse(stdout)).toMatchObject(output);
    expect(output).toMatchObject({ outcome: 'passed', differences: 0 });
    expect(drills.site.schemas.size).toBe(0);
  });

  it('goes on where steps hand back, are throttled, or are cut off', async () => {
    functions.expect('open-drill', 'throttled');
    functions.expect('remove-scratch', 'timed out');
    functions.expect('choose-sample', 'timed out');
    functions.expect('drill-objects', 'throttled', 'short of time');
    functions.expect('verify-drill', 'timed out', 'short of time');
    const ended = await execute(drillMachine, {});
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'passed' } });
    figures.push(`drill with hand-backs and retries: ${ended.events} events, ${functions.invoked.length} invocations`);
    expect(drills.site.schemas.size).toBe(0);
  });

  it('whose writer is cut off removes what it made, and is not tried again by itself', async () => {
    functions.expect('drill-configuration', 'timed out');
    const ended = await execute(drillMachine, {});
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Sandbox.Timedout' });
    expect(functions.invoked.slice(-2)).toEqual(['DrillConfiguration', 'AbandonDrill']);
    // A function that was cut off may still write: what came after is the next drill's to remove.
    const next = await execute(drillMachine, {});
    expect(next).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'passed' } });
    expect(drills.site.schemas.size).toBe(0);
  });
});

describe('the command', () => {
  it('tells by status how the executions ended', async () => {
    const status = JSON.parse(must(await command('status', ...onStack, '--json')).stdout) as StackStatus;
    expect(status.troubles).toEqual([]);
    expect(status.lastGoodBackup).toMatchObject({ status: 'complete' });
    const results = status.executions.map(({ machine, status, result }) => [machine, status, result]);
    expect(results).toContainEqual(['backup', 'FAILED', 'LoginRefusedError']);
    expect(results).toContainEqual(['restore', 'SUCCEEDED', 'restored']);
  });
});

describe('these tests find it', () => {
  it('where two functions are swapped', async () => {
    const [one, two] = [functions.addressOf('plan-objects'), functions.addressOf('plan-activity')];
    const definition = (await deployedDefinition(backupMachine)).split(one).map((part) => part.replaceAll(two, one));
    const machine = await createMachine('swapped', definition.join(two));
    const problems = await problemsOf('swapped', await execute(machine, {}));
    figures.push(`two functions swapped: ${problems.length} found, the first is ${problems[0]}`);
    expect(problems).not.toEqual([]);
  });

  it('where an error has a wrong name', async () => {
    const definition = await deployedDefinition(backupMachine);
    const machine = await createMachine('misnamed', definition.replaceAll('Lambda.TooMany', 'Lambda.TooFew'));
    functions.expect('plan-backup', 'throttled');
    expect(await problemsOf('misnamed', await execute(machine, {}))).toEqual([
      expect.stringContaining('Lambda.TooManyRequestsException'),
    ]);
  });
});

describe('a restore into the site that was backed up, which lacks a status type by now', () => {
  it('waits for approval, and makes it once the command has that', async () => {
    const { statusTypes } = source.site;
    const [lost] = [...statusTypes.values()].filter(({ schemaId }) => schemaId !== undefined);
    statusTypes.delete(lost?.id ?? 0);
    source.site.configurationChanged();
    await logIn('restore', source);
    const waiting = await command('restore', backup, ...onStack, '--json');
    expect(waiting.exitCode, waiting.stderr).toBe(1);
    const { outcome, hash } = JSON.parse(waiting.stdout) as RestoreResult;
    expect(outcome).toBe('needs-approval');
    expect(source.requests.writes).toEqual([]);
    const approved = await command('restore', backup, ...onStack, '--approve', hash, '--json');
    expect([0, 3], approved.stderr).toContain(approved.exitCode);
    expect([...statusTypes.values()].filter(({ name }) => name === lost?.name)).toHaveLength(1);
  });
});

/** How often a step was invoked in this test. */
function calls(file: StepFile): number {
  return functions.invocationsOf(file);
}
