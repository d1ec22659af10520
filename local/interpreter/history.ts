/** The events of an execution's history that our states can make, named as GetExecutionHistory names them. */
export type HistoryEvent =
  | `Execution${'Started' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Aborted'}`
  | `${'Task' | 'Choice' | 'Map' | 'Succeed' | 'Fail'}State${'Entered' | 'Exited'}`
  | `MapState${'Started' | 'Succeeded' | 'Failed'}`
  | `Task${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | `MapRun${'Started' | 'Succeeded' | 'Failed'}`
  | 'EvaluationFailed';

/** How many history events AWS would record; it allows 25,000 an execution. */
export type EventCounts = {
  /** Of the execution itself. */
  execution: number;
  /** Of the largest child execution of a map, however deep; 0 without children. */
  largestChild: number;
};

/**
 * Counts the events of one execution. An approximation where AWS documents none of it:
 *
 * - a Lambda task makes 5 (entered, scheduled, started, succeeded, exited), and 3 more for each retry;
 * - Choice and Succeed make 2, Fail 1;
 * - a map makes 6, whatever its size: its children have histories of their own;
 * - the execution makes 2.
 *
 * Where it could be one or the other (MapStateStarted and MapStateSucceeded, EvaluationFailed beside TaskFailed) the larger
 * is counted.
 */
export class History {
  #events = 0;
  #largestChild = 0;

  record(...events: readonly HistoryEvent[]): void {
    this.#events += events.length;
  }

  /** A child execution of a map has ended. */
  addChild({ execution, largestChild }: EventCounts): void {
    this.#largestChild = Math.max(this.#largestChild, execution, largestChild);
  }

  get counts(): EventCounts {
    return { execution: this.#events, largestChild: this.#largestChild };
  }
}
