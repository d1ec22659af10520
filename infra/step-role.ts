import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { functionNeeds } from '../functions/function-needs.ts';
import { type MachineName, machineSteps, type StepFile } from '../functions/step-list.ts';
import type { ByMachine } from './by-machine.ts';
import { explainWildcards } from './explained-wildcard.ts';
import { executionArns } from './machine-arns.ts';

/** What functions may be given rights to. */
export interface Resources {
  readonly backups: IBucket;
  readonly work: IBucket;
  /** Of both buckets; undefined where it is S3's own, for which nobody needs a right. */
  readonly key: IKey | undefined;
  /** ARN of the secret of each machine. */
  readonly secrets: ByMachine<string>;
}

/** ARN of the secret of a machine. Throws an Error of a machine that the stack does not have. */
export function secretOf({ secrets }: Pick<Resources, 'secrets'>, machine: MachineName): string {
  const arn = secrets[machine];
  if (arn === undefined) throw new Error(`The stack has no ${machine} secret.`);
  return arn;
}

export interface StepRoleProps extends Resources {
  readonly file: StepFile;
  /** Whether the function works in a network of the account, and so needs an interface there. */
  readonly isInNetwork: boolean;
}

/**
 * The rights that `functionNeeds` names, and no other: nothing may delete a version, or set, hold or pass over a retention or a
 * legal hold, so that even a role that leaked cannot destroy what was stored. Only pruning may lay a marker over a file.
 */
export class StepRole extends Role {
  constructor(scope: Construct, id: string, props: StepRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.file} of assets-backup may do`,
    });
    const needs = functionNeeds[props.file];
    const { backups, work } = props;
    const { reads, creates, lists, deletes = [] } = needs.backups;
    this.#allowFiles(backups, reads, creates);
    if (lists === 'all') this.#allow(['s3:ListBucket'], backups.bucketArn);
    if (lists === 'own') this.#allowListing(backups, [...reads, ...creates]);
    this.#allowDeleting(backups, deletes);
    this.#allowFiles(work, needs.work.reads, needs.work.writes);
    this.#allowListing(work, [...needs.work.reads, ...needs.work.writes]);
    // Whoever reads a bucket, writes to one of them.
    if (props.key) this.#allow(['kms:Decrypt', 'kms:GenerateDataKey'], props.key.keyArn);
    if (needs.secret !== 'none') this.#allow(['secretsmanager:GetSecretValue'], secretOf(props, needs.secret));
    if (needs.takesLock) this.#allowSeeingRuns();
    if (props.isInNetwork) this.#allowInterface();
  }

  #allow(actions: string[], ...resources: string[]): void {
    this.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  }

  /** To read all of these keys, and to write those that are to be written. */
  #allowFiles(bucket: IBucket, reads: readonly string[], writes: readonly string[]): void {
    const arns = (keys: readonly string[]) => keys.map((key) => bucket.arnForObjects(key));
    const all = arns([...new Set([...reads, ...writes])]);
    if (all.length > 0) this.#allow(['s3:GetObject'], ...all);
    if (writes.length > 0) this.#allow(['s3:PutObject'], ...arns(writes));
    explainWildcards(
      this,
      all,
      'Keys are made of times and ids in the run, so no list of them can be given beforehand.',
    );
  }

  /** With the rights to see what nobody may delete. */
  #allowDeleting(bucket: IBucket, keys: readonly string[]): void {
    if (keys.length === 0) return;
    const arns = keys.map((key) => bucket.arnForObjects(key));
    this.#allow(['s3:DeleteObject', 's3:GetObjectRetention', 's3:GetObjectLegalHold'], ...arns);
    explainWildcards(this, arns, 'What is pruned is known in the run; versions are out of its reach.');
  }

  /** Lists of these keys alone: also how a key that is not there is told from one that may not be read. */
  #allowListing(bucket: IBucket, keys: readonly string[]): void {
    this.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': [...new Set(keys)] } },
      }),
    );
  }

  /** Whether the execution that holds the site's lock still runs; one of a drill may hold it still when the setting has gone. */
  #allowSeeingRuns(): void {
    const executions = (Object.keys(machineSteps) as MachineName[]).map((machine) => executionArns(this, machine));
    this.#allow(['states:DescribeExecution'], ...executions);
    explainWildcards(this, executions, 'The id of an execution is made when it starts.');
  }

  /** Lambda itself makes and removes the network interface, with these rights; our own code may not use them. */
  #allowInterface(): void {
    const actions = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    this.#allow(actions, '*');
    const ownFunctions = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.addToPrincipalPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions,
        resources: ['*'],
        conditions: { ArnLike: { 'lambda:SourceFunctionArn': ownFunctions } },
      }),
    );
    explainWildcards(
      this,
      ['*'],
      'Lambda names no interface beforehand; code of the functions is denied these rights.',
    );
  }
}
