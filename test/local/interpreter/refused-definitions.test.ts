import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/interpreter/json.ts';
import { definition, mapOver, pass, problemsOf, workMap, workTask } from './definitions.ts';

const succeed = { Type: 'Succeed' };
const reader = {
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'JSONL' },
  Arguments: { Bucket: 'work', Key: '{% $states.input.key %}' },
};

describe('what is refused on loading', () => {
  const task = (changes: Record<string, Json>) => definition({ A: workTask(changes) });
  const map = (mode: 'INLINE' | 'DISTRIBUTED', changes: Record<string, Json>) =>
    definition({ A: workMap(mode, changes) });
  const retry = (changes: Record<string, Json>) => task({ Retry: [{ ErrorEquals: ['E'], ...changes }] });
  const output = (text: string) => definition({ A: pass({ Output: text }) });

  it.each<[what: string, text: string, problem: string]>([
    ['text that is not JSON', '{', 'The definition is not JSON'],
    [
      'a key that stands twice',
      '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"},"A":{"Type":"Succeed"}}}',
      'The key "A" stands twice',
    ],
    [
      'JSONPath as the language',
      definition({ A: succeed }, { QueryLanguage: 'JSONPath' }),
      'The state machine: QueryLanguage is not as it must be',
    ],
    [
      'no language, which would be JSONPath',
      '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
      'QueryLanguage is missing',
    ],
    [
      'a language of a state',
      definition({ A: pass({ QueryLanguage: 'JSONPath' }) }),
      'State "A": QueryLanguage is not a field',
    ],
    [
      'an unknown field of the machine',
      definition({ A: succeed }, { ProcessorConfig: {} }),
      'The state machine: ProcessorConfig is not a field',
    ],
    ['an unknown type', definition({ A: { Type: 'Loop' } }), 'State "A": Type is not as it must be'],
    ['no type', definition({ A: {} }), 'State "A": Type is not as it must be'],
    ['Result, which is JSONPath', definition({ A: pass({ Result: 1 }) }), 'State "A": Result is a field of JSONPath'],
    [
      'a key that ends with .$',
      definition({ A: pass({ Output: { 'a.$': '$.b' } }) }),
      'State "A": Output.a.$ is JSONPath',
    ],
    [
      'another task than a Lambda function',
      task({ Resource: 'arn:aws:states:::aws-sdk:s3:getObject' }),
      'State "A": Resource',
    ],
    [
      'a task that waits for a token',
      task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
      'State "A": Resource',
    ],
    ['a heartbeat', task({ HeartbeatSeconds: 5 }), 'State "A": HeartbeatSeconds is not a field'],
    [
      'other arguments of the Lambda integration',
      task({ Arguments: { FunctionName: 'F', Payload: {}, InvocationType: 'Event' } }),
      'State "A": Arguments.InvocationType is not a field',
    ],
    ['a task without a payload', task({ Arguments: { FunctionName: 'F' } }), 'State "A": Arguments.Payload is missing'],
    [
      'a function that only an expression names',
      task({ Arguments: { FunctionName: '{% $states.input %}', Payload: {} } }),
      'State "A": Arguments.FunctionName must be a name',
    ],
    ['a task timeout of 0', task({ TimeoutSeconds: 0 }), 'State "A": TimeoutSeconds must be a whole number from 1'],
    [
      'a Wait for a time of day',
      definition({ A: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00Z', End: true } }),
      'State "A": Timestamp is not a field',
    ],
    ['a Wait without Seconds', definition({ A: { Type: 'Wait', End: true } }), 'State "A": Seconds is missing'],
    ['a Fail without Error', definition({ A: { Type: 'Fail' } }), 'State "A": Error is missing'],
    [
      'a Succeed with Assign',
      definition({ A: { Type: 'Succeed', Assign: { a: 1 } } }),
      'State "A": Assign is not a field',
    ],
    [
      'a Choice rule of JSONPath',
      definition({ A: { Type: 'Choice', Choices: [{ Variable: '$.a', BooleanEquals: true, Next: 'B' }] }, B: succeed }),
      'State "A": Choices.0.Variable is a field of JSONPath',
    ],
    [
      'a Condition that is no expression',
      definition({ A: { Type: 'Choice', Choices: [{ Condition: 'true', Next: 'B' }] }, B: succeed }),
      'State "A": Choices.0.Condition must be a JSONata string',
    ],
    [
      'Output of a Choice that has no Default',
      definition({ A: { Type: 'Choice', Output: 1, Choices: [{ Condition: '{% true %}', Next: 'B' }] }, B: succeed }),
      'State "A": Output and Assign of a Choice need a Default',
    ],
    ['a ResultWriter', map('DISTRIBUTED', { ResultWriter: {} }), 'State "A": ResultWriter is not a field'],
    [
      'an ItemBatcher',
      map('DISTRIBUTED', { ItemBatcher: { MaxItemsPerBatch: 2 } }),
      'State "A": ItemBatcher is not a field',
    ],
    ['an Iterator', definition({ A: { Type: 'Map', Iterator: {}, End: true } }), 'State "A": Iterator is not a field'],
    [
      'an ItemReader of an inline map',
      map('INLINE', { ItemReader: reader }),
      'State "A": ItemReader is for maps of the mode DISTRIBUTED only',
    ],
    [
      'tolerance in an inline map',
      map('INLINE', { ToleratedFailureCount: 1 }),
      'State "A": ToleratedFailureCount is for maps',
    ],
    [
      'a tolerated percentage in an inline map',
      map('INLINE', { ToleratedFailurePercentage: 1 }),
      'State "A": ToleratedFailurePercentage is for maps',
    ],
    ['a label of an inline map', map('INLINE', { Label: 'L' }), 'State "A": Label is for maps'],
    [
      'a bogus InputType',
      map('DISTRIBUTED', { ItemReader: { ...reader, ReaderConfig: { InputType: 'YAML' } } }),
      'State "A": ItemReader.ReaderConfig.InputType is not as it must be',
    ],
    [
      'a CSV reader',
      map('DISTRIBUTED', { ItemReader: { ...reader, ReaderConfig: { InputType: 'CSV' } } }),
      'State "A": ItemReader.ReaderConfig.InputType is not as it must be',
    ],
    [
      'MaxItems of a reader',
      map('DISTRIBUTED', { ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON', MaxItems: 5 } } }),
      'State "A": ItemReader.ReaderConfig.MaxItems is not a field',
    ],
    [
      'a reader that lists a bucket',
      map('DISTRIBUTED', { ItemReader: { ...reader, Resource: 'arn:aws:states:::s3:listObjectsV2' } }),
      'State "A": ItemReader.Resource',
    ],
    [
      'both Items and an ItemReader',
      map('DISTRIBUTED', { Items: [], ItemReader: reader }),
      'State "A": must not have both Items and ItemReader',
    ],
    ['Items that are an object', map('INLINE', { Items: {} }), 'State "A": Items must be an array or a JSONata string'],
    [
      'a percentage above 100',
      map('DISTRIBUTED', { ToleratedFailurePercentage: 101 }),
      'State "A": ToleratedFailurePercentage must be a whole number from 0 to 100',
    ],
    [
      'an EXPRESS child',
      map('INLINE', {
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'B',
          States: { B: succeed },
        },
      }),
      'State "A": ItemProcessor.ProcessorConfig.ExecutionType is not as it must be',
    ],
    [
      'a distributed map without ExecutionType',
      map('INLINE', {
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'B', States: { B: succeed } },
      }),
      'State "A": ItemProcessor.ProcessorConfig.ExecutionType is missing',
    ],
    [
      'an unknown field of a state in a map',
      definition({ A: mapOver('INLINE', { B: { Type: 'Succeed', InputPath: '$' } }) }),
      'State "B": InputPath is a field of JSONPath',
    ],
    [
      'Arguments of a Parallel',
      definition({
        A: { Type: 'Parallel', Arguments: {}, Branches: [{ StartAt: 'B', States: { B: succeed } }], End: true },
      }),
      'State "A": Arguments is not a field',
    ],
    [
      'a retrier without errors',
      task({ Retry: [{ ErrorEquals: [] }] }),
      'State "A": Retry.0.ErrorEquals must name an error',
    ],
    [
      'a bogus JitterStrategy',
      retry({ JitterStrategy: 'SOME' }),
      'State "A": Retry.0.JitterStrategy is not as it must be',
    ],
    ['a BackoffRate below 1', retry({ BackoffRate: 0.5 }), 'State "A": Retry.0.BackoffRate is not as it must be'],
    ['an unknown field of a retrier', retry({ Wait: 5 }), 'State "A": Retry.0.Wait is not a field'],
    [
      'States.ALL that is not alone',
      task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }),
      'State "A": Retry.0.ErrorEquals must have States.ALL alone',
    ],
    [
      'States.ALL that is not last in Retry',
      task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }),
      'State "A": Retry must have States.ALL in its last entry',
    ],
    [
      'States.ALL that is not last in Catch',
      definition({
        A: workTask({
          Catch: [
            { ErrorEquals: ['States.ALL'], Next: 'B' },
            { ErrorEquals: ['E'], Next: 'B' },
          ],
        }),
        B: succeed,
      }),
      'State "A": Catch must have States.ALL in its last entry',
    ],
    [
      'an error of the language that does not exist',
      task({ Retry: [{ ErrorEquals: ['States.TimeOut'] }] }),
      'State "A": Retry.0.ErrorEquals.0 States.TimeOut is no error that can be matched',
    ],
    [
      'States.Runtime, which nothing matches',
      task({ Retry: [{ ErrorEquals: ['States.Runtime'] }] }),
      'States.Runtime is no error that can be matched',
    ],
    [
      'ResultPath in a catcher',
      definition({ A: workTask({ Catch: [{ ErrorEquals: ['E'], ResultPath: '$.e', Next: 'B' }] }), B: succeed }),
      'State "A": Catch.0.ResultPath is a field of JSONPath',
    ],
    ['a start that is no state', definition({ A: succeed }, { StartAt: 'B' }), 'The state machine: StartAt names "B"'],
    [
      'an unknown Next',
      definition({ A: pass({ Next: 'B' }) }),
      'State "A": goes on to "B", which is not a state beside it',
    ],
    ['an unknown Next of a catcher', task({ Catch: [{ ErrorEquals: ['E'], Next: 'B' }] }), 'State "A": goes on to "B"'],
    [
      'an unknown Default',
      definition({
        A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'C' }], Default: 'B' },
        C: succeed,
      }),
      'State "A": goes on to "B"',
    ],
    [
      'a way out of a map',
      definition({
        A: mapOver('INLINE', { In: pass({ Next: 'A' }) }),
      }),
      'State "In": goes on to "A", which is not a state beside it',
    ],
    [
      'both Next and End',
      definition({ A: pass({ Next: 'B', End: true }), B: succeed }),
      'State "A": must have either Next or End',
    ],
    ['neither Next nor End', definition({ A: { Type: 'Pass' } }), 'State "A": must have either Next or End'],
    ['an End that is false', definition({ A: { Type: 'Pass', End: false } }), 'State "A": End is not as it must be'],
    ['a state that is never reached', definition({ A: succeed, B: succeed }), 'State "B": is never reached'],
    [
      'no state to end with',
      definition({
        A: pass({ Next: 'B' }),
        B: pass({ Next: 'A' }),
      }),
      'The state machine: has no state to end with',
    ],
    [
      'a state name that an inner state has too',
      definition({ A: mapOver('INLINE', { A: succeed }) }),
      'State "A": has the name of another state',
    ],
    ['an expression with a fault', output('{% $states.input. %}'), 'State "A": Output is not a JSONata expression'],
    [
      'an expression within other text',
      output('it is {% $states.input %}'),
      'State "A": Output has {% or %} within its text',
    ],
    ['a field that is read from nothing', output('{% items %}'), 'items has no value here'],
    ['$ where there is no context', output('{% $.a %}'), '$ has no value here'],
    ['$$', output('{% $states.input.a[$$.b] %}'), '$$ has no value'],
    ['$eval', output("{% $eval('1') %}"), '$eval is not available'],
    ['an unknown field of $states', output('{% $states.inptu %}'), '$states.inptu has no value here'],
    [
      'a result where there is none',
      task({ Arguments: { FunctionName: 'F', Payload: '{% $states.result %}' } }),
      'State "A": Arguments.Payload reads what is not there: $states.result',
    ],
    [
      'an error output where there is none',
      task({ Output: '{% $states.errorOutput %}' }),
      '$states.errorOutput has no value here',
    ],
    [
      'an assignment to $states',
      definition({ A: pass({ Assign: { states: 1 } }) }),
      'State "A": Assign.states is reserved',
    ],
    [
      'a variable that hides a function',
      definition({ A: pass({ Assign: { count: 1 } }) }),
      'State "A": Assign.count would hide',
    ],
    [
      'a variable with an impossible name',
      definition({ A: pass({ Assign: { 'a-b': 1 } }) }),
      'State "A": Assign.a-b is not a name',
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});
