import { counted } from '../../core/counted.ts';
import type { LastGoodBackup } from '../../core/operations/last-good-backup.ts';
import { clockTime, readableMoment, roughTime } from '../../core/readable.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { ExecutionSummary, StackStatus } from '../../deployed/stack-status.ts';
import { paragraphs } from './section.ts';
import { facts, table } from './table.ts';

interface StatusSurroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The options that name the stack. */
  readonly words: readonly string[];
}

/** How a stack stands, and the command that comes next. */
export function statusReport(status: StackStatus, { now, words }: StatusSurroundings): string {
  const { stack, region, version, programVersion } = status;
  const difference = version === programVersion ? '' : `; this program is ${programVersion}`;
  return paragraphs([
    facts([
      ['Stack', `${stack} in ${region}`],
      ['Version', `${version}${difference}`],
      ['Schedule', scheduleWords(status.schedule, 'backup')],
      [
        'Last good backup',
        lastGoodWords(status.lastGoodBackup, now) ?? (status.troubles.length > 0 ? 'not known' : 'none'),
      ],
      ...(status.drill
        ? ([
            ['Drills', scheduleWords(status.drill.schedule, 'drill')],
            ['Last drill', lastDrillWords(status, now)],
          ] as const)
        : []),
    ]),
    executionTable(status.executions),
    newestFailure(status.executions),
    nextLine(status, words),
  ]);
}

function scheduleWords(schedule: StackStatus['schedule'], what: string): string {
  if (!schedule) return 'not known';
  const { isEnabled, expression, timeZone, next, noNext } = schedule;
  const times = `${expression} in ${timeZone}`;
  if (!isEnabled) return `disabled: no ${what} starts by itself (${times})`;
  return `${next ? `next at ${readableMoment(next)}` : noNext} (${times})`;
}

/** Undefined where there is none. */
export function lastGoodWords(lastGoodBackup: LastGoodBackup | null, now: number): string | undefined {
  if (!lastGoodBackup) return undefined;
  const { backup, status, objects, finishedAt, isRecorded, suspicions } = lastGoodBackup;
  const doubt = isRecorded ? '' : '; no record says that it was made here';
  const suspicious = suspicions.length > 0 ? ', and suspicious' : '';
  return `${backup}, ${status}${suspicious}, ${counted(objects, 'object')}, finished ${roughTime(now - Date.parse(finishedAt))} ago${doubt}`;
}

const drillWords = { passed: 'passed', 'differences-found': 'found differences', failed: 'failed' } as const;

function lastDrillWords({ drill, troubles }: StackStatus, now: number): string {
  if (!drill?.last) return troubles.length > 0 ? 'not known' : 'none has ended yet';
  const { drill: name, outcome, endedAt, backup, siteName } = drill.last;
  return `${name}, ${drillWords[outcome]}, of ${backup} on ${siteName}, ended ${roughTime(now - Date.parse(endedAt))} ago`;
}

type ShownRun = Omit<ExecutionSummary, 'arn'>;

/** The name last: it is long, and may be wrapped. */
export function executionTable(executions: readonly ShownRun[]): string {
  if (executions.length === 0) return '';
  const rows = executions.map(({ machine, status, startedAt, milliseconds, result, name }) => [
    machine,
    status,
    result,
    readableMoment(startedAt).slice(0, 'YYYY-MM-DD HH:MM'.length),
    clockTime(milliseconds),
    name,
  ]);
  const columns = [
    { title: 'Run' },
    { title: 'Status' },
    { title: 'Result' },
    { title: 'Started (UTC)' },
    { title: 'Took', isNumber: true },
    { title: 'Execution' },
  ];
  return table(columns, rows);
}

export function newestFailure([newest]: readonly ShownRun[]): string {
  return newest?.message ? `Why the last run, ${newest.name}, ended so:\n  ${newest.message}` : '';
}

function nextLine({ executions, lastGoodBackup, troubles }: StackStatus, words: readonly string[]): string {
  const [newest] = executions;
  const running = executions.find(({ status }) => status === 'RUNNING');
  if (running) return `A ${running.machine} runs now. Follow it: ${shellCommand('watch', ...words)}`;
  if (newest?.message) {
    return `Nothing runs now, and the last ${newest.machine} failed. See what came of it: ${shellCommand('watch', newest.name, ...words)}`;
  }
  if (lastGoodBackup)
    return `Nothing runs now. Look into the last good backup: ${shellCommand('show', lastGoodBackup.backup, ...words)}`;
  const missing = troubles.length > 0 ? 'Nothing runs now' : 'There is no good backup yet';
  return `${missing}. Check the stack: ${shellCommand('doctor', ...words)}`;
}
