import type { Context } from 'aws-lambda';
import { createAssetsSite } from '../../adapters/atlassian/assets-site.ts';
import { hasToken, type LoginSettings, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import { createStepFunctionsClient, ExecutionRegistry } from '../../adapters/aws/execution-registry.ts';
import { LambdaReporter } from '../../adapters/aws/lambda-reporter.ts';
import { S3BackupStore } from '../../adapters/aws/s3-backup-store.ts';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { S3WorkStore } from '../../adapters/aws/s3-work-store.ts';
import { createSecretsClient, readSiteSecret } from '../../adapters/aws/site-secret.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { WrongInputError } from '../../core/errors.ts';
import { type ActivitySettings, defaultActivity } from '../../core/model/activity.ts';
import { type Concurrency, defaultConcurrency } from '../../core/model/concurrency.ts';
import { type DrillChoices, defaultDrill } from '../../core/model/drill.ts';
import type { KeepRules } from '../../core/model/keep.ts';
import { defaultLossAlarm, type LossAlarmSettings } from '../../core/model/loss-alarm.ts';
import { type BudgetSettings, requestBudget } from '../../core/model/request-budget.ts';
import { defaultUndoDays } from '../../core/model/undo-days.ts';
import type { AssetsSite } from '../../core/ports/assets-site.ts';
import { defaultSearchLagMilliseconds, type Services, type WatchedBackups } from '../../core/ports/services.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { environment, metricNamespace } from '../environment.ts';
import { madeOnlyWith, restoreSteps, type StepFile, stepName } from '../step-list.ts';
import { eventMetrics } from './event-metrics.ts';
import type { ScheduledTimes } from './scheduled-start.ts';
import { fromJson, needed } from './stack-environment.ts';

/**
 * The one place where steps get AWS: buckets, secret, executions, log, as the stack names them in the environment. Clients
 * live as long as the function's container, so that connections are kept; the site's settings are read for each invocation.
 */
const s3 = createS3Client();
const secrets = createSecretsClient();
const stack = needed(environment.stackName);
const owner = needed(environment.bucketOwner);
const backups = new S3BackupStore({ client: s3, bucket: needed(environment.backupsBucket), owner });
const work = new S3WorkStore({ client: s3, bucket: needed(environment.workBucket), owner });
const runs = new ExecutionRegistry(createStepFunctionsClient());
const stackBudget = fromJson<BudgetSettings>(environment.requestBudget, {});
const concurrency = fromJson<Concurrency>(environment.concurrency, defaultConcurrency);

/** Makes of the stack's schedule what tells its next start: `scheduledStart`. */
export type ReadsSchedule = (times: ScheduledTimes | null) => Services['nextStart'];

/** What a step gets for one invocation. `end` lets go of what it may have left under way. */
export async function invocationServices(
  step: string,
  context: Context,
  readsSchedule: ReadsSchedule = () => () => withoutSchedule(step),
): Promise<{ readonly services: Services; readonly end: () => void }> {
  const reporter = new LambdaReporter({ step, stack, namespace: metricNamespace, metrics: eventMetrics });
  reporter.beginInvocation(context.awsRequestId);
  const invocation = new AbortController();
  const settings = await siteSettings(step);
  const times = fromJson<ScheduledTimes | null>(environment.schedule, null);
  const services: Services = {
    site: siteOf(settings, reporter, invocation.signal),
    backups,
    work,
    clock: systemClock,
    reporter,
    runs,
    budget: requestBudget(budgetOf(settings)),
    concurrency,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
    searchLagMilliseconds: defaultSearchLagMilliseconds,
    kept: null,
    undoDays: fromJson<number>(environment.undoDays, defaultUndoDays),
    activity: fromJson<ActivitySettings>(environment.activity, defaultActivity),
    issueLinks: fromJson<boolean>(environment.issueLinks, false),
    lossAlarm: fromJson<LossAlarmSettings>(environment.lossAlarm, defaultLossAlarm),
    drill: fromJson<DrillChoices>(environment.drill, defaultDrill),
    keep: fromJson<KeepRules | null>(environment.keep, null),
    timeZone: times?.timeZone ?? 'UTC',
    nextStart: readsSchedule(times),
    watched: fromJson<WatchedBackups | null>(environment.watched, null),
    tokenExpires: ('settings' in settings && settings.settings.expires) || null,
    version: packageFile.version,
  };
  return { services, end: () => invocation.abort() };
}

function withoutSchedule(step: string): never {
  throw new Error(`The function of ${step} was not given what reads the schedule.`);
}

/** The settings in the secret, or why there are none: only a step that asks the site needs them. */
type Settings = { readonly settings: LoginSettings } | { readonly refusal: unknown };

async function siteSettings(step: string): Promise<Settings> {
  const secretId = process.env[environment.siteSecret];
  if (!secretId) return { refusal: new Error(`The function of ${step} was not given the login of a site.`) };
  const isOneOf = (files: readonly StepFile[]) => files.some((file) => stepName(file) === step);
  const whose = isOneOf(restoreSteps) ? ' --for restore' : isOneOf(madeOnlyWith.drill) ? ' --for drill' : '';
  const howToFill = `assets-backup login --stack ${stack}${whose}`;
  try {
    const { settings } = parseSiteSettings(await readSiteSecret(secrets, { secretId, howToFill }));
    if (hasToken(settings)) return { settings };
    throw new WrongInputError(`The secret ${secretId} has no "apiToken". Fill it with \`${howToFill}\`.`);
  } catch (refusal) {
    return { refusal };
  }
}

function siteOf(found: Settings, reporter: LambdaReporter, signal: AbortSignal): AssetsSite {
  if ('refusal' in found) return siteWithoutSettings(found.refusal);
  return createAssetsSite({ settings: found.settings, clock: systemClock, reporter, signal });
}

/** Says at the first question why nothing can be asked. */
function siteWithoutSettings(refusal: unknown): AssetsSite {
  const refuse = (): never => {
    throw refusal;
  };
  return { discover: async () => refuse(), reader: refuse, writer: refuse, issuesReader: refuse, issuesWriter: refuse };
}

/** What the secret says of the budget wins, number by number, because it can be changed without a deployment. */
function budgetOf(found: Settings): BudgetSettings {
  const own = 'settings' in found ? found.settings.requestBudget : {};
  return { ...stackBudget, ...own, byClass: { ...stackBudget.byClass, ...own.byClass } };
}
