import { describe, expect, it } from 'vitest';
import { optionalOutputs, stackOutputs } from '../../functions/environment.ts';
import { functionFiles, functionOf, functionsOfEveryStack, withAll } from './rights.ts';
import {
  type Anything,
  onlyResource,
  type Resource,
  resourcesOf,
  synthesise,
  synthesiseStack,
  type Template,
} from './synthesise.ts';

const template = synthesiseStack();

describe('outputs', () => {
  it('are what the command line looks for', () => {
    // An older stack has no output for its topic, and is worked with all the same.
    const all = [...Object.values(stackOutputs), optionalOutputs.alarmTopic];
    expect(Object.keys(template.Outputs).toSorted()).toEqual(all.toSorted());
    expect(template.Outputs).toMatchObject({
      Version: { Value: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      BackupsBucket: { Value: { Ref: 'Backups' } },
      WorkBucket: { Value: { Ref: 'Work' } },
      BackupSecret: { Value: { Ref: 'BackupSiteSecret' } },
      RestoreSecret: { Value: { Ref: 'RestoreSiteSecret' } },
      CheckSetupFunction: { Value: { Ref: functionOf(template, 'check-setup').id } },
    });
    expect(typeOf(template.Outputs.BackupStateMachine?.Value)).toBe('AWS::StepFunctions::StateMachine');
    expect(template.Outputs.BackupStateMachine?.Value.Ref).toMatch(/^Backup/);
    expect(template.Outputs.RestoreStateMachine?.Value.Ref).toMatch(/^Restore/);
    expect(typeOf(template.Outputs.BackupSchedule?.Value)).toBe('AWS::Scheduler::Schedule');
  });

  it('name what is made for a setting where it is set', () => {
    const keeping = synthesiseStack(withAll);
    const all = [...Object.values(stackOutputs), ...Object.values(optionalOutputs)];
    expect(Object.keys(keeping.Outputs).toSorted()).toEqual(all.toSorted());
    expect(keeping.Outputs).toMatchObject({
      PruneBackupsFunction: { Value: { Ref: functionOf(keeping, 'prune-backups').id } },
      CheckDrillFunction: { Value: { Ref: functionOf(keeping, 'check-drill').id } },
      DrillSecret: { Value: { Ref: 'DrillSiteSecret' } },
    });
    expect(keeping.Outputs.DrillStateMachine?.Value.Ref).toMatch(/^Drill/);
    expect(keeping.Outputs.DrillSchedule?.Value.Ref).toMatch(/^Drills/);
  });

  it('are of one stack: none has a name that another could have', () => {
    for (const { Export } of Object.values(template.Outputs)) expect(Export).toBeUndefined();
  });

  const typeOf = ({ Ref }: Anything) => template.Resources[Ref]?.Type;
});

describe('several stacks in one account', () => {
  const schedule = 'cron(30 1 * * ? *)';
  const { Berlin, Tokyo } = synthesise({
    Berlin: { schedule, timeZone: 'Europe/Berlin' },
    Tokyo: { objectSchemaKeys: ['FAC'], activity: false },
  });
  const stacks = [Berlin, Tokyo].flatMap((stack) => stack?.template ?? []);
  const nightly = ({ Resources }: Template) =>
    Object.entries(Resources).find(
      ([id, { Type }]) => Type === 'AWS::Scheduler::Schedule' && id.startsWith('Nightly'),
    )?.[1].Properties;

  it('have settings of their own', () => {
    const [berlin, tokyo] = stacks.map(nightly);
    expect(berlin).toMatchObject({
      ScheduleExpression: schedule,
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    expect(JSON.parse(tokyo.Target.Input)).toEqual({
      objectSchemaKeys: ['FAC'],
      activity: false,
      scheduledTime: '<aws.scheduler.scheduled-time>',
    });
  });

  it("have no resource of a fixed name: a name holds the stack's, or is left to CloudFormation", () => {
    const names = /^(\w*Name|Id|Alias\w*)$/;
    const notNames = ['MetricName', 'PolicyName', 'RoleName'];
    expect(stacks).toHaveLength(2);
    for (const stack of stacks) {
      for (const [id, { Type, Properties }] of Object.entries(stack.Resources)) {
        for (const [key, value] of Object.entries(Properties ?? {})) {
          // A policy's name is one within its role.
          if (!names.test(key) || (notNames.includes(key) && Type !== 'AWS::IAM::ManagedPolicy')) continue;
          expect(JSON.stringify(value), `${id}.${key}`).toMatch(/^"(Berlin|Tokyo)\/|AWS::StackName|"Ref"/);
        }
      }
    }
  });

  it('see only their own metrics', () => {
    const names = stacks.map((stack) => {
      const alarms = JSON.stringify(resourcesOf(stack, 'AWS::CloudWatch::Alarm'));
      return [...new Set([...alarms.matchAll(/"Name":"Stack","Value":"(\w+)"/g)].map(([, name]) => name))];
    });
    expect(names).toEqual([['Berlin'], ['Tokyo']]);
  });
});

describe('a schedule', () => {
  it('starts the backup machine, and names its time, by which a second event of one night is recognised', () => {
    const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
    const nightly = schedules.find(({ Target }) => Target.Input);
    expect(nightly).toMatchObject({ FlexibleTimeWindow: { Mode: 'OFF' } });
    expect(nightly.State).not.toBe('DISABLED');
    expect(nightly.Target.Arn).toEqual(template.Outputs.BackupStateMachine?.Value);
    expect(JSON.parse(nightly.Target.Input)).toEqual({ scheduledTime: '<aws.scheduler.scheduled-time>' });
    const hourly = schedules.find(({ Target }) => !Target.Input);
    expect(hourly.ScheduleExpression).toBe('rate(1 hour)');
    expect(hourly.Target.Arn).toEqual({ 'Fn::GetAtt': [functionOf(template, 'check-last-backup').id, 'Arn'] });
  });
});

describe('a drill', () => {
  const given = { schedule: 'cron(0 12 ? * SAT *)', sample: 300 };
  const drilling = synthesiseStack({ timeZone: 'Asia/Tokyo', drill: given });

  it('is started by a schedule of its own, and with the clock of the backups', () => {
    const { Ref } = drilling.Outputs.DrillSchedule?.Value ?? {};
    const { Properties } = drilling.Resources[Ref] as Resource;
    expect(Properties).toMatchObject({
      ScheduleExpression: given.schedule,
      ScheduleExpressionTimezone: 'Asia/Tokyo',
      Target: { Arn: drilling.Outputs.DrillStateMachine?.Value },
    });
    expect(JSON.parse(Properties.Target.Input)).toEqual({ scheduledTime: '<aws.scheduler.scheduled-time>' });
    // What it does the settings say to its functions, so that nobody who starts one can say otherwise.
    const { DRILL } = functionOf(drilling, 'open-drill').properties.Environment.Variables;
    expect(JSON.parse(DRILL)).toEqual({ sample: 300, inProduction: false });
  });

  it('comes and goes with what is set, and touches nothing else but what looks at all', () => {
    const without = synthesiseStack({ timeZone: 'Asia/Tokyo' });
    const differing = ['AWS::Lambda::Function', 'AWS::Logs::QueryDefinition', 'AWS::CloudWatch::Dashboard'];
    const others = Object.entries(without.Resources).filter(([, { Type }]) => !differing.includes(Type));
    expect(drilling.Resources).toMatchObject(Object.fromEntries(others));
    const added = Object.keys(drilling.Resources).filter((one) => !(one in without.Resources));
    const counts = Map.groupBy(added, (one) => drilling.Resources[one]?.Type ?? '');
    expect(Object.fromEntries([...counts].map(([type, ids]) => [type, ids.length]))).toEqual({
      'AWS::CloudWatch::Alarm': 5,
      'AWS::IAM::Policy': 16,
      'AWS::IAM::Role': 16,
      'AWS::Lambda::Function': 14,
      'AWS::Logs::LogGroup': 15,
      'AWS::Scheduler::Schedule': 1,
      'AWS::SecretsManager::Secret': 1,
      'AWS::StepFunctions::StateMachine': 1,
    });
  });

  it('is nowhere in a stack of which nothing is said about drills, but in what its locks may name', () => {
    for (const settings of [{}, { drill: null }]) {
      const { Resources, Outputs } = synthesiseStack(settings);
      expect(JSON.stringify(Outputs)).not.toMatch(/drill/i);
      // A question to the logs may stand there without an answer.
      const ids = Object.keys(Resources).filter((id) => Resources[id]?.Type !== 'AWS::Logs::QueryDefinition');
      expect(ids.filter((id) => /drill/i.test(id))).toEqual([]);
    }
  });

  it('leaves the stack with all that can be set within the 500 resources and the megabyte of a template', () => {
    const all = synthesiseStack({ ...withAll, encryptionKey: 'own', alarmEmail: 'operator@example.com' });
    expect(Object.keys(all.Resources).length).toBeLessThan(400);
    expect(JSON.stringify(all).length).toBeLessThan(800_000);
  });
});

describe('pruning', () => {
  const keeping = synthesiseStack({ keep: withAll.keep });
  const { id } = functionOf(keeping, 'prune-backups');

  it('begins when a backup has succeeded, and with nothing else', () => {
    const { Properties } = onlyResource(keeping, 'AWS::Events::Rule');
    expect(Properties.State).toBe('ENABLED');
    expect(Properties.EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['SUCCEEDED'], stateMachineArn: [keeping.Outputs.BackupStateMachine?.Value] },
    });
    expect(Properties.Targets).toEqual([
      expect.objectContaining({ Arn: { 'Fn::GetAtt': [id, 'Arn'] }, Input: '{"dryRun":false}' }),
    ]);
  });

  it('is not tried again where it failed, and left to the next night where it could not begin in two hours', () => {
    expect(onlyResource(keeping, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 7200,
    });
    expect(onlyResource(keeping, 'AWS::Events::Rule').Properties.Targets[0].RetryPolicy).toEqual({
      MaximumEventAgeInSeconds: 7200,
      MaximumRetryAttempts: 10,
    });
  });

  it('is nowhere in a stack of which nothing is said about what is kept', () => {
    for (const settings of [{}, { keep: null }])
      expect(resourcesOf(synthesiseStack(settings), 'AWS::Events::Rule')).toEqual([]);
  });

  it('comes and goes with what is set, and neither touches a bucket nor anything else', () => {
    // All functions have the settings in their environment, and what people look at names the logs of all.
    const differing = ['AWS::Lambda::Function', 'AWS::Logs::QueryDefinition', 'AWS::CloudWatch::Dashboard'];
    const others = Object.entries(template.Resources).filter(([, { Type }]) => !differing.includes(Type));
    expect(keeping.Resources).toMatchObject(Object.fromEntries(others));
    const added = Object.keys(keeping.Resources).filter((one) => !(one in template.Resources));
    const types = added.map((one) => keeping.Resources[one]?.Type).toSorted();
    expect(types).toEqual([
      ...['AWS::CloudWatch::Alarm', 'AWS::Events::Rule', 'AWS::IAM::Policy', 'AWS::IAM::Role'],
      ...['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::Logs::LogGroup'],
    ]);
  });
});

describe('every schedule', () => {
  const scheduled = resourcesOf(synthesiseStack(withAll), 'AWS::Scheduler::Schedule');
  const [queue = ''] = resourcesOf(template, 'AWS::SQS::Queue').map(([id]) => id);

  it('leaves what it could not start in a queue, where the alarm finds it', () => {
    expect(scheduled.length).toBeGreaterThan(2);
    for (const [id, { Properties }] of scheduled)
      expect(Properties.Target.DeadLetterConfig, id).toEqual({ Arn: { 'Fn::GetAtt': [queue, 'Arn'] } });
  });

  it('waits for the rights of its role, without which its first start would be nowhere', () => {
    for (const [id, { Properties, DependsOn = [] }] of scheduled) {
      const [role] = Properties.Target.RoleArn['Fn::GetAtt'];
      expect(DependsOn, id).toEqual(expect.arrayContaining([role, expect.stringMatching(/DefaultPolicy/)]));
    }
  });

  it('has one queue for it, encrypted, which takes nothing without TLS', () => {
    expect(onlyResource(template, 'AWS::SQS::Queue').Properties).toEqual({
      MessageRetentionPeriod: 345_600,
      SqsManagedSseEnabled: true,
    });
    const [statement, ...others] = onlyResource(template, 'AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });
});

describe('what a company asks for', () => {
  it('is protection of the stack against deletion, unless it is turned off', () => {
    const { Kept, Free } = synthesise({ Kept: {}, Free: { terminationProtection: false } });
    expect(Kept?.terminationProtection).toBe(true);
    expect(Free?.terminationProtection).toBe(false);
  });

  it('is a network of its own', () => {
    const inNetwork = synthesiseStack({
      ...withAll,
      vpc: { id: 'vpc-0a', subnetIds: ['subnet-0a', 'subnet-0b'], securityGroupIds: ['sg-0a'] },
    });
    for (const file of functionFiles) {
      expect(functionOf(inNetwork, file).properties.VpcConfig, file).toEqual({
        SubnetIds: ['subnet-0a', 'subnet-0b'],
        SecurityGroupIds: ['sg-0a'],
      });
    }
    for (const file of functionsOfEveryStack)
      expect(functionOf(template, file).properties.VpcConfig, file).toBeUndefined();
    expect(resourcesOf(inNetwork, 'AWS::EC2::SecurityGroup')).toEqual([]);
  });

  it('is its tags on everything that takes any', () => {
    const tagged = synthesiseStack({ tags: { Owner: 'IT operations', toString: 'IT', hasOwnProperty: 'IT' } });
    for (const id of ['Backups', 'Work', 'BackupSiteSecret', functionOf(tagged, 'plan-backup').id]) {
      expect(tagged.Resources[id]?.Properties.Tags, id).toEqual([
        { Key: 'hasOwnProperty', Value: 'IT' },
        { Key: 'Owner', Value: 'IT operations' },
        { Key: 'toString', Value: 'IT' },
      ]);
    }
  });

  it.each([
    ['Boundary', /policy\/Boundary"/],
    ['arn:aws:iam::123456789012:policy/Boundary', /^"arn:aws:iam::123456789012:policy\/Boundary"$/],
  ])('is the boundary %s on every role', (permissionsBoundary, expected) => {
    const roles = resourcesOf(synthesiseStack({ permissionsBoundary }), 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(20);
    for (const [id, { Properties }] of roles)
      expect(JSON.stringify(Properties.PermissionsBoundary), id).toMatch(expected);
  });

  it('is an address for alarms, where there is one', () => {
    const subscribed = synthesiseStack({ alarmEmail: 'operator@example.com' });
    expect(onlyResource(subscribed, 'AWS::SNS::Subscription').Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'operator@example.com',
    });
    expect(resourcesOf(template, 'AWS::SNS::Subscription')).toEqual([]);
  });

  it('is a topic of its own for alarms, where there is one: then the stack makes none, and no key for it', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:alarms';
    const elsewhere = synthesiseStack({ alarmTopicArn });
    for (const type of ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::KMS::Key']) {
      expect(resourcesOf(template, type), type).toHaveLength(1);
      expect(resourcesOf(elsewhere, type), type).toEqual([]);
    }
    const alarms = resourcesOf(elsewhere, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(resourcesOf(template, 'AWS::CloudWatch::Alarm').length);
    for (const [id, { Properties }] of alarms) {
      expect(Properties.AlarmActions, id).toEqual([alarmTopicArn]);
      expect(Properties.OKActions, id).toEqual([alarmTopicArn]);
    }
    expect(elsewhere.Outputs.AlarmTopicArn?.Value).toBe(alarmTopicArn);
  });
});

it('says nothing about itself to AWS', () => {
  expect(resourcesOf(template, 'AWS::CDK::Metadata')).toEqual([]);
});
