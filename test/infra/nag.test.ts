import { type App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { synthesise } from './synthesise.ts';

/** The rules of AWS Solutions, which hand over what they found instead of ending the synth. */
class Findings extends AwsSolutionsChecks {
  readonly found: string[] = [];

  override validate(...args: Parameters<AwsSolutionsChecks['validate']>): ReturnType<AwsSolutionsChecks['validate']> {
    for (const { ruleName, violatingResources } of super.validate(...args).violations)
      for (const { constructPath } of violatingResources) this.found.push(`${constructPath}: ${ruleName}`);
    return { success: true, violations: [] };
  }
}

/** What the rules find that has no reason beside it. */
function findingsOf(settings: object, addTo: (app: App) => void = () => {}): readonly string[] {
  let findings: Findings | undefined;
  synthesise({ Site: settings }, (app) => {
    addTo(app);
    findings = new Findings(app);
    return [findings];
  });
  if (!findings) throw new Error('The rules were not applied.');
  return findings.found;
}

const vpc = {
  id: 'vpc-0a1b2c3d',
  subnetIds: ['subnet-0a1b2c3d', 'subnet-0b1b2c3d'],
  securityGroupIds: ['sg-0a1b2c3d'],
};

describe('cdk-nag with the rules of AWS Solutions', () => {
  it.each([
    ['with its defaults', {}],
    [
      'with all that can be set',
      {
        account: '123456789012',
        region: 'eu-central-1',
        encryptionKey: 'own',
        objectLockDays: 30,
        keep: { daily: 14 },
        drill: { schedule: 'cron(0 12 ? * SAT *)' },
        alarmEmail: 'operator@example.com',
        vpc,
        permissionsBoundary: 'Boundary',
      },
    ],
    ['with a topic that was there', { alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms' }],
  ])('finds nothing in the stack %s that is not explained', (_, settings) => {
    expect(findingsOf(settings)).toEqual([]);
  });

  it('finds a bucket that is open (the check can fail)', () => {
    const found = findingsOf({}, (app) => new Bucket(new Stack(app, 'Other'), 'Open'));
    expect(found).toContain('Other/Open/Resource: AwsSolutions-S10');
  });
});
