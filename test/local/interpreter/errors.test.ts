import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../local/interpreter/json.ts';
import { idle, workTask } from './definitions.ts';
import { type FakeFunction, FakeHost, named, outputOf, run } from './fake-host.ts';

/** Throws these errors one after the other, then returns "done". */
function failing(...names: string[]): FakeFunction {
  const left = [...names];
  return () => {
    const name = left.shift();
    if (name !== undefined) throw named(name);
    return 'done';
  };
}

const hostWith = (Work: FakeFunction, random = () => 0.5) => new FakeHost({ functions: { Work }, random });
const retrying = (...retriers: JsonValue[]) => ({ A: workTask({ Retry: retriers }) });

describe('Retry', () => {
  it('waits longer each time, up to what a timer can wait', async () => {
    const host = hostWith(failing('Busy', 'Busy', 'Busy'));
    const retrier = { ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3_000, MaxAttempts: 4 };

    expect(await outputOf(retrying(retrier), {}, host)).toBe('done');
    expect(host.clock.slept).toEqual([2_000, 6_000_000, 2_147_483_000]);
  });

  it('makes three attempts from one second on, doubling, unless told otherwise', async () => {
    const host = hostWith(failing('Busy', 'Busy', 'Busy', 'Busy'));

    expect(await run(retrying({ ErrorEquals: ['Busy'] }), {}, host)).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(host.clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it('with JitterStrategy FULL waits for a random part of the time', async () => {
    const host = hostWith(failing('Busy', 'Busy'), () => 0.25);

    await outputOf(retrying({ ErrorEquals: ['Busy'], IntervalSeconds: 4, JitterStrategy: 'FULL' }), {}, host);

    expect(host.clock.slept).toEqual([1_000, 2_000]);
  });

  it('counts the attempts of each retrier apart', async () => {
    const host = hostWith(failing('A', 'B', 'C', 'B'));
    const states = retrying(
      { ErrorEquals: ['A', 'B'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ['C'], IntervalSeconds: 5 },
    );

    expect(await run(states, {}, host)).toMatchObject({ status: 'FAILED', error: 'B' });
    expect(host.clock.slept).toEqual([1_000, 2_000, 5_000]);
  });

  it('leaves an error alone whose first retrier has MaxAttempts 0', async () => {
    const host = hostWith(failing('Refused'));
    const states = retrying({ ErrorEquals: ['Refused'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] });

    expect(await run(states, {}, host)).toMatchObject({ error: 'Refused' });
    expect(host.invocations).toHaveLength(1);
  });

  it('begins anew each time the state is entered', async () => {
    const host = hostWith(failing('Busy', 'Busy'));
    const states = {
      A: workTask({
        Output: '{% $states.result.Payload %}',
        Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['Busy'], Next: 'A' }],
      }),
    };

    expect(await outputOf(states, {}, host)).toBe('done');
    expect(host.clock.slept).toEqual([1_000]);
  });

  it('covers the expressions of the state too', async () => {
    const answers: JsonValue[] = [{}, { there: 1 }];
    const host = hostWith(() => answers.shift() ?? null);
    const states = {
      A: workTask({
        Output: '{% $states.result.Payload.there %}',
        Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }],
      }),
    };

    expect(await outputOf(states, {}, host)).toBe(1);
  });
});

describe('Catch', () => {
  const catching = (...names: string[]) => ({
    A: workTask({ Catch: names.map((name) => ({ ErrorEquals: [name], Output: name, Next: 'B' })), Next: 'B' }),
    B: { Type: 'Succeed' },
  });

  it.each<[string, string[], string]>([
    ['RateLimitedError', ['LoginRefusedError', 'RateLimitedError'], 'RateLimitedError'],
    ['RateLimitedError', ['LoginRefusedError', 'States.ALL'], 'States.ALL'],
    ['States.Timeout', ['RateLimitedError', 'States.Timeout'], 'States.Timeout'],
  ])('takes %s to the first of %j that matches', async (error, names, taken) => {
    expect(await outputOf(catching(...names), {}, hostWith(failing(error)))).toBe(taken);
  });

  it('leaves errors of other names alone', async () => {
    const execution = await run(catching('RateLimitedError', 'ratelimitederror'), {}, hostWith(failing('Other')));

    expect(execution).toMatchObject({ status: 'FAILED', error: 'Other' });
  });

  it('hands on the error as Lambda reports it: the name, and JSON text as its cause', async () => {
    const host = hostWith(() => {
      throw named('RateLimitedError', 'wait "a bit"');
    });
    const states = {
      A: workTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], Next: 'B' }),
      B: { Type: 'Succeed' },
    };

    const output = (await outputOf(states, {}, host)) as { Error: string; Cause: string };

    expect(output.Error).toBe('RateLimitedError');
    expect(JSON.parse(output.Cause)).toEqual({
      errorType: 'RateLimitedError',
      errorMessage: 'wait "a bit"',
      trace: [],
    });
  });

  it('has an Output of its own instead of that of the state, and leaves what the state would assign as it was', async () => {
    const states = {
      Start: idle({ Assign: { tries: 1 }, Next: 'A' }),
      A: workTask({
        Assign: { tries: 100 },
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input & $states.errorOutput.Error %}', Next: 'B' }],
        Next: 'B',
      }),
      B: idle({ Output: ['{% $tries %}', '{% $states.input %}'] }),
    };

    expect(await outputOf(states, 'in', hostWith(failing('E')))).toEqual([1, 'inE']);
  });

  it('comes after the retries', async () => {
    const host = hostWith(failing('E', 'E'));
    const states = {
      A: workTask({
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['E'], Output: 'caught', Next: 'B' }],
        Next: 'B',
      }),
      B: { Type: 'Succeed' },
    };

    expect(await outputOf(states, {}, host)).toBe('caught');
    expect(host.invocations).toHaveLength(2);
  });

  it('does not catch its own errors', async () => {
    const states = {
      A: workTask({
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input.missing %}', Next: 'B' }],
        Next: 'B',
      }),
      B: { Type: 'Succeed' },
    };

    expect(await run(states, {}, hostWith(failing('E')))).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('TimeoutSeconds', () => {
  /** Takes so many seconds; stops when it is told to. */
  const slow =
    (host: () => FakeHost, seconds: number): FakeFunction =>
    async (_, signal) => {
      await host().clock.sleep(seconds * 1000, signal);
      return 'done';
    };
  const slowHost = (seconds: number): FakeHost => {
    const host: FakeHost = hostWith(slow(() => host, seconds));
    return host;
  };

  it('of a task stops its function and can be caught as States.Timeout', async () => {
    const host = slowHost(60);
    const states = {
      A: workTask({
        TimeoutSeconds: 10,
        Catch: [{ ErrorEquals: ['States.Timeout'], Output: '{% $states.errorOutput.Error %}', Next: 'B' }],
        Next: 'B',
      }),
      B: { Type: 'Succeed' },
    };

    expect(await outputOf(states, {}, host)).toBe('States.Timeout');
    expect(host.running).toBe(0);
    expect(host.clock.slept).toEqual([10_000]);
  });

  it('of a task that nobody catches fails the execution', async () => {
    expect(await run({ A: workTask({ TimeoutSeconds: 10 }) }, {}, slowHost(60))).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
    });
  });

  it('does no harm to a function that is quicker, and leaves no timer behind', async () => {
    const host = slowHost(60);

    expect(await outputOf({ A: workTask({ TimeoutSeconds: 61 }) }, {}, host)).toBe('done');
    expect(host.clock.sleeping).toBe(0);
  });

  it('holds for a function too that does not stop and returns late', async () => {
    const host: FakeHost = hostWith(async () => {
      await host.clock.sleep(60_000);
      return 'late';
    });

    expect(await run({ A: workTask({ TimeoutSeconds: 10 }) }, {}, host)).toMatchObject({ error: 'States.Timeout' });
    expect(host.running).toBe(0);
  });

  it('of the machine ends the execution as TIMED_OUT, past every Catch, with no function running', async () => {
    const host = slowHost(60);
    const states = {
      A: workTask({
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
        Next: 'B',
      }),
      B: { Type: 'Succeed' },
    };

    const execution = await run(states, {}, host, { machine: { TimeoutSeconds: 30 } });

    expect(execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(host.running).toBe(0);
    expect(host.invocations).toHaveLength(1);
  });
});

describe('an aborted run', () => {
  it('ends as ABORTED once its functions have settled, and nothing retries or catches', async () => {
    const stop = new AbortController();
    let settled = false;
    const host = hostWith(async (_, signal) => {
      stop.abort(new Error('interrupted'));
      expect(signal.aborted).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
      settled = true;
      throw named('Stopped');
    });
    const states = {
      A: workTask({
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
        Next: 'B',
      }),
      B: { Type: 'Succeed' },
    };

    const execution = await run(states, {}, host, { signal: stop.signal });

    expect(execution).toMatchObject({ status: 'ABORTED', cause: 'Error: interrupted' });
    expect(settled).toBe(true);
    expect(host.invocations).toHaveLength(1);
  });

  it('stops while it waits for the next attempt', async () => {
    const stop = new AbortController();
    const host = hostWith(failing('Busy'));
    host.onState = ({ kind }) => {
      if (kind === 'retrying') queueMicrotask(() => stop.abort());
    };

    const running = run(retrying({ ErrorEquals: ['Busy'] }), {}, host, { signal: stop.signal });

    expect(await running).toMatchObject({ status: 'ABORTED' });
    expect(host.invocations).toHaveLength(1);
    expect(host.clock.slept).toEqual([]);
  });

  it('does not begin when it was aborted before', async () => {
    const host = hostWith(() => 1);

    expect(await run({ A: workTask() }, {}, host, { signal: AbortSignal.abort() })).toMatchObject({
      status: 'ABORTED',
    });
    expect(host.invocations).toEqual([]);
  });
});

describe('what the host hears', () => {
  it('is each state entered, retried and left, caught or not', async () => {
    const host = hostWith(failing('Busy', 'Refused'));
    const states = {
      A: workTask({ Retry: [{ ErrorEquals: ['Busy'] }], Catch: [{ ErrorEquals: ['Refused'], Next: 'B' }], Next: 'B' }),
      B: { Type: 'Fail', Error: 'E', Cause: 'c' },
    };

    await run(states, {}, host);

    expect(host.events).toMatchObject([
      { kind: 'entered', state: 'A' },
      { kind: 'retrying', state: 'A', error: 'Busy', delayMilliseconds: 1000 },
      { kind: 'failed', state: 'A', error: 'Refused', caught: true },
      { kind: 'entered', state: 'B' },
      { kind: 'failed', state: 'B', error: 'E', cause: 'c', caught: false },
    ]);
  });

  it('includes a fault of its own, by a rejection', async () => {
    const host = new FakeHost();
    host.onState = () => {
      throw new RangeError('a fault');
    };

    await expect(run({ A: idle({}) }, {}, host)).rejects.toThrow('a fault');
  });
});
