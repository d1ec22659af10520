import { CfnOutput } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { optionalOutputs, stackOutputs } from '../functions/environment.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { ByMachine } from './by-machine.ts';
import type { RunSchedule } from './run-schedule.ts';
import type { StackFunctions } from './step-functions.ts';
import type { StepMachine } from './step-machine.ts';

export interface StackOutputsProps {
  readonly backups: IBucket;
  readonly work: IBucket;
  readonly secrets: ByMachine<string>;
  readonly machines: ByMachine<StepMachine>;
  readonly functions: StackFunctions;
  readonly schedule: RunSchedule;
  /** Undefined where no drill is set. */
  readonly drillSchedule: RunSchedule | undefined;
  readonly topic: ITopic;
}

/** By these the command line finds everything in a stack, of which it knows only the name. */
export class StackOutputs extends Construct {
  constructor(scope: Construct, id: string, props: StackOutputsProps) {
    super(scope, id);
    const { backups, work, secrets, machines, functions, schedule, drillSchedule, topic } = props;
    const values: Readonly<Record<keyof typeof stackOutputs, string>> = {
      version: packageFile.version,
      backupsBucket: backups.bucketName,
      workBucket: work.bucketName,
      backupMachine: machines.backup.stateMachineArn,
      restoreMachine: machines.restore.stateMachineArn,
      backupSecret: secrets.backup,
      restoreSecret: secrets.restore,
      checkSetupFunction: functions['check-setup'].function.functionName,
      diffFunction: functions['diff-with-site'].function.functionName,
      schedule: schedule.name,
    };
    for (const [name, key] of Object.entries(stackOutputs)) this.#add(key, values[name as keyof typeof stackOutputs]);
    const optional: Readonly<Record<keyof typeof optionalOutputs, string | undefined>> = {
      pruneFunction: functions['prune-backups']?.function.functionName,
      alarmTopic: topic.topicArn,
      drillMachine: machines.drill?.stateMachineArn,
      drillSecret: secrets.drill,
      drillSchedule: drillSchedule?.name,
      checkDrillFunction: functions['check-drill']?.function.functionName,
    };
    for (const [name, key] of Object.entries(optionalOutputs)) {
      const value = optional[name as keyof typeof optionalOutputs];
      if (value !== undefined) this.#add(key, value);
    }
  }

  #add(key: string, value: string): void {
    new CfnOutput(this, key, { value }).overrideLogicalId(key);
  }
}
