import {
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  paginateListMapRuns,
} from '@aws-sdk/client-sfn';
import type { BackupStage } from '../core/ports/reporter.ts';
import { askAws } from './ask-aws.ts';
import type { Execution } from './executions.ts';
import type { FoundStack } from './find-stack.ts';

/** How far one of a backup's maps is, in its items: schemas, or batches. */
export interface MapProgress {
  readonly stage: BackupStage;
  readonly items: number;
  readonly done: number;
  readonly startedAt: Date;
}

export interface RunningState {
  readonly name: string;
  readonly since: Date;
}

/** Labels of the definition's maps; a map run's ARN ends with `/<label>:<id>`. */
const stages: Readonly<Record<string, BackupStage>> = {
  ExportConfiguration: 'configuration',
  ExportObjects: 'objects',
  ExportActivity: 'activity',
};

/** Looks how far an execution is. What has ended is asked for once. */
export class ExecutionProgress {
  readonly #stack: FoundStack;
  readonly #execution: Execution;
  readonly #ended = new Map<string, MapProgress>();
  #state: RunningState | undefined;

  constructor(stack: FoundStack, execution: Execution) {
    this.#stack = stack;
    this.#execution = execution;
  }

  /** The backup's maps that have begun; restores and drills have none. Throws AwsRefusedError. */
  async maps(abortSignal: AbortSignal): Promise<readonly MapProgress[]> {
    if (this.#execution.machine !== 'backup') return [];
    const { stepFunctions: client } = this.#stack.clients;
    const runs = await askAws(
      'list the map runs',
      Array.fromAsync(paginateListMapRuns({ client }, { executionArn: this.#execution.arn }, { abortSignal })),
    );
    const begun = runs.flatMap(({ mapRuns = [] }) => mapRuns);
    const progress = await Promise.all(begun.map(({ mapRunArn }) => this.#map(mapRunArn ?? '', abortSignal)));
    return progress.filter((map) => map !== undefined);
  }

  async #map(mapRunArn: string, abortSignal: AbortSignal): Promise<MapProgress | undefined> {
    const ended = this.#ended.get(mapRunArn);
    const stage = stages[/\/([^/:]+):[^:]+$/.exec(mapRunArn)?.[1] ?? ''];
    if (ended || !stage) return ended;
    const { startDate, stopDate, itemCounts } = await askAws(
      'ask how far a map is',
      this.#stack.clients.stepFunctions.send(new DescribeMapRunCommand({ mapRunArn }), { abortSignal }),
    );
    const { total = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0 } = itemCounts ?? {};
    const map: MapProgress = {
      stage,
      items: total,
      done: succeeded + failed + timedOut + aborted,
      startedAt: startDate ?? this.#execution.startedAt,
    };
    if (stopDate) this.#ended.set(mapRunArn, map);
    return map;
  }

  /**
   * The state that runs now. A state that is entered again and again, as those of a restore are, counts from the first
   * time that was seen here. Undefined before the first. Throws AwsRefusedError.
   */
  async state(abortSignal: AbortSignal): Promise<RunningState | undefined> {
    const answer = await askAws(
      'read the execution history',
      this.#stack.clients.stepFunctions.send(
        new GetExecutionHistoryCommand({
          executionArn: this.#execution.arn,
          reverseOrder: true,
          maxResults: newestEvents,
          includeExecutionData: false,
        }),
        { abortSignal },
      ),
    );
    const entered = (answer.events ?? []).find(isLongStateEntered);
    const name = entered?.stateEnteredEventDetails?.name;
    if (name !== undefined && name !== this.#state?.name) {
      this.#state = { name, since: entered?.timestamp ?? new Date() };
    }
    return this.#state;
  }
}

/** Of one state: entered, scheduled, started, and tries that failed; a choice before it, and what was before that. */
const newestEvents = 40;

/** A choice takes no time, and an end is shown otherwise. */
function isLongStateEntered({ type }: HistoryEvent): boolean {
  return type === 'TaskStateEntered' || type === 'MapStateEntered' || type === 'WaitStateEntered';
}
