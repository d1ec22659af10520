import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { MissedStarts } from './missed-starts.ts';

export interface ClockRoleProps {
  readonly action: string;
  readonly arn: string;
  readonly missed: MissedStarts;
}

/** What a schedule may do: one thing to one resource, and say that it could not. */
export class ClockRole extends Role {
  constructor(scope: Construct, id: string, { action, arn, missed }: ClockRoleProps) {
    super(scope, id, {
      // Only schedules of this account, so that nobody else's schedule is run with it.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    });
    this.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [arn] }));
    this.addToPrincipalPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [missed.queueArn] }));
  }
}
