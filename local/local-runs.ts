import { type Machine, type ProcessIdentity, thisMachine } from '../adapters/disk/this-machine.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { RunHolder, RunRegistry } from '../core/ports/run-registry.ts';
import type { Versioned, WorkStore } from '../core/ports/work-store.ts';

/**
 * Who holds a lock, where runs are processes. Each running execution renews `heartbeats/<executionId>` in the work store every
 * ten seconds. A holder has ended when one of these is known:
 *
 * 1. its heartbeat says so: it stopped in good order;
 * 2. it is this very process, and the execution is not one that runs here (a container gives its process the same number again);
 * 3. it is a process of this machine, and there is no process of that number, or another one has the number now: it was started
 *    at another moment than the heartbeat's (Linux), or the heartbeat is older than the machine's last start;
 * 4. it is on another machine, and its heartbeat is missing or two minutes off this clock, and does not move while we watch for
 *    half a minute. Watching makes up for clocks that differ, and for a machine that has just woken up.
 *
 * A process of this machine that exists but is silent has not ended: it may be stopped, or the machine slept and it has not
 * had its turn yet. A holder without a process (a state machine's execution) is never known to have ended here.
 *
 * What rule 4 cannot see is a sleeping machine that wakes up later: its run then finds another name in the lock before it
 * writes, and stops. That is why every writer checks the lock.
 */
export class LocalRuns implements RunRegistry {
  readonly #work: WorkStore;
  readonly #clock: Clock;
  readonly #machine: Machine;

  constructor(work: WorkStore, clock: Clock, machine: Machine = thisMachine) {
    this.#work = work;
    this.#clock = clock;
    this.#machine = machine;
  }

  holder(executionId: string): RunHolder {
    const { host, pid } = this.#machine.self;
    return { executionId, process: { host, pid } };
  }

  /**
   * Marks an execution as running in this process. To be awaited before the lock is taken: without it rule 2 holds the execution
   * for ended. The function it returns ends that, and is to be called whatever way the run ends.
   */
  async startHeartbeat(executionId: string): Promise<() => Promise<void>> {
    const mark = runningMark(this.#machine.self, executionId);
    running.set(mark, (running.get(mark) ?? 0) + 1);
    try {
      await this.#beat(executionId);
    } catch (error) {
      unmark(mark);
      throw error;
    }

    let beat = Promise.resolve();
    const timer = setInterval(() => {
      // A beat that cannot be written stops nothing: the run's own writes meet the same disk, and every writer checks the lock.
      beat = beat.then(() => this.#beat(executionId)).catch(() => undefined);
    }, beatMilliseconds).unref();

    let stopped: Promise<void> | undefined;
    const stop = async () => {
      clearInterval(timer);
      await beat;
      unmark(mark);
      // A courtesy to others: without it they find out by the process. It must not hide the error that a run ends with.
      await this.#beat(executionId, { ended: true }).catch(() => undefined);
    };
    return () => {
      stopped ??= stop();
      return stopped;
    };
  }

  async hasEnded(holder: RunHolder): Promise<boolean> {
    if (holder.process === undefined) return false;
    const { host, pid } = holder.process;
    const stored = await this.#work.read(keyOf(holder.executionId));
    const heartbeat = heartbeatOf(stored, holder.process);
    const { self } = this.#machine;

    if (host === self.host && pid === self.pid) return !running.has(runningMark(self, holder.executionId));
    if (heartbeat?.ended === true) return true;
    if (host === self.host) return this.#hasEndedHere(heartbeat ?? { host, pid });
    return this.#looksSilent(heartbeat) && (await this.#staysSilent(holder.executionId, stored));
  }

  #hasEndedHere(holder: ProcessIdentity & { readonly at?: number }): boolean {
    const state = this.#machine.stateOf(holder);
    if (state !== 'unknown') return state === 'ended';
    // A minute for what the clock was set meanwhile.
    return holder.at !== undefined && holder.at < this.#machine.bootedAt() - 60_000;
  }

  #looksSilent(heartbeat: Heartbeat | undefined): boolean {
    return heartbeat === undefined || Math.abs(this.#clock.now() - heartbeat.at) > silentMilliseconds;
  }

  async #staysSilent(executionId: string, before: Versioned | undefined): Promise<boolean> {
    await this.#clock.sleep(watchMilliseconds);
    return (await this.#work.read(keyOf(executionId)))?.version === before?.version;
  }

  async #beat(executionId: string, { ended = false } = {}): Promise<void> {
    const heartbeat: Heartbeat = { ...this.#machine.self, at: this.#clock.now(), ended };
    await this.#work.write(keyOf(executionId), JSON.stringify(heartbeat));
  }
}

const beatMilliseconds = 10_000;
const silentMilliseconds = 2 * 60_000;
const watchMilliseconds = 3 * beatMilliseconds;

interface Heartbeat extends ProcessIdentity {
  /** By the clock of the machine that wrote it, in milliseconds since the epoch. */
  readonly at: number;
  readonly ended: boolean;
}

/** The executions of this process, by machine as tests see several. Of the whole process, since rule 2 speaks of it. */
const running = new Map<string, number>();

function runningMark({ host, pid }: ProcessIdentity, executionId: string): string {
  return JSON.stringify([host, pid, executionId]);
}

function unmark(mark: string): void {
  const count = (running.get(mark) ?? 1) - 1;
  if (count === 0) running.delete(mark);
  else running.set(mark, count);
}

function keyOf(executionId: string): string {
  return `heartbeats/${executionId}`;
}

/** The holder's heartbeat; undefined where there is none, or another process has run that execution since. */
function heartbeatOf(stored: Versioned | undefined, { host, pid }: ProcessIdentity): Heartbeat | undefined {
  const heartbeat = stored === undefined ? undefined : parsed(stored.text);
  return isHeartbeat(heartbeat) && heartbeat.host === host && heartbeat.pid === pid ? heartbeat : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isHeartbeat(value: unknown): value is Heartbeat {
  if (typeof value !== 'object' || value === null) return false;
  return 'host' in value && 'pid' in value && 'at' in value && typeof value.at === 'number';
}
