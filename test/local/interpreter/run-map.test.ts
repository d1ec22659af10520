import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../local/interpreter/json.ts';
import { idle, mapOver, reader, workMap } from './definitions.ts';
import { type FakeFunction, FakeHost, named, outputOf, run } from './fake-host.ts';

const working = (items: JsonValue[], Work: FakeFunction) => new FakeHost({ functions: { Work }, items });
const doubling = (items: JsonValue[]) => working(items, (item) => Number(item) * 2);

describe('a map', () => {
  it('runs its processor for each item, and returns the outputs in their order', async () => {
    expect(await outputOf({ M: workMap() }, {}, doubling([3, 1, 2]))).toEqual([6, 2, 4]);
  });

  it('gives each item the shape that ItemSelector says', async () => {
    const states = {
      M: mapOver(
        { In: idle() },
        {
          ItemSelector: {
            value: '{% $states.context.Map.Item.Value %}',
            index: '{% $states.context.Map.Item.Index %}',
            of: '{% $states.input.of %}',
          },
          Output: { all: '{% $states.result %}' },
        },
      ),
    };

    expect(await outputOf(states, { of: 2 }, new FakeHost({ items: ['a', 'b'] }))).toEqual({
      all: [
        { value: 'a', index: 0, of: 2 },
        { value: 'b', index: 1, of: 2 },
      ],
    });
  });

  it('of no items returns an empty array', async () => {
    expect(await outputOf({ M: workMap() }, {}, doubling([]))).toEqual([]);
  });

  it.each([1, 2, 60])('runs MaxConcurrency children at a time (%i)', async (slots) => {
    const host: FakeHost = working(
      Array.from({ length: 120 }, (_, index) => (index % 7) + 1),
      async (item, signal) => {
        await host.clock.sleep(10 * Number(item), signal);
        return item;
      },
    );

    await outputOf({ M: workMap({ MaxConcurrency: '{% $states.input.slots %}', Output: 'done' }) }, { slots }, host);

    expect(host.mostRunning).toBe(slots);
    expect(host.invocations).toHaveLength(120);
  });

  it.each([0, -1, 1.5, 2 ** 31, '1', null])('does not run %j children at a time', async (slots) => {
    const states = { M: workMap({ MaxConcurrency: '{% $states.input.slots %}' }) };

    expect(await run(states, { slots }, doubling([1]))).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('MaxConcurrency must be a whole number from 1 to 2147483647'),
    });
  });

  it('stops its other children when one fails, and waits for them before its error goes on', async () => {
    const stopped: JsonValue[] = [];
    const host = working(['slow', 'slow too', 'bad', 'never begun'], async (item, signal) => {
      if (item === 'bad') throw named('Bad');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setImmediate(resolve));
      stopped.push(item);
      throw named('Stopped');
    });
    const states = {
      M: workMap({
        MaxConcurrency: '{% 3 %}',
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'After' }],
        Next: 'After',
      }),
      After: { Type: 'Succeed' },
    };

    expect(await outputOf(states, {}, host)).toEqual({
      Error: 'States.ExceedToleratedFailureThreshold',
      Cause: 'An item of the map "M" failed with Bad: {"errorType":"Bad","errorMessage":"it failed","trace":[]}',
    });
    expect(stopped).toEqual(['slow', 'slow too']);
    expect(host.running).toBe(0);
    expect(host.invocations).toHaveLength(3);
  });

  it('is aborted with all of its children', async () => {
    const stop = new AbortController();
    const host = working(
      [1, 2, 3, 4],
      (item, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(named('Stopped')));
          if (item === 3) stop.abort();
        }),
    );

    expect(await run({ M: workMap() }, {}, host, { signal: stop.signal })).toMatchObject({ status: 'ABORTED' });
    expect(host.running).toBe(0);
  });

  it('tells the host how many items it has', async () => {
    const host = doubling([1, 2]);

    await outputOf({ M: workMap() }, {}, host);

    expect(host.events).toContainEqual({ kind: 'iterating', state: 'M', items: 2 });
  });

  it('has a result of 256 KiB at most', async () => {
    const host = working([1, 2, 3], () => 'x'.repeat(100_000));

    expect(await run({ M: workMap({ Output: 'small' }) }, {}, host)).toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });

  it('fails where its ItemSelector does', async () => {
    const states = { M: workMap({ ItemSelector: '{% $states.input.missing %}' }) };

    expect(await run(states, {}, doubling([1]))).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('a child of a map', () => {
  it('is an execution of its own', async () => {
    const states = {
      M: mapOver(
        {
          In: idle({
            Output:
              '{% [$states.context.Execution.Input, $states.context.Execution.Id, $states.context.Execution.Name, $exists($states.context.Map)] %}',
          }),
        },
        { Label: 'Objects' },
      ),
    };

    expect(await outputOf(states, {}, new FakeHost({ items: ['a', 'b'] }))).toEqual([
      ['a', 'arn:night/Objects:0', 'night-Objects-0', false],
      ['b', 'arn:night/Objects:1', 'night-Objects-1', false],
    ]);
  });
});

describe('the items of a map', () => {
  const states = {
    M: workMap({ ItemReader: { ...reader, Arguments: { Bucket: 'work', Key: '{% $states.input.key %}' } } }),
  };

  it('are read from an object that is a JSON array', async () => {
    const host = new FakeHost({
      functions: { Work: (item) => item },
      objects: { 'work/list.json': '[{"n":1},\n{"n":2}]' },
    });

    expect(await outputOf(states, { key: 'list.json' }, host)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it.each([
    ['other.json', '[]', 'could not be read from work: NoSuchKey'],
    ['list', '{"a":1}', 'list is not a JSON array'],
    ['list', '[1,', 'list is not JSON'],
    ['list', '1\n2\n', 'list is not JSON'],
  ])('that cannot be read fail the map (%s, %j)', async (key, text, cause) => {
    const execution = await run(states, { key }, new FakeHost({ objects: { 'work/list': text } }));

    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
      cause: expect.stringContaining(cause),
    });
  });
});
