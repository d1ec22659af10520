import { describe, expect, it } from 'vitest';
import { frozenIds } from '../../infra/frozen-ids.ts';
import { type Anything, resourcesOf, synthesiseStack } from './synthesise.ts';

const template = synthesiseStack({ encryptionKey: 'own' });
const plain = synthesiseStack();
const drill = { schedule: 'cron(0 12 ? * SAT *)' };
const drilling = synthesiseStack({ drill, encryptionKey: 'own' });
const bucket = (id: string, stack = plain) => stack.Resources[id]?.Properties;

describe('what holds data', () => {
  // Written out, because a change of one of these leaves the backups of every stack behind. Never correct this test.
  it.each([
    ['Backups', 'AWS::S3::Bucket'],
    ['Work', 'AWS::S3::Bucket'],
    ['BackupSiteSecret', 'AWS::SecretsManager::Secret'],
    ['RestoreSiteSecret', 'AWS::SecretsManager::Secret'],
    ['DrillSiteSecret', 'AWS::SecretsManager::Secret'],
    ['DataKey', 'AWS::KMS::Key'],
  ])('has the logical id %s for ever, and stays when the stack goes', (id, type) => {
    expect(drilling.Resources[id]).toMatchObject({
      Type: type,
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    expect(frozenIds).toContain(id);
  });

  it('is nothing else', () => {
    const types = /^AWS::(S3::Bucket|SecretsManager::Secret|KMS::Key|DynamoDB::Table|EFS::.*|RDS::.*)$/;
    const found = Object.entries(template.Resources).filter(([, { Type }]) => types.test(Type));
    // The key of the alarms' topic holds nothing.
    expect(
      found
        .map(([id]) => id)
        .filter((id) => !id.startsWith('AlarmTopicKey'))
        .toSorted(),
    ).toEqual(['Backups', 'BackupSiteSecret', 'DataKey', 'RestoreSiteSecret', 'Work'].toSorted());
    expect(Object.keys(drilling.Resources).filter((id) => types.test(drilling.Resources[id]?.Type ?? ''))).toHaveLength(
      found.length + 1,
    );
  });
});

describe('the secrets', () => {
  it('are made without a value, and say how to fill them', () => {
    const secrets = resourcesOf(plain, 'AWS::SecretsManager::Secret');
    expect(secrets.map(([, { Properties }]) => Object.keys(Properties))).toEqual([['Description'], ['Description']]);
    expect(bucket('BackupSiteSecret').Description).toMatch(/assets-backup login --stack Site$/);
    expect(bucket('RestoreSiteSecret').Description).toMatch(/assets-backup login --stack Site --for restore$/);
    const { Properties } = drilling.Resources.DrillSiteSecret ?? {};
    expect(Object.keys(Properties)).toEqual(['Description']);
    expect(Properties.Description).toMatch(/assets-backup login --stack Site --for drill$/);
  });
});

describe.each(['Backups', 'Work'])('the bucket %s', (id) => {
  it('is versioned, closed to the public, and encrypted with KMS and bucket keys', () => {
    expect(bucket(id)).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: encryption({ SSEAlgorithm: 'aws:kms' }),
    });
  });

  it('takes a key of the stack, or one that exists', () => {
    const own = { 'Fn::GetAtt': ['DataKey', 'Arn'] };
    expect(bucket(id, template).BucketEncryption).toEqual(encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: own }));
    const arn = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d';
    expect(bucket(id, synthesiseStack({ encryptionKey: arn })).BucketEncryption).toEqual(
      encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn }),
    );
  });
});

describe('the life cycle of backups', () => {
  const rules = bucket('Backups', synthesiseStack({ retention: { noncurrentVersionDays: 5 } })).LifecycleConfiguration
    .Rules;

  it('never expires what is current', () => {
    for (const rule of rules as Anything[]) {
      expect(Object.keys(rule).filter((key) => /^Expiration|^Transition/.test(key))).toEqual([]);
    }
  });

  it('clears away old versions and broken uploads', () => {
    expect(rules).toEqual([
      {
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        NoncurrentVersionExpiration: { NoncurrentDays: 5 },
      },
      // The marker of what pruning has deleted, once the last version behind it has gone.
      { Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ]);
  });
});

describe('the life cycle of work', () => {
  it('expires what a run leaves behind, and neither journals, locks nor marks of schedules', () => {
    const { Rules } = bucket(
      'Work',
      synthesiseStack({ retention: { workDays: 20 }, undoDays: 30 }),
    ).LifecycleConfiguration;
    const expiring = Rules.filter(({ ExpirationInDays }: Anything) => ExpirationInDays !== undefined);
    expect(expiring.map(({ Prefix, ExpirationInDays }: Anything) => [Prefix, ExpirationInDays])).toEqual([
      ['backups/', 20],
      ['users/', 20],
      ['same/', 20],
      ['plans/', 20],
      ['readers/', 20],
      ['before-images/', 30],
      ['diffs/', 7],
      ['drills/', 90],
    ]);
  });

  it.each([
    ['cron(0 12 ? * SAT *)', 90],
    // Two of them, each with the hours after which it is missing.
    ['cron(0 12 1 1,7 ? *)', 369],
  ])('keeps what drills left of a schedule %s until the next two have come at least', (schedule, days) => {
    const { Rules } = bucket('Work', synthesiseStack({ drill: { schedule } })).LifecycleConfiguration;
    expect(Rules.find(({ Prefix }: Anything) => Prefix === 'drills/')?.ExpirationInDays).toBe(days);
  });

  it.each([
    ['restores wrote over', 'before-images/', 90],
    ['comparisons have found', 'diffs/', 7],
    ['drills have tried', 'drills/', 90],
  ])('lets nothing of what %s stay as an old version', (_, prefix, days) => {
    const { Rules } = bucket('Work').LifecycleConfiguration;
    expect(Rules.find(({ Prefix }: Anything) => Prefix === prefix)).toMatchObject({
      ExpirationInDays: days,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
  });
});

describe('Object Lock', () => {
  it('can be turned on at any time, because the bucket is made for it', () => {
    expect(bucket('Backups')).toMatchObject({ ObjectLockEnabled: true });
    expect(bucket('Backups').ObjectLockConfiguration).toBeUndefined();
  });

  it('holds versions in governance mode for the days that are set', () => {
    expect(bucket('Backups', synthesiseStack({ objectLockDays: 35 })).ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Days: 35, Mode: 'GOVERNANCE' } },
    });
  });
});

function encryption(byDefault: object) {
  return {
    ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: byDefault }],
  };
}
