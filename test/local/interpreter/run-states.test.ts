import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../local/interpreter/json.ts';
import { idle, mapOver, workMap, workTask } from './definitions.ts';
import { FakeHost, named, outputOf, run } from './fake-host.ts';

const evaluate = (expression: string, input: JsonValue = {}) =>
  outputOf({ A: idle({ Output: `{% ${expression} %}` }) }, input);

describe('a state', () => {
  it('hands its input on unless it has an Output', async () => {
    const states = { A: idle({ Next: 'B' }), B: { Type: 'Succeed' } };

    expect(await outputOf(states, { a: [1] })).toEqual({ a: [1] });
  });

  it('evaluates expressions wherever they are nested, and leaves other text alone', async () => {
    const states = {
      A: idle({ Output: { list: [1, '{% $states.input.a %}', 'a'], deep: { none: null, yes: '{% true %}' } } }),
    };

    expect(await outputOf(states, { a: 2 })).toEqual({ list: [1, 2, 'a'], deep: { none: null, yes: true } });
  });

  it('sees in Assign and in Output the variables as they were before it', async () => {
    const states = {
      A: idle({ Assign: { x: 5 }, Next: 'B' }),
      B: idle({ Assign: { x: 42, before: '{% $x %}' }, Output: '{% $x %}', Next: 'C' }),
      C: idle({ Output: ['{% $states.input %}', '{% $before %}', '{% $x %}'] }),
    };

    expect(await outputOf(states)).toEqual([5, 5, 42]);
  });

  it('knows where it stands from the context', async () => {
    const states = { A: idle({ Output: '{% $states.context %}' }) };

    const execution = await run(states, { keys: ['FAC'] }, new FakeHost(), {
      startTime: new Date('2026-11-23T02:00:00Z'),
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
    const input: { list: JsonValue[] } = { list: [1] };
    const host = new FakeHost({
      functions: {
        Work: (payload) => {
          (payload as { list: JsonValue[] }).list.push(2);
          return { date: new Date(0), gone: undefined } as unknown as JsonValue;
        },
      },
    });

    const output = await outputOf(
      {
        A: workTask({ Next: 'B' }),
        B: idle({ Output: ['{% $states.input %}', '{% $states.context.Execution.Input %}'] }),
      },
      input,
      host,
    );

    expect(output).toEqual([{ date: '1970-01-01T00:00:00.000Z' }, { list: [1] }]);
    expect(input).toEqual({ list: [1] });
  });

  it('that returns nothing has null as its payload', async () => {
    const host = new FakeHost({ functions: { Work: () => undefined as unknown as JsonValue } });

    expect(await outputOf({ A: workTask() }, {}, host)).toBeNull();
  });
});

describe('a Choice', () => {
  const choice: Record<string, JsonValue> = {
    'How many?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n = 0 %}', Output: 'none', Assign: { by: 'rule' }, Next: 'End' },
        { Condition: '{% $states.input.n < 3 %}', Assign: { by: 'second rule' }, Next: 'End' },
      ],
      Default: 'Many',
    },
    End: { Type: 'Succeed', Output: ['{% $states.input %}', '{% $by %}'] },
    Many: { Type: 'Succeed', Output: ['{% $states.input %}', 'default'] },
  };

  it.each([
    [0, ['none', 'rule']],
    [2, [{ n: 2 }, 'second rule']],
    [9, [{ n: 9 }, 'default']],
  ])('takes the first rule that holds, each with its own Output and Assign, or the Default (%i)', async (n, output) => {
    expect(await outputOf(choice, { n })).toEqual(output);
  });

  it.each(['1', "'true'", 'null', '$states.input.missing'])(
    'fails on a Condition that is not a boolean (%s)',
    async (condition) => {
      const states = {
        A: { Type: 'Choice', Choices: [{ Condition: `{% ${condition} %}`, Next: 'B' }], Default: 'B' },
        B: { Type: 'Succeed' },
      };

      expect(await run(states)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    },
  );
});

describe('Succeed and Fail', () => {
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
  it.each<[string, JsonValue]>([
    ['$parse(\'{"a":[1]}\')', { a: [1] }],
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
    ['calls a function wrongly', '$substring(1, 2)'],
    ['parses what is not JSON', "$parse('{')"],
    ['parses what is no text', '$parse(1)'],
  ])('that %s fails with States.QueryEvaluationError', async (_, expression) => {
    expect(await run({ A: idle({ Output: `{% ${expression} %}` }) })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('a number that JSON does not have', () => {
  const succeed = { Type: 'Succeed' };
  const choice = (rule: Record<string, JsonValue>) => ({
    Type: 'Choice',
    Choices: [{ ...rule, Next: 'B' }],
    Default: 'B',
  });

  it.each<[string, Record<string, JsonValue>]>([
    ['an Output', { A: { Type: 'Succeed', Output: '{% 1/0 %}' } }],
    ['a field of an Output', { A: { Type: 'Succeed', Output: { a: ['{% -1/0 %}'] } } }],
    ['a field within a value', { A: { Type: 'Succeed', Output: '{% {"a": [1, 0/0]} %}' } }],
    ['what a task assigns', { A: workTask({ Assign: { x: '{% 1/0 %}' } }) }],
    ['the output of a task', { A: workTask({ Output: '{% $states.result.StatusCode / 0 %}' }) }],
    ['a payload', { A: workTask({ Arguments: { FunctionName: 'Work', Payload: { n: '{% 1/0 %}' } } }) }],
    ['a Condition', { A: choice({ Condition: '{% 1/0 %}' }), B: succeed }],
    ['the output of a rule', { A: choice({ Condition: '{% true %}', Output: '{% 1/0 %}' }), B: succeed }],
    ['what a rule assigns', { A: choice({ Condition: '{% true %}', Assign: { x: '{% 1/0 %}' } }), B: succeed }],
    ['an item', { A: workMap({ ItemSelector: { n: '{% 1/0 %}' } }) }],
    ['how many children run', { A: workMap({ MaxConcurrency: '{% 1/0 %}' }) }],
    ['the output of a map', { A: workMap({ Output: '{% 1/0 %}' }) }],
    [
      'the output of a catcher',
      { A: workTask({ Catch: [{ ErrorEquals: ['Bad'], Output: '{% 1/0 %}', Next: 'B' }] }), B: succeed },
    ],
    ['the name of an error', { A: { Type: 'Fail', Error: '{% 1/0 %}', Cause: 'c' } }],
  ])('is refused as %s, not taken for null', async (what, states) => {
    const Work = () => {
      if (what.endsWith('catcher')) throw named('Bad');
      return 1;
    };

    expect(await run(states, {}, new FakeHost({ functions: { Work }, items: [1] }))).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringMatching(/returned (-?Infinity|NaN), which is no number of JSON\.$/),
    });
  });
});

describe('a variable', () => {
  it('lives on through states that do not assign it', async () => {
    const states = {
      A: idle({ Assign: { x: 1, y: 2 }, Next: 'B' }),
      B: idle({ Assign: { y: 3 }, Next: 'C' }),
      C: idle({ Next: 'D' }),
      D: idle({ Output: ['{% $x %}', '{% $y %}'] }),
    };

    expect(await outputOf(states)).toEqual([1, 3]);
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

    expect(await run({ A: idle({ Output: large }) })).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await run({ A: idle({ Assign: { large } }) })).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await run({ A: workTask({ Arguments: { FunctionName: 'Work', Payload: large } }) })).toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });

  it('that is too large is matched by its name, not by States.ALL nor States.TaskFailed', async () => {
    const host = () => new FakeHost({ functions: { Work: () => textOf(KIB_256 + 2) } });
    const catching = (...names: string[]) => ({
      A: workTask({ Catch: names.map((name) => ({ ErrorEquals: [name], Next: 'B' })), Next: 'B' }),
      B: idle({ Output: 'caught' }),
    });

    expect(await run(catching('States.ALL'), {}, host())).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
    expect(await run(catching('States.DataLimitExceeded'), {}, host())).toMatchObject({ output: 'caught' });
  });
});

describe('history events', () => {
  const working = () => new FakeHost({ functions: { Work: () => 1 } });

  it('are 5 for a task, 2 for a Choice and a Succeed, and 2 for the execution', async () => {
    const states = {
      A: workTask({ Next: 'B' }),
      B: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'C' }], Default: 'C' },
      C: { Type: 'Succeed' },
    };

    expect(await run(states, {}, working())).toMatchObject({ events: { execution: 5 + 2 * 2 + 2, largestChild: 0 } });
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
      events: { execution: 2 + 5 + 2 * 3 + 2 },
    });
  });

  it('of a failed execution end with the failure', async () => {
    const failed = await run({ A: { Type: 'Fail', Error: 'E', Cause: 'c' } });
    const evaluated = await run({ A: { Type: 'Succeed', Output: '{% $states.input.missing %}' } });

    expect(failed.events.execution).toBe(3);
    expect(evaluated.events.execution).toBe(4);
  });

  it("of a map do not grow with its items, and the largest child's are told", async () => {
    const children = {
      'Which?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Twice' }],
        Default: 'Once',
      },
      Twice: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Once' }], Default: 'Once' },
      Once: { Type: 'Succeed' },
    };

    const execution = await run({ M: mapOver(children) }, {}, new FakeHost({ items: [1, 2, 3] }));

    expect(execution.events).toEqual({ execution: 2 + 6 + 2, largestChild: 2 + 3 * 2 });
  });
});
