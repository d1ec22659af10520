import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import * as v from 'valibot';
import type { MachineName } from '../functions/step-list.ts';
import { rateOf, readCron, ScheduleError } from '../schedule/cron-times.ts';
import { nextStart } from '../schedule/starts.ts';
import { askAws } from './ask-aws.ts';
import type { FoundStack } from './find-stack.ts';

/** When the stack starts a machine by itself. */
export interface Schedule {
  readonly isEnabled: boolean;
  readonly expression: string;
  readonly timeZone: string;
  /** ISO 8601; null where it is not enabled, or where `noNext` says why. */
  readonly next: string | null;
  /** Why an enabled schedule has no `next`, to be put before its expression: it was changed by hand, as settings allow no such. */
  readonly noNext: string | null;
  /** What it backs up; null: every schema that the account sees. */
  readonly objectSchemaKeys: readonly string[] | null;
}

/** The one `noNext` by which nothing starts any more. */
export const noStartAhead = 'no start in the next nine years';

/** What a schedule gives its backups. */
const scheduledInput = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ objectSchemaKeys: v.pipe(v.array(v.string()), v.nonEmpty()) }),
);

/** Which schedule: its name, and what it starts. */
export interface NamedSchedule {
  readonly name: string;
  readonly machine: MachineName;
}

export const nightlyOf = ({ outputs }: FoundStack): NamedSchedule => ({ name: outputs.schedule, machine: 'backup' });

/** Throws AwsRefusedError. */
export async function readSchedule(
  { clients }: FoundStack,
  { name, machine }: NamedSchedule,
  now: Date,
): Promise<Schedule> {
  const answer = await askAws(
    `read the ${machine}'s schedule`,
    clients.scheduler.send(new GetScheduleCommand({ Name: name })),
  );
  const { State, ScheduleExpression: expression = '', ScheduleExpressionTimezone: timeZone = 'UTC', Target } = answer;
  const isEnabled = State === 'ENABLED';
  const next = isEnabled ? nextOf(expression, timeZone, now) : nothing;
  const input = v.safeParse(scheduledInput, Target?.Input);
  const objectSchemaKeys = input.success ? input.output.objectSchemaKeys : null;
  return { isEnabled, expression, timeZone, ...next, objectSchemaKeys };
}

const nothing = { next: null, noNext: null };

/** AWS takes more than settings do. */
function nextOf(expression: string, timeZone: string, now: Date): Pick<Schedule, 'next' | 'noNext'> {
  const rate = rateOf(expression);
  // From which moment it counts once it was changed, AWS does not say.
  if (rate !== undefined) return { next: null, noNext: `at a rate of ${rate}` };
  try {
    const next = nextStart(readCron(expression), timeZone, now);
    return next ? { next: next.toISOString(), noNext: null } : { next: null, noNext: noStartAhead };
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { next: null, noNext: 'at times that are not read here' };
  }
}
