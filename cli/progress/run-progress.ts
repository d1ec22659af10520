import type { EventFields, EventName, Stage } from '../../core/ports/reporter.ts';
import { LastMinute } from './last-minute.ts';
import type { RunKind, StageWords } from './run-kind.ts';

export interface StageProgress {
  readonly stage: StageWords;
  readonly planned: number;
  readonly done: number;
  readonly hasEnded: boolean;
  readonly milliseconds: number;
}

/** How far a run is, as a display shows it. */
export interface ProgressView {
  readonly stages: readonly StageProgress[];
  /** Where a run in AWS is just now. Undefined of a run on this machine, whose stages say it. */
  readonly state: { readonly name: string; readonly milliseconds: number } | undefined;
  /** What the run waits for just now: a clause to go after `Waiting until 03:14:05 UTC`, and until when, in ISO 8601. */
  readonly waiting: Waiting | undefined;
  readonly elapsedMilliseconds: number;
  /** Over the last minute. Undefined while there is nothing to say. */
  readonly requestsPerMinute: number | undefined;
  /** How often the site has asked to slow down, and how long nothing is asked of it for that now, in milliseconds. */
  readonly throttled: { readonly count: number; readonly wait: number };
  /** Until the stages end that go on, at the rate of the last minute; later ones are not planned yet. */
  readonly left: TimeLeft | undefined;
  /** What will be missing in the end: gaps of a backup, losses of a restore. */
  readonly missing: { readonly count: number; readonly unit: RunKind['missing']['unit'] };
}

export interface Waiting {
  readonly what: string;
  readonly until: string;
}

export interface TimeLeft {
  readonly stage: StageWords;
  readonly milliseconds: number;
  /** It was said to be under a minute, and that minute is over. */
  readonly isOverdue: boolean;
}

export interface StageListener {
  waits(waiting: Waiting): void;
  began(stage: StageProgress): void;
  ended(stage: StageProgress): void;
  entered(state: string): void;
}

/** Totals, and since when (milliseconds since the epoch). */
export interface StageReached {
  readonly planned: number;
  readonly done: number;
  readonly beganAt: number;
}

interface StageTally {
  readonly stage: StageWords;
  readonly beganAt: number;
  readonly advances: LastMinute;
  planned: number;
  done: number;
  endedAt: number | undefined;
  /** When it was first said that less than a minute is left of what is planned. */
  soonSince: number | undefined;
}

function plan(tally: StageTally, planned: number): void {
  if (planned > tally.planned) tally.soonSince = undefined;
  tally.planned = planned;
}

/** What lasts longer without a request is a wait of all. */
const quietMilliseconds = 1500;
const minute = 60_000;

/**
 * Adds up what a run reports. A stage ends when a later one begins that does not go on beside it, or does so no longer, or the run: its
 * plan may have been an estimate.
 */
export class RunProgress {
  readonly #now: () => number;
  #startedAt: number;
  readonly #tallies = new Map<Stage, StageTally>();
  readonly #requests: LastMinute;
  #lastRequestAt = 0;
  #throttled = 0;
  /** Until when the site has asked to be left alone. */
  #heldUntil = 0;
  readonly #kind: RunKind;
  #listener: StageListener | undefined;
  #state: { readonly name: string; readonly since: number } | undefined;
  /** Several may wait for the same, each until its own time. */
  readonly #waits: Waiting[] = [];
  #missing = 0;

  constructor(kind: RunKind, now: () => number) {
    this.#kind = kind;
    this.#now = now;
    this.#startedAt = now();
    this.#requests = new LastMinute(now);
  }

  listen(listener: StageListener): void {
    this.#listener = listener;
  }

  /** A stage that this kind of run does not have is not shown: a display fails no run. */
  planned(stage: Stage, count: number, isBeside = false): void {
    const tally = this.#tallies.get(stage);
    if (!tally) this.#begin(stage, count, { isBeside });
    else {
      if (!isBeside) this.#endStagesBefore(stage);
      plan(tally, tally.planned + count);
    }
  }

  advanced(stage: Stage, count: number): void {
    const tally = this.#tallies.get(stage) ?? this.#begin(stage, 0);
    if (!tally) return;
    tally.done += count;
    tally.advances.add(count);
  }

  /** The run was begun earlier, elsewhere. */
  startedAt(moment: number): void {
    this.#startedAt = moment;
  }

  /** How far a stage is, of a run that goes on elsewhere. What was done before it was first seen says nothing of the rate. */
  reached(stage: Stage, { planned, done, beganAt }: StageReached): void {
    const tally = this.#tallies.get(stage);
    if (!tally) {
      const begun = this.#begin(stage, planned, { beganAt });
      if (begun) begun.done = done;
      return;
    }
    plan(tally, planned);
    if (done > tally.done) tally.advances.add(done - tally.done);
    tally.done = done;
  }

  /** The state that a run in AWS is in. */
  entered(name: string, since: number): void {
    if (this.#state?.name === name) return;
    this.#state = { name, since };
    this.#listener?.entered(name);
  }

  requested(): void {
    this.#requests.add(1);
    this.#lastRequestAt = this.#now();
  }

  event(name: EventName, fields: EventFields): void {
    if (name === this.#kind.missing.event) this.#missing += typeof fields.values === 'number' ? fields.values : 1;
    if (name === 'request.failed' && fields.status === 429) this.#throttled += 1;
    if (name === 'rate-limit.waited') {
      this.#heldUntil = Math.max(this.#heldUntil, this.#now() + Number(fields.seconds) * 1000);
    }
    if (name !== 'run.waiting' && name !== 'run.waited') return;
    const waiting = { what: String(fields.what), until: String(fields.until) };
    const isSame = ({ what, until }: Waiting) => what === waiting.what && until === waiting.until;
    if (name === 'run.waited') {
      const index = this.#waits.findIndex(isSame);
      if (index >= 0) this.#waits.splice(index, 1);
      return;
    }
    const isNew = !this.#waits.some(({ what }) => what === waiting.what);
    this.#waits.push(waiting);
    if (isNew) this.#listener?.waits(waiting);
  }

  /** The run is done. A run that failed has not ended its stages. */
  end(): void {
    this.#endStages(this.#kind.stages);
  }

  view(): ProgressView {
    return {
      stages: this.#kind.stages.flatMap(({ stage }) => {
        const tally = this.#tallies.get(stage);
        return tally ? [this.#progressOf(tally)] : [];
      }),
      state: this.#state && { name: this.#state.name, milliseconds: this.#now() - this.#state.since },
      waiting: this.#waits.toSorted((a, b) => a.until.localeCompare(b.until)).at(-1),
      elapsedMilliseconds: this.#now() - this.#startedAt,
      requestsPerMinute: this.#requests.perMinute() || undefined,
      throttled: this.#throttling(),
      left: this.#left(),
      missing: { count: this.#missing, unit: this.#kind.missing.unit },
    };
  }

  #begin(
    stage: Stage,
    planned: number,
    { beganAt = this.#now(), isBeside = false }: { readonly beganAt?: number; readonly isBeside?: boolean } = {},
  ): StageTally | undefined {
    const words = this.#kind.stages.find((one) => one.stage === stage);
    if (!words) return undefined;
    if (!isBeside) this.#endStagesBefore(stage);
    const tally: StageTally = {
      stage: words,
      beganAt,
      advances: new LastMinute(this.#now),
      planned,
      done: 0,
      endedAt: undefined,
      soonSince: undefined,
    };
    this.#tallies.set(stage, tally);
    this.#listener?.began(this.#progressOf(tally));
    return tally;
  }

  #endStagesBefore(stage: Stage): void {
    const { stages } = this.#kind;
    const place = stages.findIndex((words) => words.stage === stage);
    this.#endStages(stages.slice(0, place));
  }

  #endStages(stages: RunKind['stages']): void {
    for (const { stage } of stages) {
      const tally = this.#tallies.get(stage);
      if (!tally || tally.endedAt !== undefined) continue;
      tally.endedAt = this.#now();
      this.#listener?.ended(this.#progressOf(tally));
    }
  }

  #progressOf({ stage, planned, done, beganAt, endedAt }: StageTally): StageProgress {
    return {
      stage,
      planned,
      done,
      hasEnded: endedAt !== undefined,
      milliseconds: (endedAt ?? this.#now()) - beganAt,
    };
  }

  #throttling(): ProgressView['throttled'] {
    const isQuiet = this.#now() - this.#lastRequestAt > quietMilliseconds;
    return { count: this.#throttled, wait: isQuiet ? Math.max(0, this.#heldUntil - this.#now()) : 0 };
  }

  /** Of stages that go on beside each other that of the one which takes longest. */
  #left(): TimeLeft | undefined {
    const running = [...this.#tallies.values()].filter(({ endedAt }) => endedAt === undefined);
    const left = running.flatMap((tally) => this.#leftOf(tally) ?? []);
    return left.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
  }

  #leftOf(tally: StageTally): TimeLeft | undefined {
    const { stage, planned, done, beganAt } = tally;
    const perMinute = tally.advances.perMinute();
    if (planned <= done || !perMinute) return undefined;
    // A site that asks to slow down lets through a lot, then nothing: the last minute alone may have seen only the one.
    const mean = this.#throttled > 0 ? (done / (this.#now() - beganAt)) * minute : perMinute;
    const milliseconds = ((planned - done) / Math.min(mean, perMinute)) * minute + this.#throttling().wait;
    const isSoon = milliseconds < minute;
    if (isSoon) tally.soonSince ??= this.#now();
    const isOverdue = isSoon && tally.soonSince !== undefined && this.#now() - tally.soonSince >= minute;
    return { stage, milliseconds, isOverdue };
  }
}
