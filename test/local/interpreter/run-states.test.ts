import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/interpreter/json.ts';
import { mapOver, pass, workTask } from './definitions.ts';
import { FakeHost, named, outputOf, run } from './fake-host.ts';

const evaluate = (expression: string, input: Json = {}) =>
  outputOf({ A: pass({ Output: `{% ${expression} %}` }) }, input);

describe('a state', () => {
  it('hands its input on unless it has an Output', async () => {
    const states = { A: pass({ Next: 'B' }), B: { Type: 'Succeed' } };

    expect(await outputOf(states, { a: [1] })).toEqual({ a: [1] });
  });

  it('evaluates expressions wherever they are nested, and leaves other text alone', async () => {
    const states = {
      A: pass({ Output: { list: [1, '{% $states.input.a %}', 'a'], deep: { none: null, yes: '{% true %}' } } }),
    };

    expect(await outputOf(states, { a: 2 })).toEqual({ list: [1, 2, 'a'], deep: { none: null, yes: true } });
  });

  it('sees in Assign and in Output the variables as they were before it', async () => {
    const states = {
      A: pass({ Assign: { x: 5 }, Next: 'B' }),
      B: pass({ Assign: { x: 42, before: '{% $x %}' }, Output: '{% $x %}', Next: 'C' }),
      C: pass({ Output: ['{% $states.input %}', '{% $before %}', '{% $x %}'] }),
    };

    expect(await outputOf(states)).toEqual([5, 5, 42]);
  });

  it('knows where it stands from the context', async () => {
    const states = { 'Where am I?': pass({ Output: '{% $states.context %}' }) };

    const execution = await run(states, { keys: ['FAC'] }, new FakeHost(), {
      startTime: new Date('2026-11-23T02:00:00Z'),
      stateMachine: { Id: 'arn:machine', Name: 'backup' },
    });

    expect(execution).toMatchObject({
      output: {
        Execution: {
          Id: 'arn:night',
          Name: 'night',
          StartTime: '2026-11-23T02:00:00.000Z',
          RedriveCount: 0,
          Input: { keys: ['FAC'] },
        },
        State: { Name: 'Where am I?', EnteredTime: '2026-11-23T02:00:00.000Z', RetryCount: 0 },
        StateMachine: { Id: 'arn:machine', Name: 'backup' },
      },
    });
  });
});

describe('a Task', () => {
  it('gets the answer of its function as the Lambda integration wraps it', async () => {
    const host = new FakeHost({ functions: { Work: (payload) => ({ payload }) } });
    const states = {
      A: workTask({
        Output: '{% $states.result %}',
        Arguments: { FunctionName: 'Work', Payload: { n: '{% $states.input.n + 1 %}' } },
      }),
    };

    const output = await outputOf(states, { n: 1 }, host);

    expect(output).toEqual({ ExecutedVersion: '$LATEST', Payload: { payload: { n: 2 } }, StatusCode: 200 });
    expect(host.invocations).toEqual([{ functionName: 'Work', payload: { n: 2 } }]);
  });

  it('receives and returns copies, as through JSON', async () => {
    const input: { list: Json[] } = { list: [1] };
    const host = new FakeHost({
      functions: {
        Work: (payload) => {
          (payload as { list: Json[] }).list.push(2);
          return { date: new Date(0), gone: undefined } as unknown as Json;
        },
      },
    });

    const output = await outputOf(
      {
        A: workTask({ Next: 'B' }),
        B: pass({ Output: ['{% $states.input %}', '{% $states.context.Execution.Input %}'] }),
      },
      input,
      host,
    );

    expect(output).toEqual([{ date: '1970-01-01T00:00:00.000Z' }, { list: [1] }]);
    expect(input).toEqual({ list: [1] });
  });

  it('that returns nothing has null as its payload', async () => {
    const host = new FakeHost({ functions: { Work: () => undefined as unknown as Json } });

    expect(await outputOf({ A: workTask() }, {}, host)).toBeNull();
  });
});

describe('a Choice', () => {
  const choice: Record<string, Json> = {
    'How many?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n = 0 %}', Output: 'none', Assign: { by: 'rule' }, Next: 'End' },
        { Condition: '{% $states.input.n < 3 %}', Assign: { by: 'second rule' }, Next: 'End' },
      ],
      Default: 'End',
      Output: 'many',
      Assign: { by: 'default' },
    },
    End: { Type: 'Succeed', Output: ['{% $states.input %}', '{% $by %}'] },
  };

  it.each([
    [0, ['none', 'rule']],
    [2, [{ n: 2 }, 'second rule']],
    [9, ['many', 'default']],
  ])('takes the first rule that holds, or the Default, each with its own Output and Assign (%i)', async (n, output) => {
    expect(await outputOf(choice, { n })).toEqual(output);
  });

  it('fails when no rule holds and there is no Default', async () => {
    const states = {
      A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] },
      B: { Type: 'Succeed' },
    };

    expect(await run(states)).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it.each(['1', "'true'", 'null', '$states.input.missing'])(
    'fails on a Condition that is not a boolean (%s)',
    async (condition) => {
      const states = {
        A: { Type: 'Choice', Choices: [{ Condition: `{% ${condition} %}`, Next: 'B' }] },
        B: { Type: 'Succeed' },
      };

      expect(await run(states)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    },
  );
});

describe('Wait, Succeed and Fail', () => {
  it('waits for so many seconds, which an expression can give', async () => {
    const host = new FakeHost();

    await outputOf(
      { A: { Type: 'Wait', Seconds: 30, Next: 'B' }, B: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } },
      { s: 5 },
      host,
    );

    expect(host.clock.slept).toEqual([30_000, 5_000]);
  });

  it('waits longer than a timer of Node can', async () => {
    const host = new FakeHost();

    await outputOf({ A: { Type: 'Wait', Seconds: 3_000_000, End: true } }, {}, host);

    expect(host.clock.slept).toEqual([2 ** 31 - 1, 3_000_000_000 - (2 ** 31 - 1)]);
  });

  it.each([-1, 1.5, '1', null])('does not wait for %j seconds', async (s) => {
    const execution = await run({ A: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } }, { s });

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  it('succeeds with an Output', async () => {
    expect(await outputOf({ A: { Type: 'Succeed', Output: { n: '{% $states.input.n %}' } } }, { n: 1 })).toEqual({
      n: 1,
    });
  });

  it('fails with the Error and the Cause that the state names', async () => {
    const states = { A: { Type: 'Fail', Error: '{% $states.input.error %}', Cause: 'See the log.' } };

    expect(await run(states, { error: 'PartialBackup' })).toMatchObject({
      status: 'FAILED',
      error: 'PartialBackup',
      cause: 'See the log.',
    });
  });
});

describe('an expression', () => {
  it.each<[string, Json]>([
    ['$partition([1..5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([], 2)', []],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ["$hash('a', 'SHA-256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$parse(\'{"a":[1]}\')', { a: [1] }],
    ['$random(7) = $random(7) and $random(7) != $random(8)', true],
    ['$random()', 0.5],
    ['$length($uuid())', 36],
    ['$now()', '2026-11-23T02:00:00.000Z'],
    ["$now('[Y0001]-[M01]')", '2026-11'],
    ['$millis()', Date.parse('2026-11-23T02:00:00.000Z')],
    ['null', null],
    ['$merge([$states.input, {"b": 2}])', { a: [1], b: 2 }],
    ['$states.input.missing ? 1 : 2', 2],
  ])('%s is %j', async (expression, value) => {
    expect(await evaluate(expression, { a: [1] })).toEqual(value);
  });

  it.each([
    ['has no value', '$states.input.missing'],
    ['is a function', '$sum'],
    ['contains a function', '{"f": function($x) { $x }}'],
    ['throws', "$error('no')"],
    ['has operands of the wrong type', "1 + 'a'"],
    ['calls a function wrongly', '$range(1, 2, 0)'],
    ['parses what is not JSON', "$parse('{')"],
    ['hashes by an unknown algorithm', "$hash('a', 'CRC')"],
  ])('that %s fails with States.QueryEvaluationError', async (_, expression) => {
    expect(await run({ A: pass({ Output: `{% ${expression} %}` }) })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('a variable', () => {
  it('lives on through states that do not assign it', async () => {
    const states = {
      A: pass({ Assign: { x: 1, y: 2 }, Next: 'B' }),
      B: pass({ Assign: { y: 3 }, Next: 'C' }),
      C: pass({ Next: 'D' }),
      D: pass({ Output: ['{% $x %}', '{% $y %}'] }),
    };

    expect(await outputOf(states)).toEqual([1, 3]);
  });

  it('of a parent is seen in an inline map and in branches, and nothing that they assign leaks out', async () => {
    const states = {
      A: pass({ Assign: { outer: 'hello' }, Next: 'Map' }),
      Map: mapOver(
        'INLINE',
        {
          In: pass({ Assign: { inner: '{% $outer & $states.input %}' }, Next: 'Out' }),
          Out: pass({ Output: '{% $inner %}' }),
        },
        { Items: ['a', 'b'], Assign: { outer: 'changed' }, Next: 'Both' },
      ),
      Both: {
        Type: 'Parallel',
        Branches: ['One', 'Two'].map((name) => ({
          StartAt: name,
          States: {
            [name]: pass({ Assign: { mine: '{% $outer %}' }, Output: ['{% $outer %}', '{% $states.input %}'] }),
          },
        })),
        End: true,
      },
    };

    expect(await outputOf(states)).toEqual([
      ['changed', ['helloa', 'hellob']],
      ['changed', ['helloa', 'hellob']],
    ]);
  });
});

describe('a payload', () => {
  const KIB_256 = 262_144;
  /** Text whose JSON is exactly so many bytes; é has two in UTF-8. */
  const textOf = (bytes: number) => 'é'.repeat((bytes - 2) / 2);

  it('of 256 KiB passes, and one of more does not, whichever way it goes', async () => {
    const states = { A: workTask({ Output: 'small' }) };
    const returning = (bytes: number) => new FakeHost({ functions: { Work: () => textOf(bytes) } });

    expect(await run(states, textOf(KIB_256), returning(100))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await run(states, textOf(KIB_256 + 2), returning(100))).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await run(states, 'small', returning(KIB_256))).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await run(states, 'small', returning(KIB_256 - 1000))).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is limited where a state puts it out, assigns it or invokes with it', async () => {
    const large = '{% $pad("", 262145, "x") %}';

    expect(await run({ A: pass({ Output: large }) })).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await run({ A: pass({ Assign: { large } }) })).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await run({ A: workTask({ Arguments: { FunctionName: 'Work', Payload: large } }) })).toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });

  it('that is too large is matched by its name, not by States.ALL nor States.TaskFailed', async () => {
    const host = () => new FakeHost({ functions: { Work: () => textOf(KIB_256 + 2) } });
    const catching = (...names: string[]) => ({
      A: workTask({ Catch: names.map((name) => ({ ErrorEquals: [name], Next: 'B' })), Next: 'B' }),
      B: pass({ Output: 'caught' }),
    });

    expect(await run(catching('States.TaskFailed', 'States.ALL'), {}, host())).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
    expect(await run(catching('States.DataLimitExceeded'), {}, host())).toMatchObject({ output: 'caught' });
  });
});

describe('history events', () => {
  const working = () => new FakeHost({ functions: { Work: () => 1 } });

  it('are 5 for a task, 2 for a Pass, a Choice, a Wait and a Succeed, and 2 for the execution', async () => {
    const states = {
      A: workTask({ Next: 'B' }),
      B: pass({ Next: 'C' }),
      C: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'D' }] },
      D: { Type: 'Wait', Seconds: 1, Next: 'E' },
      E: { Type: 'Succeed' },
    };

    expect(await run(states, {}, working())).toMatchObject({ events: { execution: 5 + 4 * 2 + 2, largestChild: 0 } });
  });

  it('are 3 more for each retry', async () => {
    let calls = 0;
    const host = new FakeHost({
      functions: {
        Work: () => {
          calls += 1;
          if (calls < 3) throw named('Busy');
          return 1;
        },
      },
    });

    expect(await run({ A: workTask({ Retry: [{ ErrorEquals: ['Busy'] }] }) }, {}, host)).toMatchObject({
      events: { execution: 2 + 5 + 2 * 3 },
    });
  });

  it('of a failed execution end with the failure', async () => {
    const failed = await run({ A: { Type: 'Fail', Error: 'E' } });
    const evaluated = await run({ A: pass({ Output: '{% $states.input.missing %}' }) });

    expect(failed.events.execution).toBe(3);
    expect(evaluated.events.execution).toBe(4);
  });

  it('of an inline map and a parallel state are those of their states too', async () => {
    const map = await run({ M: mapOver('INLINE', { T: workTask() }) }, [1, 2, 3], working());
    const parallel = await run(
      { P: { Type: 'Parallel', Branches: [{ StartAt: 'T', States: { T: workTask() } }], End: true } },
      {},
      working(),
    );

    expect(map.events).toEqual({ execution: 2 + 4 + 3 * (2 + 5), largestChild: 0 });
    expect(parallel.events).toEqual({ execution: 2 + 4 + 5, largestChild: 0 });
  });

  it("of a distributed map do not grow with its items, and the largest child's are told", async () => {
    const long = {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Twice' }],
      Default: 'Once',
    };
    const children = { Which: long, Twice: pass({ Next: 'Once' }), Once: { Type: 'Succeed' } };

    const execution = await run({ M: mapOver('DISTRIBUTED', children) }, [1, 2, 3]);

    expect(execution.events).toEqual({ execution: 2 + 6, largestChild: 2 + 3 * 2 });
  });
});
