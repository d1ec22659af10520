import { Stack, Tags } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { StepFile } from '../functions/step-list.ts';
import { alarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { BackupsBucket } from './backups-bucket.ts';
import { Overview } from './dashboard.ts';
import { dataKey } from './data-key.ts';
import { LastBackupWatch } from './last-backup-watch.ts';
import { StackMetrics } from './metrics.ts';
import { MissedStarts } from './missed-starts.ts';
import { ExistingNetwork } from './network.ts';
import { Pruning } from './pruning.ts';
import { RunSchedule } from './run-schedule.ts';
import { SavedQueries } from './saved-queries.ts';
import type { Settings } from './settings.ts';
import { SiteSecret } from './site-secret.ts';
import { StackOutputs } from './stack-outputs.ts';
import { StepFunctions } from './step-functions.ts';
import { StepMachine } from './step-machine.ts';
import { WorkBucket } from './work-bucket.ts';

export interface BackupStackProps {
  readonly settings: Settings;
  /** The bundle of a function. */
  readonly codeOf: (file: StepFile) => Code;
}

/** All that backs up and restores one site. Nothing in it has a fixed name, so that an account can have several. */
export class BackupStack extends Stack {
  constructor(scope: Construct, id: string, { settings, codeOf }: BackupStackProps) {
    const { account, region, terminationProtection, retention, logDays, drill } = settings;
    super(scope, id, {
      description: 'Backup and restore of Jira Service Management Assets',
      env: { account, region },
      terminationProtection,
      // What is in this account is nobody else's matter.
      analyticsReporting: false,
    });

    const key = dataKey(this, settings.encryptionKey);
    const backups = new BackupsBucket(this, 'Backups', { key, retention, objectLockDays: settings.objectLockDays });
    const work = new WorkBucket(this, 'Work', { key, settings });
    const secrets = {
      backup: new SiteSecret(this, 'BackupSite', 'backup').arn,
      restore: new SiteSecret(this, 'RestoreSite', 'restore').arn,
      drill: drill ? new SiteSecret(this, 'DrillSite', 'drill').arn : undefined,
    };

    const network = settings.vpc ? new ExistingNetwork(this, 'Network', settings.vpc) : undefined;
    const { functions } = new StepFunctions(this, 'Functions', {
      settings,
      codeOf,
      backups,
      work,
      key,
      secrets,
      network,
    });
    const ofMachine = { functions, work, key, logDays };
    const machines = {
      backup: new StepMachine(this, 'Backup', { machine: 'backup', ...ofMachine }),
      restore: new StepMachine(this, 'Restore', { machine: 'restore', ...ofMachine }),
      drill: drill ? new StepMachine(this, 'Drill', { machine: 'drill', ...ofMachine }) : undefined,
    };

    const missed = new MissedStarts(this, 'MissedStarts');
    const schedule = this.#backUpNightly(machines.backup, missed, settings);
    const drillSchedule = this.#drillByTheClock(machines.drill, missed, settings);
    new LastBackupWatch(this, 'Watch', { watcher: functions['check-last-backup'].function, missed });

    const pruner = functions['prune-backups']?.function;
    const pruning = pruner && new Pruning(this, 'Pruning', { pruner, machine: machines.backup });

    const metrics = new StackMetrics(this.stackName, machines);
    const topic = alarmTopic(this, settings);
    new Alarms(this, 'Alarms', { metrics, settings, topic, pruning, missed });
    new Overview(this, 'Overview', { metrics, backups, work, machines });
    new SavedQueries(this, 'Queries', { logGroups: Object.values(functions).flatMap((each) => each?.logGroup ?? []) });
    new StackOutputs(this, 'Outputs', { backups, work, secrets, machines, functions, schedule, drillSchedule, topic });

    this.#passThrough(settings);
  }

  #backUpNightly(machine: StepMachine, missed: MissedStarts, settings: Settings): RunSchedule {
    const { schedule, timeZone, objectSchemaKeys, activity } = settings;
    const input = { ...(objectSchemaKeys && { objectSchemaKeys }), ...(!activity && { activity }) };
    const description = `Backs up the site of ${this.stackName}`;
    return new RunSchedule(this, 'Nightly', { machine, missed, schedule, timeZone, description, input });
  }

  #drillByTheClock(
    machine: StepMachine | undefined,
    missed: MissedStarts,
    { drill }: Settings,
  ): RunSchedule | undefined {
    if (!machine || !drill) return undefined;
    const { schedule, timeZone } = drill;
    const description = `Tries a restore of a backup of ${this.stackName}`;
    return new RunSchedule(this, 'Drills', { machine, missed, schedule, timeZone, description });
  }

  /** What the company wants on everything. */
  #passThrough({ tags, permissionsBoundary: boundary }: Settings): void {
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);
    if (boundary === null) return;
    PermissionsBoundary.of(this).apply(
      boundary.startsWith('arn:')
        ? ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', boundary)
        : ManagedPolicy.fromManagedPolicyName(this, 'Boundary', boundary),
    );
  }
}
