import { type ISecurityGroup, type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** A network that exists, by its ids: no credentials are needed to look anything up. Functions work in all of its subnets. */
export class ExistingNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroups: ISecurityGroup[];

  constructor(scope: Construct, id: string, { id: vpcId, subnetIds, securityGroupIds }: NonNullable<Settings['vpc']>) {
    super(scope, id);
    // A zone for each subnet is what CDK wants; which ones, nobody asks.
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: subnetIds, privateSubnetIds: subnetIds });
    // Whoever runs the network says what may go out.
    this.securityGroups = securityGroupIds.map((groupId) =>
      SecurityGroup.fromSecurityGroupId(this, groupId, groupId, { mutable: false }),
    );
  }
}
