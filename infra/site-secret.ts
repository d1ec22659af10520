import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { MachineName } from '../functions/step-list.ts';
import { freezeLogicalId } from './frozen-ids.ts';

const texts = {
  backup: { logicalId: 'BackupSiteSecret', does: 'reads', option: '' },
  restore: { logicalId: 'RestoreSiteSecret', does: 'writes', option: ' --for restore' },
  drill: { logicalId: 'DrillSiteSecret', does: 'tries a restore on', option: ' --for drill' },
} as const;

/**
 * The login to the site, for backups, for restores or for drills. Made without a value: a generated one would look like a login and
 * be refused by the site at night, where an empty secret is refused by our own sentence at once. It stays when the stack goes.
 */
export class SiteSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, machine: MachineName) {
    super(scope, id);
    const { logicalId, does, option } = texts[machine];
    // Not the construct `Secret`, which generates a value where none is given.
    const secret = new CfnSecret(this, 'Secret', {
      description: `Login with which a ${machine} ${does} ${machine === 'drill' ? 'a' : 'the'} site. Fill it with: assets-backup login --stack ${Stack.of(this).stackName}${option}`,
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    freezeLogicalId(secret, logicalId);
    this.arn = secret.ref;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        "Atlassian's API tokens are made by a person in a browser, so nothing here could rotate one. An alarm warns before it expires.",
    });
  }
}
