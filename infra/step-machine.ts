import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { loadDefinition, tokenValues } from '../functions/load-definition.ts';
import { type MachineName, type MachineStepFile, machineSteps } from '../functions/step-list.ts';
import { explainWildcards } from './explained-wildcard.ts';
import { childArns, executionArns, machineArn, machineName } from './machine-arns.ts';
import type { StackFunctions } from './step-functions.ts';

export interface StepMachineProps {
  readonly machine: MachineName;
  readonly functions: StackFunctions;
  readonly work: IBucket;
  /** Of the work bucket; undefined where it is S3's own. */
  readonly key: IKey | undefined;
  readonly logDays: number;
}

/** A state machine from its definition, in which each `${StepName}` becomes that function. */
export class StepMachine extends StateMachine {
  constructor(scope: Construct, id: string, { machine, functions, work, key, logDays }: StepMachineProps) {
    const definition = loadDefinition(machine);
    const hasMaps = definition.includes('"DISTRIBUTED"');
    const functionOf = (file: MachineStepFile) => {
      const made = functions[file];
      if (!made) throw new Error(`The stack has no function of ${file}.`);
      return made.function.functionArn;
    };
    super(scope, id, {
      stateMachineName: machineName(machine),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: tokenValues(machine, definition, { functionOf, workBucket: work.bucketName }),
      logs: {
        destination: new LogGroup(scope, `${id}Log`, {
          // Under this prefix AWS needs no entry in the account's one policy for logs, which holds 5,120 characters.
          logGroupName: `/aws/vendedlogs/states/${machineName(machine)}`,
          retention: logDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // Whoever may read logs is not always one who may read a restore's input.
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    explainWildcards(this, ['*'], 'Deliveries of logs and traces of X-Ray are no resources: AWS asks for "*".');
    // CDK grants nothing for a definition that is text.
    this.#allow(['lambda:InvokeFunction'], ...machineSteps[machine].map(functionOf));
    if (hasMaps) this.#allowMaps(machine, work, key);
  }

  /** The children of a distributed map are executions of the same machine, and its items lie in a file of the work bucket. */
  #allowMaps(machine: MachineName, work: IBucket, key: IKey | undefined): void {
    const executions = [executionArns(this, machine), childArns(this, machine)];
    const items = ['schema', 'object', 'activity'].map((what) => work.arnForObjects(`backups/*/${what}-batches.json`));
    this.#allow(['states:StartExecution'], machineArn(this, machine));
    this.#allow(['states:DescribeExecution', 'states:StopExecution'], ...executions);
    this.#allow(['s3:GetObject'], ...items);
    if (key) this.#allow(['kms:Decrypt'], key.keyArn);
    explainWildcards(this, [...executions, ...items], 'Ids of executions and keys of batches are made in the run.');
  }

  #allow(actions: string[], ...resources: string[]): void {
    this.addToRolePolicy(new PolicyStatement({ actions, resources }));
  }
}
