import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import type { ActivitySettings } from '../core/model/activity.ts';
import { type Concurrency, defaultConcurrency } from '../core/model/concurrency.ts';
import { isRecord } from '../core/model/json.ts';
import type { KeepRules } from '../core/model/keep.ts';
import type { LossAlarmSettings } from '../core/model/loss-alarm.ts';
import type { BudgetSettings } from '../core/model/request-budget.ts';
import { activitySettings } from '../validation/activity.ts';
import { checked, saying, strictFields } from '../validation/checked.ts';
import { issueLinksSetting } from '../validation/issue-links.ts';
import { keepSetting } from '../validation/keep.ts';
import { lossAlarmSetting } from '../validation/loss-alarm.ts';
import { budgetSettings } from '../validation/request-budget.ts';
import { undoDaysSetting } from '../validation/undo-days.ts';
import { type DrillSettings, readDrill, stackDrillSetting } from './drill-setting.ts';
import { lostName } from './lost-names.ts';
import { checkSchedule, timeZoneSetting } from './schedule-setting.ts';

/** The key in `cdk.json` under which the stacks stand: name of a stack → what is other than the defaults. */
export const contextKey = 'assets-backup';

/** The stack that is made where `cdk.json` names none. */
const defaultStackName = 'AssetsBackup';

/** All that can be set for a stack, which is one site. `docs/deploying.md` says it to operators. */
export interface Settings extends ActivitySettings {
  /** Missing where the command line's credentials decide. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** `cron(...)` as EventBridge Scheduler takes it. */
  readonly schedule: string;
  /** Where its clock hangs, as in `Europe/Berlin`. */
  readonly timeZone: string;
  /** Null: all schemas that the account sees. */
  readonly objectSchemaKeys: readonly string[] | null;
  /** Whether a night backs up history and comments, of which each takes a request an object that is read. */
  readonly activity: boolean;
  /** Whether a backup reads which issues hold which objects: the account has to be allowed to browse them. */
  readonly issueLinks: boolean;
  /** Requests a minute. What is left out is 70 % of the documented limit. */
  readonly requestBudget: BudgetSettings;
  /** Workers side by side in each map of a backup. */
  readonly concurrency: Concurrency;
  readonly retention: {
    /** A version that was overwritten or deleted is kept so long, in both buckets. */
    readonly noncurrentVersionDays: number;
    /** What finished backups leave in the work bucket. */
    readonly workDays: number;
  };
  /** Days for which what restores wrote over is kept, so that they can be undone. */
  readonly undoDays: number;
  /** Days for which nobody without a special right can delete a backup's version; null: no such lock. */
  readonly objectLockDays: number | null;
  /** Null: S3's own KMS key; `own`: the stack makes one; otherwise the ARN of one. */
  readonly encryptionKey: string | null;
  /** Gets the mails of the stack's own topic. */
  readonly alarmEmail: string | null;
  /** An existing topic, in the place of the stack's own. */
  readonly alarmTopicArn: string | null;
  /** A newest backup older than this rings. */
  readonly alarmAfterHours: number;
  /** From when on a backup is suspicious, and rings. */
  readonly lossAlarm: LossAlarmSettings;
  /** Which backups are kept when a night is over; null: all of them. */
  readonly keep: KeepRules | null;
  /** A restore of a sample, tried on a schedule of its own; null: none is, and nothing of it is made. */
  readonly drill: DrillSettings | null;
  readonly tokenWarningDays: number;
  /** Days for which logs are kept. */
  readonly logDays: number;
  /** An existing network, for sites that let in only known addresses; null: the functions have AWS's own. */
  readonly vpc: { readonly id: string; readonly subnetIds: string[]; readonly securityGroupIds: string[] } | null;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN or name of a policy that bounds all roles. */
  readonly permissionsBoundary: string | null;
  readonly terminationProtection: boolean;
}

export interface StackSettings {
  readonly name: string;
  readonly settings: Settings;
}

/** A setting is wrong. The message is one sentence that begins with the setting's place in `cdk.json`. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** A new AWS account runs ten functions at once. */
const functionsOfNewAccount = 10;

/**
 * How many functions run at once at most. Maps come one after another, so the largest counts; beside it one function of a
 * restore, which is refused while a backup runs, and the two of functions/operations; and one of a drill, which runs on another site.
 */
export function functionsAtOnce(
  { configuration, objects, activity }: Concurrency,
  { makesDrills }: { readonly makesDrills: boolean },
): number {
  return Math.max(configuration, objects, activity) + 3 + (makesDrills ? 1 : 0);
}

const whole = (least: number, most: number, unit: string) =>
  saying(
    `must be a whole number of ${unit}, ${least} to ${most}`,
    v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)),
  );
const text = (what: string, pattern: RegExp) => saying(what, v.pipe(v.string(), v.regex(pattern)));
const texts = (what: string, pattern: RegExp) => v.pipe(v.array(text(what, pattern), what), v.minLength(1, what));
const nullable = <T extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(schema: T) =>
  v.optional(v.nullable(schema), null);

const workers = whole(1, functionsOfNewAccount, 'workers');
const logDays = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
);
const arn = 'arn:[a-z-]+';
/**
 * What valibot's `rfcEmail`, the rule of browsers, leaves open: dots that are doubled or at an end, a domain of one label,
 * endings that there are none of (RFC 3696: letters, or punycode), and the lengths of RFC 5321.
 */
const dotAtomInDomain = /^(?=.{1,64}@)(?=.{1,254}$)[^.@]+(\.[^.@]+)*@.+\.([a-z]{2,}|xn--[a-z0-9-]+)$/i;

export const settingsSchema = strictFields({
  account: v.optional(text('must be the twelve digits of an account', /^\d{12}$/)),
  region: v.optional(text('must be a region, as in "eu-central-1"', /^[a-z]{2}(-[a-z]+)+-\d$/)),
  schedule: v.optional(v.string('must be text'), 'cron(0 2 * * ? *)'),
  timeZone: v.optional(timeZoneSetting, 'UTC'),
  objectSchemaKeys: nullable(texts('must be a list of schema keys, as in ["FAC", "USERS"]', /^\S+$/)),
  activity: v.optional(saying('must be true or false', v.boolean()), true),
  ...activitySettings,
  issueLinks: issueLinksSetting,
  requestBudget: v.optional(budgetSettings, {}),
  concurrency: v.optional(
    strictFields({
      configuration: v.optional(workers, defaultConcurrency.configuration),
      objects: v.optional(workers, defaultConcurrency.objects),
      activity: v.optional(workers, defaultConcurrency.activity),
    }),
    {},
  ),
  retention: v.optional(
    strictFields({
      noncurrentVersionDays: v.optional(whole(1, 36_500, 'days'), 30),
      // A restore runs for seven days at most, and may read its file of accounts on the last.
      workDays: v.optional(whole(8, 36_500, 'days'), 90),
    }),
    {},
  ),
  undoDays: undoDaysSetting,
  objectLockDays: nullable(whole(1, 36_500, 'days')),
  encryptionKey: nullable(
    text(
      'must be null, "own", or the ARN of a key in KMS',
      new RegExp(`^(own|${arn}:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+)$`),
    ),
  ),
  alarmEmail: nullable(saying('must be an e-mail address', v.pipe(v.string(), v.rfcEmail(), v.regex(dotAtomInDomain)))),
  alarmTopicArn: nullable(
    text(
      'must be the ARN of a topic in SNS that is not FIFO, as in "arn:aws:sns:eu-central-1:123456789012:alarms"',
      new RegExp(`^${arn}:sns:[a-z]{2}(-[a-z]+)+-\\d:\\d{12}:[\\w-]{1,256}$`),
    ),
  ),
  alarmAfterHours: v.optional(
    saying('must be a number of hours above 0', v.pipe(v.number(), v.finite(), v.gtValue(0))),
  ),
  lossAlarm: lossAlarmSetting,
  keep: keepSetting,
  drill: stackDrillSetting,
  tokenWarningDays: v.optional(whole(1, 365, 'days'), 14),
  logDays: v.optional(
    saying(`must be a number of days that CloudWatch knows: ${logDays.join(', ')}`, v.picklist(logDays)),
    RetentionDays.THREE_MONTHS,
  ),
  vpc: nullable(
    strictFields({
      id: text('must be the id of a VPC, as in "vpc-0a1b2c3d"', /^vpc-[0-9a-f]+$/),
      subnetIds: texts('must be a list of ids of subnets, as in ["subnet-0a1b2c3d"]', /^subnet-[0-9a-f]+$/),
      securityGroupIds: texts('must be a list of ids of security groups, as in ["sg-0a1b2c3d"]', /^sg-[0-9a-f]+$/),
    }),
  ),
  tags: v.optional(
    v.record(
      text('must be the name of a tag: up to 128 signs, not beginning with "aws:"', /^(?!aws:).{1,128}$/),
      text('must be a text of up to 256 signs', /^.{0,256}$/),
      'must be a JSON object of texts',
    ),
    {},
  ),
  permissionsBoundary: nullable(
    text('must be the ARN or the name of a policy', new RegExp(`^(${arn}:iam::(\\d{12}|aws):policy/)?[\\w+=,.@/-]+$`)),
  ),
  terminationProtection: v.optional(saying('must be true or false', v.boolean()), true),
});

/** Reads the stacks from the context of `cdk.json`; undefined is one stack with nothing but defaults. Throws SettingsError. */
export function readSettings(context: unknown = { [defaultStackName]: {} }): readonly StackSettings[] {
  refuseLostNames(context);
  if (!isRecord(context) || Object.keys(context).length === 0) {
    throw new SettingsError(`${contextKey} must be a JSON object: names of stacks, each with its settings.`);
  }
  return Object.entries(context).map(([name, entry]) => ({ name, settings: readStack(name, entry) }));
}

/** Of what stands in `cdk.json`, which the app is not given whole. Throws SettingsError. */
export function refuseLostNames(context: unknown): void {
  const place = lostName(context);
  if (!place) return;
  const sentence =
    'must have another name: the CDK takes constructor, prototype and __proto__ out of cdk.json without a word';
  throw new SettingsError(`${[contextKey, ...place].join('.')} ${sentence}.`);
}

function readStack(name: string, entry: unknown): Settings {
  const wrong = (place: string | undefined, what: string) =>
    new SettingsError(`${contextKey}.${name}${place === undefined ? '' : `.${place}`} ${what}.`);
  // A state machine's name holds the stack's, and 80 signs.
  if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name)) {
    throw wrong(
      undefined,
      'is no name of a stack: it must be up to 64 letters, digits and hyphens, and begin with a letter',
    );
  }
  if (isRecord(entry) && 'fewerObjectsPercent' in entry) {
    const instead = 'lossAlarm says by how many per cent objects have to be fewer: "lossAlarm": { "allPercent": 5 }';
    throw wrong('fewerObjectsPercent', `is no setting any more: ${instead}`);
  }
  const { alarmAfterHours, ...rest } = checked(settingsSchema, entry, ([{ place, what }]) => wrong(place, what));
  const { schedule, timeZone, alarmTopicArn: topic } = rest;
  if (topic !== null && rest.alarmEmail !== null) {
    throw wrong(
      'alarmTopicArn',
      'takes the place of the topic that alarmEmail subscribes to: leave one of them out, and subscribe whoever is to be told to the existing topic',
    );
  }
  const [, , , region] = topic?.split(':') ?? [];
  if (region !== undefined && rest.region !== undefined && region !== rest.region) {
    throw wrong('alarmTopicArn', `must be in ${rest.region}, where the stack is: an alarm reaches no topic elsewhere`);
  }
  const drill = readDrill(rest.drill, rest, wrong);
  const { alarmAfterHours: hours } = checkSchedule(
    { schedule, timeZone, alarmAfterHours, otherwise: 'nothing would be backed up then' },
    wrong,
  );
  const makesDrills = drill !== null;
  const atOnce = functionsAtOnce(rest.concurrency, { makesDrills });
  if (atOnce > functionsOfNewAccount) {
    const most =
      functionsOfNewAccount - functionsAtOnce({ configuration: 0, objects: 0, activity: 0 }, { makesDrills });
    throw wrong(
      'concurrency',
      `would run ${atOnce} functions at once, and an account may allow ${functionsOfNewAccount}: use ${most} workers at most`,
    );
  }
  return { ...rest, alarmAfterHours: hours, drill };
}
