import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/interpreter/json.ts';
import { loadMachine } from '../../../local/interpreter/load-machine.ts';
import { definition, mapOver, pass, problemsOf, workTask } from './definitions.ts';

/** It has no types, and is CommonJS. */
const aslValidator = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => { isValid: boolean };

const succeed = { Type: 'Succeed' };
const reader = {
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'JSONL' },
  Arguments: { Bucket: 'work', Key: '{% $states.input.key %}' },
};

/** Every field that is carried out, at least once. */
const everything: Record<string, Json> = {
  Start: pass({ Comment: 'c', Assign: { batches: 3 }, Output: { a: ['{% $states.input %}'] }, Next: 'Any?' }),
  'Any?': {
    Type: 'Choice',
    Comment: 'c',
    Choices: [{ Comment: 'c', Condition: '{% $batches > 5 %}', Output: 'x', Assign: { many: true }, Next: 'Wait' }],
    Default: 'Wait',
    Output: '{% $states.input %}',
    Assign: { many: false },
  },
  Wait: {
    Type: 'Wait',
    Comment: 'c',
    Seconds: '{% $batches %}',
    Output: '{% $states.input %}',
    Assign: { waited: true },
    Next: 'Work',
  },
  Work: workTask({
    Comment: 'c',
    TimeoutSeconds: 60,
    Assign: { done: '{% $states.result.StatusCode %}' },
    Retry: [
      {
        Comment: 'c',
        ErrorEquals: ['RateLimitedError', 'States.Timeout'],
        IntervalSeconds: 2,
        BackoffRate: 3,
        MaxAttempts: 4,
        MaxDelaySeconds: 20,
        JitterStrategy: 'FULL',
      },
      { ErrorEquals: ['States.ALL'] },
    ],
    Catch: [
      {
        Comment: 'c',
        ErrorEquals: ['States.ALL'],
        Output: '{% $states.errorOutput %}',
        Assign: { failure: '{% $states.errorOutput.Error %}' },
        Next: 'Failed',
      },
    ],
    Next: 'Inline',
  }),
  Inline: {
    ...mapOver('INLINE', { 'Work inline': workTask() }, { Next: 'Distributed' }),
    Comment: 'c',
    Items: '{% [1..$batches] %}',
    ItemSelector: { value: '{% $states.context.Map.Item.Value %}', batches: '{% $batches %}' },
    MaxConcurrency: '{% $batches %}',
    Output: '{% $states.result %}',
    Assign: { results: '{% $states.result %}' },
    Retry: [{ ErrorEquals: ['States.TaskFailed'] }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
    Next: 'Distributed',
  },
  Distributed: {
    ...mapOver('DISTRIBUTED', { 'Work apart': workTask() }, { Next: 'Both' }),
    ItemReader: reader,
    MaxConcurrency: 2,
    ToleratedFailureCount: 5,
    ToleratedFailurePercentage: '{% $batches %}',
    Label: 'Objects',
    Next: 'Both',
  },
  Both: {
    Type: 'Parallel',
    Comment: 'c',
    Branches: [
      { Comment: 'c', StartAt: 'One', States: { One: pass({}) } },
      { StartAt: 'Two', States: { Two: succeed } },
    ],
    Output: '{% $states.result %}',
    Assign: { both: '{% $states.result %}' },
    Retry: [{ ErrorEquals: ['States.ALL'] }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
    Next: 'Done',
  },
  Done: { Type: 'Succeed', Comment: 'c', Output: '{% $done %}' },
  Failed: { Type: 'Fail', Comment: 'c', Error: '{% $states.input.Error %}', Cause: 'See the log.' },
};
const everythingText = definition(everything, { Comment: 'c', Version: '1.0', TimeoutSeconds: 3600 });

describe('a definition', () => {
  it('loads when it has every field that is carried out', () => {
    const machine = loadMachine(everythingText, {});

    expect(machine.functionNames).toEqual(['Work']);
    expect(machine.timeoutSeconds).toBe(3600);
    expect([...machine.states.keys()]).toEqual(Object.keys(everything));
  });

  it('of every supported field is one that asl-validator accepts too', () => {
    expect(aslValidator(JSON.parse(everythingText))).toMatchObject({ isValid: true });
  });

  it('is refused with all that is wrong, not only the first of it', () => {
    const text = definition({
      A: pass({ ResultPath: '$.a', Parameters: {}, Output: '{% 1 + %}', Next: 'B' }),
      B: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', HeartbeatSeconds: 3, End: true },
    });

    const problems = problemsOf(text);

    expect(problems).toEqual([
      'State "A": ResultPath is a field of JSONPath, and definitions are JSONata only.',
      'State "A": Parameters is a field of JSONPath, and definitions are JSONata only.',
      expect.stringMatching(/^State "A": Output is not a JSONata expression: /),
      'State "B": HeartbeatSeconds is not a field that can be used.',
      expect.stringMatching(/^State "B": Resource is not as it must be\. .*lambda:invoke/),
      'State "B": Arguments is missing.',
    ]);
  });

  it('names the machine in the message of what is thrown', () => {
    expect(() => loadMachine('{}', {})).toThrow('The state machine: QueryLanguage is missing.');
  });
});

describe('tokens', () => {
  const text = definition({ A: workTask({ Arguments: { FunctionName: '$' + '{DoWork}', Payload: {} } }) });

  it('are replaced by the values given', () => {
    expect(loadMachine(text, { DoWork: 'arn:"quoted"\\' }).functionNames).toEqual(['arn:"quoted"\\']);
  });

  it('without a value are refused', () => {
    expect(problemsOf(text)).toEqual(['The token $' + '{DoWork} has no value.']);
  });

  it('that the definition does not have are refused', () => {
    expect(problemsOf(text, { DoWork: 'x', Other: 'y' })).toEqual([
      'The value for $' + '{Other} is not used: the definition has no such token.',
    ]);
  });
});
