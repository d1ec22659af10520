import { Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { environment } from '../functions/environment.ts';
import { functionNeeds } from '../functions/function-needs.ts';
import { type MakingSetting, type OptionalFile, type StepFile, settingOf, stepName } from '../functions/step-list.ts';
import type { ExistingNetwork } from './network.ts';
import type { Settings } from './settings.ts';
import { StepFunction } from './step-function.ts';
import type { Resources } from './step-role.ts';

export interface StepFunctionsProps extends Resources {
  readonly settings: Settings;
  readonly network: ExistingNetwork | undefined;
  readonly codeOf: (file: StepFile) => Code;
}

export type StackFunctions = Readonly<Record<Exclude<StepFile, OptionalFile>, StepFunction>> &
  Readonly<Record<OptionalFile, StepFunction | undefined>>;

/** The functions that one of these stacks at least has. */
export function functionsMadeFor(stacks: readonly Pick<Settings, MakingSetting>[]): readonly StepFile[] {
  return (Object.keys(functionNeeds) as StepFile[]).filter((file) => {
    const setting = settingOf(file);
    return setting === undefined || stacks.some((settings) => settings[setting] !== null);
  });
}

/** Every function of functions/step-list.ts; those that are made for a setting only where it is set. */
export class StepFunctions extends Construct {
  readonly functions: StackFunctions;

  constructor(scope: Construct, id: string, { settings, ...props }: StepFunctionsProps) {
    super(scope, id);
    const { requestBudget, concurrency, alarmAfterHours, objectSchemaKeys, tokenWarningDays } = settings;
    const { activityMaxAgeDays, activityFiles, schedule, timeZone, logDays, undoDays, lossAlarm, keep } = settings;
    const { issueLinks, drill } = settings;
    const variables = {
      [environment.requestBudget]: JSON.stringify(requestBudget),
      [environment.concurrency]: JSON.stringify(concurrency),
      [environment.watched]: JSON.stringify({
        ...{ alarmAfterHours, objectSchemaKeys, tokenWarningDays },
        ...(drill && { drillAlarmAfterHours: drill.alarmAfterHours }),
      }),
      [environment.undoDays]: String(undoDays),
      [environment.activity]: JSON.stringify({ activityMaxAgeDays, activityFiles }),
      [environment.issueLinks]: JSON.stringify(issueLinks),
      [environment.lossAlarm]: JSON.stringify(lossAlarm),
      [environment.keep]: JSON.stringify(keep),
      ...(drill && {
        [environment.drill]: JSON.stringify({ sample: drill.sample, inProduction: drill.inProduction }),
      }),
      [environment.schedule]: JSON.stringify({ schedule, timeZone }),
      [environment.stackName]: Stack.of(this).stackName,
    };
    this.functions = Object.fromEntries(
      functionsMadeFor([settings]).map((file) => [
        file,
        new StepFunction(this, stepName(file), { ...props, file, logDays, variables }),
      ]),
    ) as StackFunctions;
  }
}
