import { describe, expect, it } from 'vitest';
import { functionNeeds } from '../../functions/function-needs.ts';
import {
  backupSteps,
  drillSteps,
  type MachineName,
  machineSteps,
  operations,
  restoreSteps,
  type StepFile,
} from '../../functions/step-list.ts';
import { functionFiles, functionOf, functionsOfEveryStack, rightsIn, rightsOf, roleOf, withAll } from './rights.ts';
import { onlyResource, resourcesOf, synthesiseStack } from './synthesise.ts';

const template = synthesiseStack(withAll);
const plain = synthesiseStack();
const machineNames = Object.keys(machineSteps) as MachineName[];
const wordOf = (machine: MachineName) => ({ backup: 'Backup', restore: 'Restore', drill: 'Drill' })[machine];
const withOwnKey = synthesiseStack({ ...withAll, encryptionKey: 'own' });
const inNetwork = synthesiseStack({
  ...withAll,
  vpc: { id: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] },
});

/** What must be in no function's rights: to destroy what was stored, or to make it possible. */
const forbidden =
  /^s3:(Delete|Put(?!Object$)|Bypass|Replicate|Abort|Restore)|Retention|LegalHold|^(iam|kms:(Put|Schedule|Disable))|\*$/;

describe('the rights of functions', () => {
  it.each([
    ['as it comes', plain],
    ['where it is set what is kept', template],
    ['with a key of its own', withOwnKey],
    ['in a network', inNetwork],
  ])('never hold a right to delete, to hold back or to pass over, nor all of a kind: %s', (_, stack) => {
    for (const file of functionsOfEveryStack) {
      const rights = rightsOf(stack, roleOf(stack, file));
      expect(rights.length, file).toBeGreaterThan(3);
      for (const { action } of rights) expect(action, file).not.toMatch(forbidden);
    }
  });

  it('to delete are of one function, where it is set what is kept: of files, and never of their versions', () => {
    const beyond = rightsOf(template, roleOf(template, 'prune-backups')).filter(({ action }) => forbidden.test(action));
    expect(beyond.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      's3:DeleteObject <Backups.Arn>/*',
      's3:GetObjectRetention <Backups.Arn>/*',
      's3:GetObjectLegalHold <Backups.Arn>/*',
    ]);
    expect(JSON.stringify(plain)).not.toMatch(/s3:Delete|PruneBackups/);
  });

  it('sees what is forbidden (the check can fail)', () => {
    for (const action of [
      's3:*',
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutObjectRetention',
      's3:PutBucketPolicy',
    ])
      expect(action).toMatch(forbidden);
    for (const action of ['s3:PutObjectLegalHold', 's3:BypassGovernanceRetention', '*'])
      expect(action).toMatch(forbidden);
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:ListBucket']) expect(action).not.toMatch(forbidden);
  });

  it.each(functionFiles)('%s has those that its needs name, and no other', (file) => {
    const { backups, work, secret, takesLock } = functionNeeds[file];
    const deletes = ['DeleteObject', 'GetObjectRetention', 'GetObjectLegalHold'].flatMap((action) =>
      (backups.deletes ?? []).map((key) => `s3:${action} <Backups.Arn>/${key}`),
    );
    const store = (bucket: string, reads: readonly string[], writes: readonly string[]) => [
      ...new Set([...reads, ...writes].map((key) => `s3:GetObject <${bucket}.Arn>/${key}`)),
      ...writes.map((key) => `s3:PutObject <${bucket}.Arn>/${key}`),
    ];
    const list = (bucket: string, ...keys: string[]) =>
      `s3:ListBucket <${bucket}.Arn>${keys.length > 0 ? ` of ${[...new Set(keys)].join(' ')}` : ''}`;
    const ofBackups = [...backups.reads, ...backups.creates];
    const executions = machineNames.map(
      (machine) =>
        `states:DescribeExecution arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<AWS::StackName>-${wordOf(machine)}:*`,
    );
    const expected = [
      ...store('Backups', backups.reads, backups.creates),
      ...deletes,
      ...(backups.lists === 'all' ? [list('Backups')] : []),
      ...(backups.lists === 'own' ? [list('Backups', ...ofBackups)] : []),
      ...store('Work', work.reads, work.writes),
      list('Work', ...work.reads, ...work.writes),
      ...(secret === 'none' ? [] : [`secretsmanager:GetSecretValue <${wordOf(secret)}SiteSecret>`]),
      ...(takesLock ? executions : []),
    ];

    const rights = rightsOf(template, roleOf(template, file)).map(({ action, resource, condition }) => {
      const prefixes = condition?.StringLike['s3:prefix'];
      return `${action} ${resource}${prefixes ? ` of ${[prefixes].flat().join(' ')}` : ''}`;
    });

    const isLog = (right: string) => /^logs:(CreateLogStream|PutLogEvents) <Functions\w+Log\w+\.Arn>$/.test(right);
    expect(rights.filter((right) => !isLog(right)).toSorted()).toEqual(expected.toSorted());
    expect(rights.some(isLog)).toBe(true);
  });

  it('keep the secrets apart', () => {
    const reads = (file: (typeof functionFiles)[number], secret: string) =>
      rightsOf(template, roleOf(template, file)).some(({ resource }) => resource === `<${secret}>`);
    for (const machine of machineNames) {
      for (const other of machineNames.filter((name) => name !== machine))
        for (const file of machineSteps[machine]) expect(reads(file, `${wordOf(other)}SiteSecret`), file).toBe(false);
    }
    for (const file of operations) expect(reads(file, 'RestoreSiteSecret'), file).toBe(false);
    expect(operations.filter((file) => reads(file, 'DrillSiteSecret'))).toEqual(['check-drill']);
    expect(reads('check-drill', 'BackupSiteSecret')).toBe(false);
    expect(reads('create-objects', 'RestoreSiteSecret')).toBe(true);
    expect(reads('export-objects', 'BackupSiteSecret')).toBe(true);
    expect(reads('drill-objects', 'DrillSiteSecret')).toBe(true);
  });

  it('are of a role each', () => {
    expect(new Set(functionFiles.map((file) => roleOf(template, file))).size).toBe(functionFiles.length);
  });

  it('list the work bucket by prefix only, and nothing of it whole', () => {
    for (const file of functionFiles) {
      const lists = rightsOf(template, roleOf(template, file)).filter(
        ({ action, resource }) => action === 's3:ListBucket' && resource === '<Work.Arn>',
      );
      expect(lists, file).toHaveLength(1);
      for (const prefix of [lists[0]?.condition.StringLike['s3:prefix']].flat())
        expect(prefix, file).toMatch(/^[a-z-]+\/./);
    }
  });

  it.each<[string, RegExp, readonly string[]]>([
    ['a manifest', /^<Backups\.Arn>\/\*\/manifest\.json$/, ['finish-backup']],
    ['the record that a backup was finished', /^<Work\.Arn>\/finished\//, ['finish-backup']],
    ['objects', /^<Backups\.Arn>\/\*\/objects(meta)?\/\*$/, ['export-objects', 'reconcile-objects']],
    ['the claim of a night', /^<Work\.Arn>\/schedules\//, ['plan-backup']],
    ['the plan of a backup', /^<Work\.Arn>\/backups\/\*\/plan\.json$/, ['plan-backup']],
    ['what waits for approval', /^<Work\.Arn>\/plans\//, ['plan-restore', 'plan-undo']],
    ['what a person has said', /^<Work\.Arn>\/(users|same|accepted|copied)\//, []],
    ['that a backup is being deleted', /^<Work\.Arn>\/pruning\//, ['prune-backups']],
  ])('let nobody else write %s', (_, resource, files) => {
    const writers = functionFiles.filter((file) =>
      rightsOf(template, roleOf(template, file)).some(
        (right) => right.action === 's3:PutObject' && resource.test(right.resource),
      ),
    );
    expect(writers).toEqual(files);
  });

  it.each<[string, readonly StepFile[], RegExp]>([
    [
      'a backup, nor doctor, the lock, the journals or anything else of a restore',
      [...backupSteps, ...operations],
      /^<Work\.Arn>\/(locks|restores|journals|before-images|undone|users|same|plans|drills)\//,
    ],
    [
      'a restore anything of a backup, or of a drill',
      restoreSteps,
      /^<Work\.Arn>\/(backups|finished|backup-locks|schedules|drills)\/|^<Backups/,
    ],
    [
      'a drill anything but its own, the lock of the site, and the mark of who reads',
      drillSteps,
      /^<Work\.Arn>\/(?!drills\/|locks\/|readers\/)|^<Backups/,
    ],
  ])('let no step of %s be written', (_, files, resource) => {
    for (const file of files)
      for (const right of rightsOf(template, roleOf(template, file)))
        if (right.action === 's3:PutObject') expect(right.resource, file).not.toMatch(resource);
  });

  it('reach a key only where there is one', () => {
    const keyRights = (stack: typeof template) =>
      functionFiles.map((file) =>
        rightsOf(stack, roleOf(stack, file)).filter(({ action }) => action.startsWith('kms:')),
      );
    expect(keyRights(template).flat()).toEqual([]);
    for (const rights of keyRights(withOwnKey))
      expect(rights.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
        'kms:Decrypt <DataKey.Arn>',
        'kms:GenerateDataKey <DataKey.Arn>',
      ]);
  });

  it('reach a network only where there is one, and there only for Lambda itself', () => {
    const networkRights = (stack: typeof template) =>
      rightsOf(stack, roleOf(stack, 'plan-objects')).filter(({ action }) => action.startsWith('ec2:'));
    expect(networkRights(template)).toEqual([]);
    const allowed = networkRights(inNetwork).filter(({ effect }) => effect === 'Allow');
    const denied = networkRights(inNetwork).filter(({ effect }) => effect === 'Deny');
    expect(allowed.map(({ action }) => action)).toContain('ec2:CreateNetworkInterface');
    expect(denied.map(({ action }) => action)).toEqual(allowed.map(({ action }) => action));
    for (const { condition } of denied) expect(Object.keys(condition.ArnLike)).toEqual(['lambda:SourceFunctionArn']);
  });
});

describe('the rights of state machines', () => {
  const machines = Object.fromEntries(
    resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(([id, { Properties }]) => [
      machineNames.find((machine) => id.startsWith(wordOf(machine))),
      rightsOf(template, Properties.RoleArn['Fn::GetAtt'][0]),
    ]),
  ) as Record<MachineName, ReturnType<typeof rightsOf>>;
  const invoked = (rights: ReturnType<typeof rightsOf>) =>
    rights.filter(({ action }) => action === 'lambda:InvokeFunction').map(({ resource }) => resource);
  const arnOf = (file: (typeof functionFiles)[number]) => `<${functionOf(template, file).id}.Arn>`;

  it.each(machineNames)('let the %s machine invoke its own steps, and no other', (machine) => {
    expect(invoked(machines[machine]).toSorted()).toEqual(machineSteps[machine].map(arnOf).toSorted());
  });

  it('are the only ones to invoke a step, but for the rule that prunes when a backup is there', () => {
    expect(resourcesOf(plain, 'AWS::Lambda::Permission')).toEqual([]);
    expect(onlyResource(template, 'AWS::Lambda::Permission').Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [functionOf(template, 'prune-backups').id, 'Arn'] },
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [resourcesOf(template, 'AWS::Events::Rule')[0]?.[0], 'Arn'] },
    });
    const others = resourcesOf(template, 'AWS::IAM::Role')
      .map(([id]) => rightsOf(template, id))
      .filter((rights) => rights.every(({ action }) => action !== 'xray:PutTraceSegments'));
    expect(others.flatMap(invoked)).toEqual([arnOf('check-last-backup')]);
  });

  it("open the file of a map's items where it is encrypted with a key of its own", () => {
    const { RoleArn } = resourcesOf(withOwnKey, 'AWS::StepFunctions::StateMachine')
      .map(([, { Properties }]) => Properties)
      .find(({ DefinitionSubstitutions }) => 'WorkBucket' in DefinitionSubstitutions);
    expect(rightsOf(withOwnKey, RoleArn['Fn::GetAtt'][0])).toContainEqual(
      expect.objectContaining({ effect: 'Allow', action: 'kms:Decrypt', resource: '<DataKey.Arn>' }),
    );
  });

  it('hold what a distributed map needs: its children, and the file of its items', () => {
    const states = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>';
    const own = machines.backup
      .filter(({ action }) => /^(states|s3|kms):/.test(action))
      .map(({ action, resource }) => `${action} ${resource}`);
    expect(own.toSorted()).toEqual([
      's3:GetObject <Work.Arn>/backups/*/activity-batches.json',
      's3:GetObject <Work.Arn>/backups/*/object-batches.json',
      's3:GetObject <Work.Arn>/backups/*/schema-batches.json',
      `states:DescribeExecution ${states}:execution:<AWS::StackName>-Backup/*`,
      `states:DescribeExecution ${states}:execution:<AWS::StackName>-Backup:*`,
      `states:StartExecution ${states}:stateMachine:<AWS::StackName>-Backup`,
      `states:StopExecution ${states}:execution:<AWS::StackName>-Backup/*`,
      `states:StopExecution ${states}:execution:<AWS::StackName>-Backup:*`,
    ]);
    for (const machine of ['restore', 'drill'] as const)
      expect(machines[machine].filter(({ action }) => /^(states|s3|kms):/.test(action))).toEqual([]);
  });

  it('hold "*" for nothing but logs and traces', () => {
    for (const rights of Object.values(machines))
      for (const { action, resource } of rights) if (resource === '*') expect(action).toMatch(/^(logs|xray):\w+$/);
  });
});

describe('the rights of the schedules', () => {
  it('are to start one thing each, for this account, and to leave in their queue what they could not', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter(
      ([, { Properties }]) =>
        Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service === 'scheduler.amazonaws.com',
    );
    const [queue] = resourcesOf(template, 'AWS::SQS::Queue').map(([id]) => id);
    const rights = roles.map(([id]) => rightsOf(template, id));
    expect(rights.map((ofRole) => ofRole.map(({ action }) => action))).toEqual([
      ['states:StartExecution', 'sqs:SendMessage'],
      ['states:StartExecution', 'sqs:SendMessage'],
      ['lambda:InvokeFunction', 'sqs:SendMessage'],
    ]);
    for (const ofRole of rights) expect(ofRole[1]?.resource).toBe(`<${queue}.Arn>`);
    for (const [, { Properties }] of roles)
      expect(Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      });
  });
});

describe('the policies of resources', () => {
  it("have the backups' bucket refuse every put that could overwrite, whoever asks", () => {
    const policy = resourcesOf(template, 'AWS::S3::BucketPolicy').find(
      ([, { Properties }]) => Properties.Bucket.Ref === 'Backups',
    );
    const statement = policy?.[1].Properties.PolicyDocument.Statement.find(
      ({ Sid }: { Sid?: string }) => Sid === 'CreateOnly',
    );
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Condition: { Null: { 's3:if-none-match': 'true' } },
    });
    expect(rightsIn({ Statement: [statement] })[0]?.resource).toBe('<Backups.Arn>/*');
  });

  it('take nothing over plain HTTP', () => {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::S3::BucketPolicy')) {
      const [first] = rightsIn(Properties.PolicyDocument);
      expect(first, id).toMatchObject({
        effect: 'Deny',
        action: 's3:*',
        condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });

  it('let CloudWatch, and from this account only, publish to the topic and use its key', () => {
    const { PolicyDocument: topic } = onlyResource(template, 'AWS::SNS::TopicPolicy').Properties;
    const publish = topic.Statement.find(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(publish).toMatchObject({ Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } });
    expect(publish.Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
    expect(topic.Statement.find(({ Effect }: { Effect: string }) => Effect === 'Deny').Condition).toEqual({
      Bool: { 'aws:SecureTransport': 'false' },
    });
    const { KeyPolicy: key } = onlyResource(template, 'AWS::KMS::Key').Properties;
    expect(key.Statement).toContainEqual({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(onlyResource(template, 'AWS::SNS::Topic').Properties.KmsMasterKeyId).toBeDefined();
  });
});
