import { describe, expect, it } from 'vitest';
import { functionNeeds } from '../../functions/function-needs.ts';
import { loadDefinition } from '../../functions/load-definition.ts';
import { type MachineName, machineSteps, stepName } from '../../functions/step-list.ts';
import { functionFiles, functionOf, functionsOfEveryStack, withAll } from './rights.ts';
import { type Anything, resourcesOf, synthesiseStack } from './synthesise.ts';

interface State {
  readonly Type: string;
  readonly TimeoutSeconds?: number;
  readonly Arguments?: { readonly FunctionName?: string };
  readonly ItemReader?: { readonly Arguments: { readonly Bucket: string } };
  readonly ItemProcessor?: { readonly States: Record<string, State> };
}

const template = synthesiseStack(withAll);

function machineOf(machine: MachineName): Anything {
  const [id] = { backup: ['Backup'], restore: ['Restore'], drill: ['Drill'] }[machine];
  const found = resourcesOf(template, 'AWS::StepFunctions::StateMachine').find(([logicalId]) =>
    logicalId.startsWith(id ?? ''),
  );
  return found?.[1].Properties;
}

function statesOf(states: Record<string, State>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor.States) : []),
  ]);
}

describe.each(Object.keys(machineSteps) as MachineName[])('the deployed %s machine', (machine) => {
  const { DefinitionString, DefinitionSubstitutions, ...properties } = machineOf(machine);
  const states = statesOf(JSON.parse(DefinitionString).States);
  const tasks = states.filter(([, { Type }]) => Type === 'Task');

  it('is what local mode and doctor load, byte for byte', () => {
    expect(DefinitionString).toBe(loadDefinition(machine));
  });

  it('reaches from every state the function that holds the step of its name', () => {
    expect(tasks.length).toBeGreaterThan(5);
    for (const [name, { Arguments }] of tasks) {
      const file = (name.split(':')[0] ?? '').toLowerCase().replaceAll(' ', '-') as (typeof functionFiles)[number];
      const token = /^\$\{(\w+)\}$/.exec(Arguments?.FunctionName ?? '')?.[1] ?? '';
      expect(DefinitionSubstitutions[token], name).toEqual({ 'Fn::GetAtt': [functionOf(template, file).id, 'Arn'] });
    }
  });

  it('has a value for every token, and no token too many', () => {
    const tokens = [...DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, token]: string[]) => token);
    expect(Object.keys(DefinitionSubstitutions).toSorted()).toEqual([...new Set(tokens)].toSorted());
  });

  it('reads its items from the work bucket', () => {
    const readers = states.filter(([, { ItemReader }]) => ItemReader !== undefined);
    for (const [name, { ItemReader }] of readers) expect(ItemReader?.Arguments.Bucket, name).toBe(`\${WorkBucket}`);
    expect(DefinitionSubstitutions.WorkBucket).toEqual(readers.length > 0 ? { Ref: 'Work' } : undefined);
  });

  it('waits longer for a function than the function may run, because one that was cut off may still write', () => {
    const longest = Math.max(...machineSteps[machine].map((file) => functionOf(template, file).properties.Timeout));
    for (const [name, { TimeoutSeconds }] of tasks) expect(TimeoutSeconds, name).toBeGreaterThan(longest);
  });

  it('is a standard one, with a log of every event without its data, with traces and a time-out', () => {
    expect(properties).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
      TracingConfiguration: { Enabled: true },
    });
    expect(JSON.parse(DefinitionString).TimeoutSeconds).toBeGreaterThan(0);
  });
});

describe('functions', () => {
  it('are those of the list', () => {
    expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(functionFiles.length);
    expect(resourcesOf(synthesiseStack(), 'AWS::Lambda::Function')).toHaveLength(functionsOfEveryStack.length);
  });

  it.each(functionFiles)('%s has what the list says', (file) => {
    const { memoryMegabytes, minutes, secret } = functionNeeds[file];
    const { id, properties } = functionOf(template, file);
    expect(id).toContain(stepName(file));
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: memoryMegabytes,
      Timeout: minutes * 60,
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const { NODE_OPTIONS, ...variables } = properties.Environment.Variables;
    expect(variables).toEqual({
      BACKUPS_BUCKET: { Ref: 'Backups' },
      WORK_BUCKET: { Ref: 'Work' },
      BUCKET_OWNER: { Ref: 'AWS::AccountId' },
      REQUEST_BUDGET: '{}',
      CONCURRENCY: '{"configuration":2,"objects":2,"activity":1}',
      WATCHED_BACKUPS:
        '{"alarmAfterHours":36,"objectSchemaKeys":null,"tokenWarningDays":14,"drillAlarmAfterHours":180}',
      UNDO_DAYS: '90',
      ACTIVITY: '{"activityMaxAgeDays":14,"activityFiles":"object"}',
      LOSS_ALARM: '{"typePercent":20,"allPercent":5,"atLeast":10,"editedPercent":50}',
      KEEP: '{"last":0,"daily":14,"weekly":0,"monthly":12,"yearly":0,"within":0}',
      ISSUE_LINKS: 'false',
      DRILL: '{"sample":300,"inProduction":true}',
      SCHEDULE: '{"schedule":"cron(0 2 * * ? *)","timeZone":"UTC"}',
      STACK_NAME: 'Site',
      ...(secret !== 'none' && {
        SITE_SECRET: {
          Ref: { backup: 'BackupSiteSecret', restore: 'RestoreSiteSecret', drill: 'DrillSiteSecret' }[secret],
        },
      }),
    });
    expect(NODE_OPTIONS).toBe('--enable-source-maps');
  });

  it('reserve no concurrency, of which a new account has ten in all', () => {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(Properties.ReservedConcurrentExecutions, id).toBeUndefined();
    }
    expect(resourcesOf(template, 'AWS::Lambda::Version')).toEqual([]);
  });

  it('keep their logs as long as it is set', () => {
    const groups = resourcesOf(synthesiseStack({ logDays: 7 }), 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functionsOfEveryStack.length + 2);
    expect(new Set(groups.map(([, { Properties }]) => Properties.RetentionInDays))).toEqual(new Set([7]));
  });
});
