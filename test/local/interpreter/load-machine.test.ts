import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../local/interpreter/json.ts';
import { loadMachine } from '../../../local/interpreter/load-machine.ts';
import { definition, idle, mapOver, problemsOf, reader, workTask } from './definitions.ts';

/** It has no types, and is CommonJS. */
const aslValidator = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => { isValid: boolean };

/** Every field that is carried out, at least once. */
const everything: Record<string, JsonValue> = {
  Start: idle({ Comment: 'c', Assign: { batches: 3 }, Output: { a: ['{% $states.input %}'] }, Next: 'Any?' }),
  'Any?': {
    Type: 'Choice',
    Comment: 'c',
    Choices: [{ Comment: 'c', Condition: '{% $batches > 5 %}', Output: 'x', Assign: { many: true }, Next: 'Work' }],
    Default: 'Work',
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
        JitterStrategy: 'FULL',
      },
      { ErrorEquals: ['States.ALL'] },
    ],
    Catch: [{ Comment: 'c', ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'Failed' }],
    Next: 'Items',
  }),
  Items: {
    ...mapOver({ 'Work apart': workTask() }),
    Comment: 'c',
    Label: 'Objects',
    ItemReader: { ...reader, Arguments: { Bucket: 'work', Key: '{% $states.input.key %}' } },
    ItemSelector: { value: '{% $states.context.Map.Item.Value %}', batches: '{% $batches %}' },
    MaxConcurrency: '{% $batches %}',
    Output: '{% $states.result %}',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
    Next: 'Done',
  },
  Done: { Type: 'Succeed', Comment: 'c', Output: '{% $done %}' },
  Failed: { Type: 'Fail', Comment: 'c', Error: '{% $states.input.Error %}', Cause: 'See the log.' },
};
const everythingText = definition(everything, { Comment: 'c', TimeoutSeconds: 3600 });

describe('a definition', () => {
  it('loads when it has every field that is carried out', () => {
    const machine = loadMachine(everythingText, {});

    expect(machine.functionNames).toEqual(['Nothing', 'Work']);
    expect(machine.timeoutSeconds).toBe(3600);
    expect([...machine.states.keys()]).toEqual(Object.keys(everything));
  });

  it('of every supported field is one that asl-validator accepts too', () => {
    expect(aslValidator(JSON.parse(everythingText))).toMatchObject({ isValid: true });
  });

  it('is refused with all that is wrong, not only the first of it', () => {
    const text = definition({
      A: idle({ ResultPath: '$.a', Parameters: {}, Output: '{% 1 + %}', Next: 'B' }),
      B: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', HeartbeatSeconds: 3, Next: 'A' },
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
