import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a schedule may do: one thing to one resource. */
export class ClockRole extends Role {
  constructor(scope: Construct, id: string, { action, arn }: { readonly action: string; readonly arn: string }) {
    super(scope, id, {
      // Only schedules of this account, so that nobody else's schedule is run with it.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    });
    this.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [arn] }));
  }
}
