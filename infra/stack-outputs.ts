import { CfnOutput } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { optionalOutputs, stackOutputs } from '../functions/environment.ts';
import { onlyWithKeep, type StackMachine } from '../functions/step-list.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { NightlySchedule } from './nightly-schedule.ts';
import type { StackFunctions } from './step-functions.ts';
import type { StepMachine } from './step-machine.ts';

export interface StackOutputsProps {
  readonly backups: IBucket;
  readonly work: IBucket;
  readonly secrets: Readonly<Record<StackMachine, string>>;
  readonly machines: Readonly<Record<StackMachine, StepMachine>>;
  readonly functions: StackFunctions;
  readonly schedule: NightlySchedule;
}

/** By these the command line finds everything in a stack, of which it knows only the name. */
export class StackOutputs extends Construct {
  constructor(scope: Construct, id: string, props: StackOutputsProps) {
    super(scope, id);
    const { backups, work, secrets, machines, functions, schedule } = props;
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
    const pruning = functions[onlyWithKeep];
    if (pruning) this.#add(optionalOutputs.pruneFunction, pruning.function.functionName);
  }

  #add(key: string, value: string): void {
    new CfnOutput(this, key, { value }).overrideLogicalId(key);
  }
}
