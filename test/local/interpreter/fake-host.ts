import type { JsonValue } from '../../../local/interpreter/json.ts';
import { loadMachine } from '../../../local/interpreter/load-machine.ts';
import type { MachineHost, StateEvent } from '../../../local/interpreter/machine-host.ts';
import { type EndedExecution, type RunOptions, runMachine } from '../../../local/interpreter/run-machine.ts';
import { definition } from './definitions.ts';
import { VirtualClock } from './virtual-clock.ts';

export type FakeFunction = (payload: JsonValue, signal: AbortSignal) => JsonValue | Promise<JsonValue>;

/** Functions by name, objects by `bucket/key` (or the items of `work/items.json`), virtual time; remembers what happened. */
export class FakeHost implements MachineHost {
  readonly clock = new VirtualClock();
  readonly events: StateEvent[] = [];
  readonly invocations: { functionName: string; payload: JsonValue }[] = [];
  readonly random: () => number;
  readonly #functions: Record<string, FakeFunction>;
  readonly #objects: Readonly<Record<string, string>>;
  running = 0;
  mostRunning = 0;

  constructor({
    functions = {},
    items,
    objects = items === undefined ? {} : { 'work/items.json': JSON.stringify(items) },
    random = () => 0.5,
  }: {
    functions?: Record<string, FakeFunction>;
    items?: JsonValue[];
    objects?: Record<string, string>;
    random?: () => number;
  } = {}) {
    this.#functions = { Nothing: () => null, ...functions };
    this.#objects = objects;
    this.random = random;
  }

  async invoke(functionName: string, payload: JsonValue, signal: AbortSignal): Promise<JsonValue> {
    const run = this.#functions[functionName];
    if (run === undefined) throw new Error(`There is no function ${functionName}.`);
    this.invocations.push({ functionName, payload });
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      return await run(payload, signal);
    } finally {
      this.running -= 1;
    }
  }

  async readItems(bucket: string, key: string): Promise<string> {
    const text = this.#objects[`${bucket}/${key}`];
    if (text === undefined) throw new Error('NoSuchKey');
    return text;
  }

  onState(event: StateEvent): void {
    this.events.push(event);
  }
}

/** Loads and runs a definition of these states. */
export function run(
  states: Record<string, JsonValue>,
  input: JsonValue = {},
  host: FakeHost = new FakeHost(),
  { machine = {}, ...options }: Partial<RunOptions> & { machine?: Record<string, JsonValue> } = {},
): Promise<EndedExecution> {
  const loaded = loadMachine(definition(states, machine), {});
  return runMachine(loaded, { input, name: 'night', executionId: 'arn:night', ...options }, host);
}

/** The output of a definition that must succeed. */
export async function outputOf(
  states: Record<string, JsonValue>,
  input: JsonValue = {},
  host: FakeHost = new FakeHost(),
): Promise<JsonValue> {
  const execution = await run(states, input, host);
  if (execution.status !== 'SUCCEEDED') throw new Error(`${execution.status}: ${execution.error}: ${execution.cause}`);
  return execution.output;
}

/** An error with the name that a state machine matches. */
export function named(name: string, message = 'it failed'): Error {
  return Object.assign(new Error(message), { name });
}
