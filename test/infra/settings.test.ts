import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConcurrency } from '../../core/model/concurrency.ts';
import { functionsAtOnce, readSettings, SettingsError, settingsSchema } from '../../infra/settings.ts';
import { forms, refused } from '../schedule/forms.ts';

function settingsOf(entry: object) {
  const [first] = readSettings({ Site: entry });
  if (!first) throw new Error('There are no settings.');
  return first.settings;
}

describe('settings', () => {
  it('are none at all for one stack of the usual name', () => {
    const stacks = readSettings(undefined);

    expect(stacks.map(({ name }) => name)).toEqual(['AssetsBackup']);
    expect(stacks[0]?.settings).toEqual({
      schedule: 'cron(0 2 * * ? *)',
      timeZone: 'UTC',
      objectSchemaKeys: null,
      activity: true,
      activityMaxAgeDays: 14,
      activityFiles: 'object',
      issueLinks: false,
      requestBudget: {},
      concurrency: { configuration: 2, objects: 2, activity: 1 },
      retention: { noncurrentVersionDays: 30, workDays: 90 },
      undoDays: 90,
      objectLockDays: null,
      encryptionKey: null,
      alarmEmail: null,
      alarmTopicArn: null,
      alarmAfterHours: 36,
      lossAlarm: { typePercent: 20, allPercent: 5, atLeast: 10, editedPercent: 50 },
      keep: null,
      drill: null,
      tokenWarningDays: 14,
      logDays: 90,
      vpc: null,
      tags: {},
      permissionsBoundary: null,
      terminationProtection: true,
    });
  });

  it('can all be set', () => {
    const all = {
      account: '123456789012',
      region: 'eu-central-1',
      schedule: 'cron(30 1 ? * SUN *)',
      timeZone: 'Europe/Berlin',
      objectSchemaKeys: ['FAC', 'USERS'],
      activity: false,
      activityMaxAgeDays: 0,
      activityFiles: 'type',
      issueLinks: true,
      requestBudget: { total: 1000, byClass: { history: 300 } },
      concurrency: { configuration: 1, objects: 6, activity: 2 },
      retention: { noncurrentVersionDays: 7, workDays: 8 },
      undoDays: 1,
      objectLockDays: 90,
      encryptionKey: 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-0000-0000-000000000000',
      alarmEmail: 'operator@example.com',
      alarmAfterHours: 200,
      lossAlarm: { typePercent: 12.5, allPercent: 0.1, atLeast: 1, editedPercent: 100 },
      keep: { last: 3, daily: 14, weekly: 8, monthly: 12, yearly: 5, within: 7 },
      drill: { schedule: 'cron(0 12 ? * SAT *)', timeZone: 'Asia/Tokyo', sample: 500, inProduction: true },
      tokenWarningDays: 30,
      logDays: 7,
      vpc: { id: 'vpc-0a1b', subnetIds: ['subnet-0a1b'], securityGroupIds: ['sg-0a1b'] },
      tags: { Owner: 'IT' },
      permissionsBoundary: 'arn:aws:iam::123456789012:policy/path/Boundary',
      terminationProtection: false,
    };
    const alarmTopicArn = 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:Alarms_of-IT';
    expect(settingsOf({ alarmTopicArn }).alarmTopicArn).toBe(alarmTopicArn);
    expect(settingsOf(all)).toEqual({ ...all, alarmTopicArn: null, drill: { ...all.drill, alarmAfterHours: 180 } });
  });

  it('stand in docs/deploying.md, each of them', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
    const table = page.split('\n').filter((line) => line.startsWith('| `'));
    for (const name of Object.keys(settingsSchema.entries)) {
      expect(
        table.some((line) => line.split('|')[1]?.includes(`\`${name}\``)),
        name,
      ).toBe(true);
    }
  });

  it.each([
    { schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin' },
    { schedule: 'cron(0 2 * * ? *)', timeZone: 'Asia/Tokyo' },
    { schedule: 'cron(0 2 ? * MON-FRI *)', timeZone: 'Europe/Berlin' },
    { schedule: 'cron(0 * * * ? *)', timeZone: 'Europe/Berlin' },
    { schedule: 'cron(0 2 * * ? *)', timeZone: 'Europe/Berlin', alarmAfterHours: 50 },
  ])('may name a time that clocks never leave out, or can do without it: %j', (entry) => {
    expect(settingsOf(entry)).toMatchObject(entry);
  });

  it('are of as many stacks as there are sites', () => {
    const stacks = readSettings({
      Berlin: { schedule: 'cron(30 1 * * ? *)', timeZone: 'Europe/Berlin' },
      Tokyo: { timeZone: 'Asia/Tokyo' },
    });
    expect(stacks.map(({ name, settings }) => [name, settings.timeZone])).toEqual([
      ['Berlin', 'Europe/Berlin'],
      ['Tokyo', 'Asia/Tokyo'],
    ]);
  });

  it.each([
    ['cron(0 2 ? * SUN *)', 180],
    ['cron(0 2 ? * FRI-MON *)', 108],
    ['cron(0 2 L * ? *)', 756],
    ['cron(0/90 * * * ? *)', 13],
  ])('ring later than the schedule %s leaves off, by themselves', (schedule, hours) => {
    expect(settingsOf({ schedule }).alarmAfterHours).toBe(hours);
  });

  it.each(forms)('take the schedule $expression', ({ expression, gapHours }) => {
    const { schedule, alarmAfterHours } = settingsOf({ schedule: expression });
    expect(schedule).toBe(expression);
    expect(alarmAfterHours).toBe(Math.ceil(gapHours) + 12);
  });

  it.each(refused)('do not take the schedule %s: %s', (schedule, sentence) => {
    const refusal = refusalOf({ Site: { schedule } });
    expect(refusal).toMatch(/^assets-backup\.Site\.schedule must /);
    expect(refusal).toContain(sentence);
  });

  it('are of a drill what a folder says too, and a schedule with the clock of the backups unless it has its own', () => {
    const schedule = 'cron(0 12 ? * SAT *)';
    const ofDrill = (drill: object) => settingsOf({ timeZone: 'Asia/Tokyo', drill }).drill;
    expect(ofDrill({ schedule })).toEqual({
      ...{ schedule, timeZone: 'Asia/Tokyo', alarmAfterHours: 180 },
      ...{ sample: 200, inProduction: false },
    });
    expect(ofDrill({ schedule, timeZone: 'UTC', sample: 1 })).toMatchObject({
      timeZone: 'UTC',
      sample: 1,
    });
    expect(ofDrill({ schedule: 'cron(0 12 1 1,7 ? *)' })?.alarmAfterHours).toBe(184 * 24 + 12);
  });

  it.each(forms)('take the schedule $expression for a drill too', ({ expression, gapHours }) => {
    expect(settingsOf({ drill: { schedule: expression } }).drill?.alarmAfterHours).toBe(Math.ceil(gapHours) + 12);
  });

  it.each([
    [{}, 'drill.schedule is missing.'],
    [{ schedule: 'rate(7 days)' }, /^drill\.schedule must /],
    [{ schedule: 'cron(0 12 ? * SAT *)', timeZone: 'europe/berlin' }, /^drill\.timeZone must be a time zone/],
    [{ schedule: 'cron(0 12 ? * SAT *)', sample: 0 }, /^drill\.sample must be a whole number of objects/],
    [{ schedule: 'cron(0 12 ? * SAT *)', inProduction: 'yes' }, 'drill.inProduction must be true or false.'],
    [{ schedule: 'cron(0 12 ? * SAT *)', site: 'x' }, /^drill\.site is not known; there are schedule, timeZone/],
    [
      { schedule: 'cron(30 2 * * ? *)', timeZone: 'Europe/Berlin' },
      /^drill\.schedule strikes at 02:30 on .* so no drill would run then: choose another time\.$/,
    ],
  ])('name what is wrong with a drill of %j', (drill, sentence) => {
    const refusal = refusalOf({ Site: { drill } }).replace('assets-backup.Site.', '');
    if (typeof sentence === 'string') expect(refusal).toBe(sentence);
    else expect(refusal).toMatch(sentence);
  });

  it.each([
    'operator@example.com',
    "o'neil@example.com",
    'ops&dev@example.com',
    'first.last+tag@example.co.uk',
    '!#$%*/=?^_`{|}~-@example.com',
    'a@b.io',
    '1@2.example.com',
    'ops@xn--mnchen-3ya.de',
    'ops@example.xn--p1ai',
    'ops@a--b.example.com',
    'ops@EXAMPLE.Museum',
    `${'x'.repeat(64)}@example.com`,
    `ops@${'x'.repeat(63)}.com`,
  ])('take the address for alarms %s', (alarmEmail) => {
    expect(settingsOf({ alarmEmail }).alarmEmail).toBe(alarmEmail);
  });

  it.each([
    '',
    'operator',
    '@example.com',
    'ops@',
    'ops@localhost',
    'ops@@example.com',
    'a@b@example.com',
    '.ops@example.com',
    'ops.@example.com',
    'a..b@example.com',
    'ops team@example.com',
    'ops@example..com',
    'ops@.example.com',
    'ops@example.com.',
    'ops@-example.com',
    'ops@example-.com',
    'ops@exa_mple.com',
    'ops@example.c',
    'ops@example.123',
    'ops@192.168.0.1',
    'ops@münchen.de',
    'ops@example.com\n',
    'ops@example.com,dev@example.com',
    'Ops <ops@example.com>',
    `${'x'.repeat(65)}@example.com`,
    `ops@${'x'.repeat(64)}.com`,
    `ops@${'x.'.repeat(126)}com`,
  ])('do not take the address for alarms %j', (alarmEmail) => {
    expect(refusalOf({ Site: { alarmEmail } })).toBe('assets-backup.Site.alarmEmail must be an e-mail address.');
  });

  it.each([
    ['{ "Site": { "tags": { "constructor": "IT" } } }', 'Site.tags.constructor'],
    ['{ "Site": { "tags": { "Owner": "IT", "prototype": "IT" } } }', 'Site.tags.prototype'],
    ['{ "Site": { "tags": { "__proto__": "IT" } } }', 'Site.tags.__proto__'],
    ['{ "Site": { "requestBudget": { "byClass": { "constructor": 5 } } } }', 'Site.requestBudget.byClass.constructor'],
    ['{ "Site": { "__proto__": { "logDays": 7 } } }', 'Site.__proto__'],
    ['{ "constructor": {} }', 'constructor'],
  ])('do not let the names of JavaScript vanish: %s', (text, place) => {
    expect(refusalOf(JSON.parse(text))).toBe(
      `assets-backup.${place} must have another name: the CDK takes constructor, prototype and __proto__ out of cdk.json without a word.`,
    );
  });

  it.each([
    [{ schedule: 5 }, 'schedule must be text.'],
    [
      { schedule: 'cron(0 2 * * *)' },
      'schedule must have six fields inside "cron(...)", as in "cron(0 2 * * ? *)", not 5.',
    ],
    [{ timeZone: 'Middle/Earth' }, 'timeZone must be a time zone of the IANA list, as in "Europe/Berlin".'],
    [{ timeZone: 'europe/berlin' }, 'timeZone must be a time zone'],
    [{ timeZone: '+01:00' }, 'timeZone must be a time zone'],
    [{ objectSchemaKeys: [] }, 'objectSchemaKeys must be a list of schema keys'],
    [{ objectSchemaKeys: 'FAC' }, 'objectSchemaKeys must be a list of schema keys'],
    [{ objectSchemaKeys: ['FAC', ''] }, 'objectSchemaKeys.1 must be a list of schema keys'],
    [{ requestBudget: 5 }, 'requestBudget must be a JSON object.'],
    [{ requestBudget: { total: 0 } }, 'requestBudget.total must be a number of requests a minute, 1 or more.'],
    [
      { requestBudget: { byClass: { comment: 5 } } },
      'requestBudget.byClass.comment is not known; there are object-aql, ',
    ],
    [{ concurrency: { objects: 0 } }, 'concurrency.objects must be a whole number of workers, 1 to 10.'],
    [{ concurrency: { objects: 1.5 } }, 'concurrency.objects must be a whole number of workers'],
    [
      { concurrency: { objects: 8 } },
      'concurrency would run 11 functions at once, and an account may allow 10: use 7 workers at most.',
    ],
    [
      { concurrency: { objects: 7 }, drill: { schedule: 'cron(0 12 ? * SAT *)' } },
      'concurrency would run 11 functions at once, and an account may allow 10: use 6 workers at most.',
    ],
    [{ retention: { workDays: 7 } }, 'retention.workDays must be a whole number of days, 8 to 36500.'],
    [{ retention: { noncurrentVersionDays: 0 } }, 'retention.noncurrentVersionDays must be a whole number of days, 1'],
    [{ activityMaxAgeDays: -1 }, 'activityMaxAgeDays must be a whole number of days, 0 to 365.'],
    [{ activityMaxAgeDays: 0.5 }, 'activityMaxAgeDays must be a whole number of days, 0 to 365.'],
    [{ activityFiles: 'types' }, 'activityFiles must be "object" or "type".'],
    [{ issueLinks: 'yes' }, 'issueLinks must be true or false.'],
    [{ hardLinks: true }, 'hardLinks is not '],
    [{ undoDays: 0 }, 'undoDays must be a whole number of days, 1 to 36500.'],
    [{ undoDays: 1.5 }, 'undoDays must be a whole number of days, 1 to 36500.'],
    [{ objectLockDays: 0 }, 'objectLockDays must be a whole number of days, 1 to 36500.'],
    [{ encryptionKey: 'mine' }, 'encryptionKey must be null, "own", or the ARN of a key in KMS.'],
    [{ alarmEmail: 5 }, 'alarmEmail must be an e-mail address.'],
    [
      { alarmTopicArn: 'alarms' },
      'alarmTopicArn must be the ARN of a topic in SNS that is not FIFO, as in "arn:aws:sns:',
    ],
    [
      { alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms.fifo' },
      'alarmTopicArn must be the ARN of a topic',
    ],
    [{ alarmTopicArn: 'arn:aws:sqs:eu-central-1:123456789012:alarms' }, 'alarmTopicArn must be the ARN of a topic'],
    [
      { alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms', alarmEmail: 'operator@example.com' },
      'alarmTopicArn takes the place of the topic that alarmEmail subscribes to: leave one of them out',
    ],
    [
      { alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms', region: 'eu-central-1' },
      'alarmTopicArn must be in eu-central-1, where the stack is: an alarm reaches no topic elsewhere.',
    ],
    [{ alarmAfterHours: 0 }, 'alarmAfterHours must be a number of hours above 0.'],
    [
      { alarmAfterHours: 24 },
      'alarmAfterHours must be above 24, the hours that the schedule itself leaves between two backups.',
    ],
    [{ schedule: 'cron(0 2 ? * SUN *)', alarmAfterHours: 36 }, 'alarmAfterHours must be above 168, '],
    [
      { timeZone: 'Europe/Berlin' },
      /^schedule strikes at 02:00 on \d{4}-03-\d\d, which the clocks of Europe\/Berlin leave out, so nothing would be backed up then: /,
    ],
    [
      { schedule: 'cron(15,45 2 ? * SUN *)', timeZone: 'America/New_York' },
      /^schedule strikes at 02:15 on \d{4}-03-\d\d, which the clocks of America\/New_York leave out/,
    ],
    [{ fewerObjectsPercent: 10 }, 'fewerObjectsPercent is no setting any more: lossAlarm says by how many per cent '],
    [{ keep: {} }, 'keep must have a number above 0.'],
    [{ keep: { daily: -1 } }, 'keep.daily must be a whole number of backups, 0 to 100000.'],
    [{ keep: { within: 1.5 } }, 'keep.within must be a whole number of days, 0 to 36500.'],
    [{ keep: { hourly: 3 } }, 'keep.hourly '],
    [{ lossAlarm: { allPercent: 0 } }, 'lossAlarm.allPercent must be a number of per cent, above 0, 100 at most.'],
    [{ lossAlarm: { atLeast: 1.5 } }, 'lossAlarm.atLeast must be a whole number of objects, 1 or more.'],
    [{ tokenWarningDays: 0 }, 'tokenWarningDays must be a whole number of days, 1 to 365.'],
    [{ logDays: 10 }, 'logDays must be a number of days that CloudWatch knows: 1, 3, 5, 7, 14, 30, '],
    [{ vpc: 'vpc-1' }, 'vpc must be a JSON object.'],
    [{ vpc: { id: 'vpc-1' } }, 'vpc.subnetIds is missing.'],
    [{ vpc: { id: 'network', subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] } }, 'vpc.id must be the id of a VPC'],
    [{ vpc: { id: 'vpc-1', subnetIds: [], securityGroupIds: ['sg-1'] } }, 'vpc.subnetIds must be a list of ids'],
    [{ tags: { Owner: 5 } }, 'tags.Owner must be a text of up to 256 signs.'],
    [{ tags: { 'aws:owner': 'IT' } }, 'tags.aws:owner must be the name of a tag'],
    [
      { permissionsBoundary: 'arn:aws:iam::1:policy/x y' },
      'permissionsBoundary must be the ARN or the name of a policy.',
    ],
    [{ terminationProtection: 'no' }, 'terminationProtection must be true or false.'],
    [{ account: '1234' }, 'account must be the twelve digits of an account.'],
    [{ region: 'Frankfurt' }, 'region must be a region, as in "eu-central-1".'],
    [{ shedule: 'rate(1 day)' }, 'shedule is not known; there are account, region, schedule, timeZone, '],
  ])('that are wrong are refused with a sentence: %j', (entry, sentence) => {
    const refusal = refusalOf({ Site: entry });
    const place = 'assets-backup.Site.';
    expect(refusal.startsWith(place)).toBe(true);
    const rest = refusal.slice(place.length);
    if (typeof sentence === 'string') expect(rest).toContain(sentence);
    else expect(rest).toMatch(sentence);
    expect(refusal.split('\n')).toHaveLength(1);
    expect(refusal).toMatch(/\.$/);
  });

  it.each([
    [{ Site: 5 }, 'assets-backup.Site must be a JSON object.'],
    [{ Site: null }, 'assets-backup.Site must be a JSON object.'],
    [{ 'My site': {} }, 'assets-backup.My site is no name of a stack: it must be up to 64 letters, digits and hyphens'],
    [{}, 'assets-backup must be a JSON object: names of stacks, each with its settings.'],
    ['{}', 'assets-backup must be a JSON object: names of stacks, each with its settings.'],
    [[], 'assets-backup must be a JSON object: names of stacks, each with its settings.'],
  ])('stand under the name of a stack: %j', (context, sentence) => {
    expect(refusalOf(context)).toContain(sentence);
  });
});

describe('functions at once', () => {
  it('are fewer by default than a new account allows', () => {
    for (const makesDrills of [false, true])
      expect(functionsAtOnce(defaultConcurrency, { makesDrills })).toBeLessThanOrEqual(10);
  });
});

function refusalOf(context: unknown): string {
  try {
    readSettings(context);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('The settings were taken.');
}
