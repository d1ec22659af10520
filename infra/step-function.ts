import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Architecture, type Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environment } from '../functions/environment.ts';
import { functionNeeds } from '../functions/function-needs.ts';
import type { StepFile } from '../functions/step-list.ts';
import type { ExistingNetwork } from './network.ts';
import { type Resources, StepRole, secretOf } from './step-role.ts';

/** What all functions of a stack have in common. */
interface CommonFunctionProps extends Resources {
  /** Undefined where functions reach the internet by AWS's own network. */
  readonly network: ExistingNetwork | undefined;
  readonly logDays: number;
  /** Variables of the environment that every function gets, beside its buckets and its secret. */
  readonly variables: Readonly<Record<string, string>>;
  readonly codeOf: (file: StepFile) => Code;
}

export interface StepFunctionProps extends CommonFunctionProps {
  readonly file: StepFile;
}

/** One function, as functions/function-needs.ts describes it: its code, its memory and time, its rights, its log. */
export class StepFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: StepRole;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { file, network, ...props }: StepFunctionProps) {
    super(scope, id);
    const needs = functionNeeds[file];
    this.role = new StepRole(this, 'Role', { file, isInNetwork: network !== undefined, ...props });
    this.logGroup = new LogGroup(this, 'Log', { retention: props.logDays, removalPolicy: RemovalPolicy.DESTROY });
    this.logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      description: `${file} of assets-backup`,
      code: props.codeOf(file),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: needs.memoryMegabytes,
      timeout: Duration.minutes(needs.minutes),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: {
        ...props.variables,
        [environment.backupsBucket]: props.backups.bucketName,
        [environment.workBucket]: props.work.bucketName,
        [environment.bucketOwner]: Stack.of(this).account,
        ...(needs.secret !== 'none' && { [environment.siteSecret]: secretOf(props, needs.secret) }),
        // Stack traces in the log name our files and lines. The map is read only when there is an error to print.
        NODE_OPTIONS: '--enable-source-maps',
      },
      ...(network && { vpc: network.vpc, securityGroups: network.securityGroups }),
    });
  }
}
