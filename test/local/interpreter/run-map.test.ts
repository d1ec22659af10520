import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceedsTolerance } from '../../../local/interpreter/failure-tolerance.ts';
import type { Json } from '../../../local/interpreter/json.ts';
import { mapOver, pass, workMap } from './definitions.ts';
import { FakeHost, named, outputOf, run } from './fake-host.ts';

const MODES = ['INLINE', 'DISTRIBUTED'] as const;
const doubling = () => new FakeHost({ functions: { Work: (item) => Number(item) * 2 } });
const fromReader = (InputType: 'JSON' | 'JSONL') =>
  workMap('DISTRIBUTED', {
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType },
      Arguments: { Bucket: 'work', Key: '{% $states.input.key %}' },
    },
  });

describe.each(MODES)('a map of the mode %s', (mode) => {
  it('runs its processor for each item of its input, and returns the outputs in their order', async () => {
    expect(await outputOf({ M: workMap(mode) }, [3, 1, 2], doubling())).toEqual([6, 2, 4]);
  });

  it('takes its items from Items, and gives each the shape that ItemSelector says', async () => {
    const states = {
      M: mapOver(
        mode,
        { In: pass({}) },
        {
          Items: '{% $states.input.list %}',
          ItemSelector: {
            value: '{% $states.context.Map.Item.Value %}',
            index: '{% $states.context.Map.Item.Index %}',
            of: '{% $count($states.input.list) %}',
          },
          Output: { all: '{% $states.result %}' },
        },
      ),
    };

    expect(await outputOf(states, { list: ['a', 'b'] })).toEqual({
      all: [
        { value: 'a', index: 0, of: 2 },
        { value: 'b', index: 1, of: 2 },
      ],
    });
  });

  it('of no items returns an empty array', async () => {
    expect(await outputOf({ M: workMap(mode) }, [])).toEqual([]);
  });

  it('fails when its items are no array', async () => {
    expect(await run({ M: workMap(mode) }, { a: 1 })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it.each<[Json, number]>([
    [3, 3],
    ['{% 1 + 1 %}', 2],
    [60, mode === 'INLINE' ? 40 : 60],
    [0, mode === 'INLINE' ? 40 : 100],
  ])('runs MaxConcurrency iterations at a time (%j)', async (MaxConcurrency, expected) => {
    const host: FakeHost = new FakeHost({
      functions: {
        Work: async (item, signal) => {
          await host.clock.sleep(10 * Number(item), signal);
          return item;
        },
      },
    });

    await outputOf(
      { M: workMap(mode, { MaxConcurrency, Output: 'done' }) },
      Array.from({ length: 120 }, (_, i) => (i % 7) + 1),
      host,
    );

    expect(host.mostRunning).toBe(expected);
    expect(host.invocations).toHaveLength(120);
  });

  it('stops its other children when it fails, and waits for them before its error goes on', async () => {
    const stopped: Json[] = [];
    const host: FakeHost = new FakeHost({
      functions: {
        Work: async (item, signal) => {
          if (item === 'bad') throw named('Bad');
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          await new Promise((resolve) => setImmediate(resolve));
          stopped.push(item);
          throw named('Stopped');
        },
      },
    });
    const states = {
      M: workMap(mode, {
        MaxConcurrency: 3,
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'After' }],
      }),
      After: pass({}),
    };

    const output = await outputOf(withNext(states), ['slow', 'slow too', 'bad', 'never begun'], host);

    expect(output).toBe(mode === 'INLINE' ? 'Bad' : 'States.ExceedToleratedFailureThreshold');
    expect(stopped).toEqual(['slow', 'slow too']);
    expect(host.running).toBe(0);
    expect(host.invocations).toHaveLength(3);
  });

  it('is retried as a whole', async () => {
    let calls = 0;
    const host = new FakeHost({
      functions: {
        Work: (item) => {
          calls += 1;
          if (calls === 1) throw named('Busy');
          return item;
        },
      },
    });

    expect(
      await outputOf(
        { M: workMap(mode, { MaxConcurrency: 1, Retry: [{ ErrorEquals: ['States.ALL'] }] }) },
        [1, 2],
        host,
      ),
    ).toEqual([1, 2]);
    expect(host.clock.slept).toEqual([1000]);
  });

  it('is aborted with all of its children', async () => {
    const stop = new AbortController();
    const host = new FakeHost({
      functions: {
        Work: (item, signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(named('Stopped')));
            if (item === 3) stop.abort();
          }),
      },
    });

    expect(await run({ M: workMap(mode) }, [1, 2, 3, 4], host, { signal: stop.signal })).toMatchObject({
      status: 'ABORTED',
    });
    expect(host.running).toBe(0);
  });

  it('tells the host how many items it has, and which iteration a state is in', async () => {
    const host = doubling();

    await outputOf({ M: workMap(mode) }, [1, 2], host);

    expect(host.events).toContainEqual({ kind: 'iterating', state: 'M', path: [], items: 2 });
    expect(host.events).toContainEqual({ kind: 'entered', state: 'Do work', path: [{ state: 'M', index: 1 }] });
  });

  it('has a result of 256 KiB at most', async () => {
    const host = new FakeHost({ functions: { Work: () => 'x'.repeat(100_000) } });

    expect(await run({ M: workMap(mode, { Output: 'small' }) }, [1, 2, 3], host)).toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });
});

/** Gives the map the state after it. */
function withNext({ M, ...rest }: { M: Record<string, Json>; After: Json }): Record<string, Json> {
  const { End: _, ...map } = M;
  return { M: { ...map, Next: 'After' }, ...rest };
}

describe('an iteration of an inline map', () => {
  it('has its item in the context, and its execution is the one around it', async () => {
    const states = {
      M: mapOver('INLINE', {
        In: pass({ Output: ['{% $states.context.Map.Item.Value %}', '{% $states.context.Execution.Id %}'] }),
      }),
    };

    expect(await outputOf(states, ['a'])).toEqual([['a', 'arn:night']]);
  });
});

describe('a child of a distributed map', () => {
  it('is an execution of its own', async () => {
    const states = {
      M: mapOver(
        'DISTRIBUTED',
        {
          In: pass({
            Output:
              '{% [$states.context.Execution.Input, $states.context.Execution.Id, $states.context.StateMachine.Name, $exists($states.context.Map)] %}',
          }),
        },
        { Label: 'Objects' },
      ),
    };

    expect(await outputOf(states, ['a', 'b'])).toEqual([
      ['a', 'arn:night/Objects:0', 'local/Objects', false],
      ['b', 'arn:night/Objects:1', 'local/Objects', false],
    ]);
  });

  it('sees nothing of an inline map around it', async () => {
    const child = pass({ Output: '{% $exists($states.context.Map) %}' });
    const states = { Outer: mapOver('INLINE', { Inner: mapOver('DISTRIBUTED', { In: child }) }) };

    expect(await outputOf(states, [['a']])).toEqual([[false]]);
  });

  it('that fails within the tolerance is a record in its place', async () => {
    const host = new FakeHost({
      functions: {
        Work: (item) => {
          if (item === 2) throw named('Bad', 'no');
          return item;
        },
      },
    });

    expect(await outputOf({ M: workMap('DISTRIBUTED', { ToleratedFailureCount: 1 }) }, [1, 2, 3], host)).toEqual([
      1,
      { Status: 'FAILED', Error: 'Bad', Cause: '{"errorType":"Bad","errorMessage":"no","trace":[]}' },
      3,
    ]);
  });

  it('cannot be what makes the map tolerate a wrong ItemSelector', async () => {
    const states = {
      M: workMap('DISTRIBUTED', { ToleratedFailurePercentage: 100, ItemSelector: '{% $states.input.missing %}' }),
    };

    expect(await run(states, [1])).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('the items of a distributed map', () => {
  it('are read from an object that is a JSON array', async () => {
    const host = new FakeHost({
      functions: { Work: (item) => item },
      objects: { 'work/list.json': '[{"n":1},\n{"n":2}]' },
    });

    expect(await outputOf({ M: fromReader('JSON') }, { key: 'list.json' }, host)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it.each(['{"n":1}\n{"n":2}', '{"n":1}\n{"n":2}\n', '{"n":1}\r\n{"n":2}\r\n'])(
    'are read from an object with a line for each (%j)',
    async (text) => {
      const host = new FakeHost({ functions: { Work: (item) => item }, objects: { 'work/list.jsonl': text } });

      expect(await outputOf({ M: fromReader('JSONL') }, { key: 'list.jsonl' }, host)).toEqual([{ n: 1 }, { n: 2 }]);
    },
  );

  it.each<['JSON' | 'JSONL', string, string, string]>([
    ['JSON', 'other.json', '[]', 'could not be read from work: NoSuchKey'],
    ['JSON', 'list', '{"a":1}', 'list is not a JSON array'],
    ['JSON', 'list', '[1,', 'list is not JSON'],
    ['JSONL', 'list', '1\n{\n', 'Line 2 of list is not JSON'],
    ['JSONL', 'list', '1\n\n2\n', 'Line 2 of list is not JSON'],
  ])('that cannot be read as %s fail the map (%s, %j)', async (type, key, text, cause) => {
    const execution = await run({ M: fromReader(type) }, { key }, new FakeHost({ objects: { 'work/list': text } }));

    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
      cause: expect.stringContaining(cause),
    });
  });
});

describe('the tolerance of a distributed map', () => {
  // As recorded in AWS (reference/aws-notes.md, section 4).
  it.each([
    [1, 3, 0, 0, 'fails'],
    [1, 3, 1, 100, 'ok'],
    [3, 3, 1, 100, 'fails'],
    [3, 3, 3, 100, 'ok'],
    [1, 3, 0, 100, 'ok'],
    [1, 3, 100_000, 34, 'ok'],
    [1, 3, 100_000, 33, 'fails'],
    [1, 4, 100_000, 25, 'ok'],
    [1, 4, 100_000, 24, 'fails'],
    [1, 3, 0, 50, 'ok'],
    [3, 3, 0, 50, 'fails'],
    [1, 3, 5, 0, 'ok'],
    [3, 3, 5, 0, 'ok'],
    [2, 3, 1, 90, 'fails'],
    [2, 3, 5, 50, 'fails'],
    [2, 5, 1, 100, 'fails'],
    [2, 5, 2, 100, 'ok'],
    [2, 5, 100_000, 34, 'fails'],
    [2, 5, 100_000, 39, 'fails'],
    [2, 5, 100_000, 40, 'ok'],
  ])(
    'with %i of %i failed, a count of %i and a percentage of %i, it is: %s',
    async (failed, total, count, percentage, expected) => {
      const host = new FakeHost({
        functions: {
          Work: (item) => {
            if (Number(item) <= failed) throw named('Bad');
            return item;
          },
        },
      });
      const states = {
        M: workMap('DISTRIBUTED', { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage }),
      };

      const execution = await run(
        states,
        Array.from({ length: total }, (_, index) => index + 1),
        host,
      );

      if (expected === 'ok') expect(execution).toMatchObject({ status: 'SUCCEEDED' });
      else expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
    },
  );

  it('never grows with more failures, and no failure is always tolerated', () => {
    const whole = fc.integer({ min: 0, max: 100 });

    fc.assert(
      fc.property(whole, whole, whole, whole, (failed, more, count, percentage) => {
        const total = failed + more + 1;
        const tolerance = { count, percentage };
        if (exceedsTolerance(failed, total, tolerance))
          expect(exceedsTolerance(failed + 1, total, tolerance)).toBe(true);
        expect(exceedsTolerance(0, total, tolerance)).toBe(false);
      }),
    );
  });
});

describe('a Parallel', () => {
  const parallel = (Branches: Json[], changes: Record<string, Json> = {}) => ({
    P: { Type: 'Parallel', Branches, ...changes, ...('Next' in changes ? {} : { End: true }) },
  });

  it("gives each branch the state's input and returns their outputs in order", async () => {
    const branches = ['One', 'Two'].map((name) => ({
      StartAt: name,
      States: { [name]: pass({ Output: [name, '{% $states.input %}'] }) },
    }));

    expect(await outputOf(parallel(branches), 7)).toEqual([
      ['One', 7],
      ['Two', 7],
    ]);
  });

  it('fails with the error of the branch that failed, after stopping the others', async () => {
    const host = new FakeHost();
    const branches: Json[] = [
      { StartAt: 'Slow', States: { Slow: { Type: 'Wait', Seconds: 1000, End: true } } },
      { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Bad' } } },
    ];

    const output = await outputOf(
      {
        ...parallel(branches, { Catch: [{ ErrorEquals: ['Bad'], Output: 'caught', Next: 'After' }], Next: 'After' }),
        After: pass({}),
      },
      {},
      host,
    );

    expect(output).toBe('caught');
    expect(host.clock.slept).toEqual([]);
  });
});
