import type { JsonValue } from './json.ts';

/** Time, as the interpreter sees it. */
export interface HostClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds (never more than a timer takes, 2^31 - 1). Settles at once, either way, when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** What a state machine needs from the place that it runs in. */
export interface MachineHost {
  /**
   * Runs the function of this name with a JSON payload. A rejection becomes the task's error by its `name` and `message`.
   * The signal aborts when the task times out, a sibling has failed or the run is stopped. The interpreter then still
   * waits until the promise settles, so that no function outlives the run: stop soon.
   */
  invoke(functionName: string, payload: JsonValue, signal: AbortSignal): Promise<JsonValue>;
  /** Reads the text of an ItemReader's object. A rejection becomes States.ItemReaderFailed. */
  readItems(bucket: string, key: string): Promise<string>;
  clock: HostClock;
  /** A number from 0 to below 1, for retries with jitter. `Math.random` unless given. */
  random?(): number;
  /** Told what happens, for progress. */
  onState?(event: StateEvent): void;
}

/**
 * Something happened to a state. Each `entered` is followed by one `succeeded` or `failed`, unless the state was stopped
 * because a sibling failed or the run ended.
 */
export type StateEvent = { state: string } & (
  | { kind: 'entered' }
  /** A map knows its number of items. */
  | { kind: 'iterating'; items: number }
  | { kind: 'retrying'; error: string; cause: string; delayMilliseconds: number }
  | { kind: 'succeeded' }
  | { kind: 'failed'; error: string; cause: string; caught: boolean }
);
