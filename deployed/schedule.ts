import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import * as v from 'valibot';
import { askAws } from './ask-aws.ts';
import type { FoundStack } from './find-stack.ts';
import { nextRun } from './next-run.ts';

/** When the stack backs up by itself. */
export interface Schedule {
  readonly isEnabled: boolean;
  readonly expression: string;
  readonly timeZone: string;
  /** ISO 8601; null where it is not enabled, or its expression says it in a way that is not read here. */
  readonly next: string | null;
  /** What it backs up; null: every schema that the account sees. */
  readonly objectSchemaKeys: readonly string[] | null;
}

/** What a schedule gives its backups. */
const scheduledInput = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ objectSchemaKeys: v.pipe(v.array(v.string()), v.nonEmpty()) }),
);

/** Throws AwsRefusedError. */
export async function readSchedule({ clients, outputs }: FoundStack, now: Date): Promise<Schedule> {
  const answer = await askAws(
    "read the backup's schedule",
    clients.scheduler.send(new GetScheduleCommand({ Name: outputs.schedule })),
  );
  const { State, ScheduleExpression: expression = '', ScheduleExpressionTimezone: timeZone = 'UTC', Target } = answer;
  const isEnabled = State === 'ENABLED';
  const next = isEnabled ? nextRun({ expression, timeZone }, now) : undefined;
  const input = v.safeParse(scheduledInput, Target?.Input);
  const objectSchemaKeys = input.success ? input.output.objectSchemaKeys : null;
  return { isEnabled, expression, timeZone, next: next?.toISOString() ?? null, objectSchemaKeys };
}
