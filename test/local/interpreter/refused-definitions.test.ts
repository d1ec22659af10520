import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../local/interpreter/json.ts';
import { definition, idle, mapOver, problemsOf, reader, workMap, workTask } from './definitions.ts';

const succeed = { Type: 'Succeed' };

describe('what is refused on loading', () => {
  const task = (changes: Record<string, JsonValue>) => definition({ A: workTask(changes) });
  const map = (changes: Record<string, JsonValue>) => definition({ A: workMap(changes) });
  const mode = (ProcessorConfig: JsonValue) =>
    map({ ItemProcessor: { ProcessorConfig, StartAt: 'B', States: { B: succeed } } });
  const choice = (changes: Record<string, JsonValue>) =>
    definition({
      A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }], Default: 'B', ...changes },
      B: succeed,
    });
  const retry = (changes: Record<string, JsonValue>) => task({ Retry: [{ ErrorEquals: ['E'], ...changes }] });
  const output = (text: string) => definition({ A: idle({ Output: text }) });

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
      definition({ A: idle({ QueryLanguage: 'JSONPath' }) }),
      'State "A": QueryLanguage is not a field',
    ],
    [
      'an unknown field of the machine',
      definition({ A: succeed }, { ProcessorConfig: {} }),
      'The state machine: ProcessorConfig is not a field',
    ],
    ['an unknown type', definition({ A: { Type: 'Loop' } }), 'State "A": Type is not as it must be'],
    ['no type', definition({ A: {} }), 'State "A": Type is not as it must be'],
    ['Result, which is JSONPath', definition({ A: idle({ Result: 1 }) }), 'State "A": Result is a field of JSONPath'],
    [
      'a key that ends with .$',
      definition({ A: idle({ Output: { 'a.$': '$.b' } }) }),
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
    ['a task timeout of 0', task({ TimeoutSeconds: 0 }), 'State "A": TimeoutSeconds is not as it must be'],
    [
      'a task timeout that an expression gives',
      task({ TimeoutSeconds: '{% 5 %}' }),
      'State "A": TimeoutSeconds is not as it must be',
    ],
    [
      'a timeout that no timer of Node can wait',
      definition({ A: succeed }, { TimeoutSeconds: 2_147_484 }),
      'The state machine: TimeoutSeconds is not as it must be',
    ],
    ['a version', definition({ A: succeed }, { Version: '1.0' }), 'The state machine: Version is not a field'],
    [
      'a Pass',
      definition({ A: { Type: 'Pass', Next: 'B' }, B: succeed }),
      'State "A": Type is not as it must be. Invalid type: Expected ("Task" | "Choice" | "Succeed" | "Fail" | "Map") but received "Pass".',
    ],
    [
      'a Wait',
      definition({ A: { Type: 'Wait', Seconds: 1, Next: 'B' }, B: succeed }),
      'State "A": Type is not as it must be',
    ],
    [
      'a Parallel',
      definition({ A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: succeed } }], Next: 'B' } }),
      'State "A": Type is not as it must be',
    ],
    ['a Fail without Error', definition({ A: { Type: 'Fail', Cause: 'c' } }), 'State "A": Error is missing'],
    ['a Fail without Cause', definition({ A: { Type: 'Fail', Error: 'E' } }), 'State "A": Cause is missing'],
    [
      'an Error that is no text',
      definition({ A: { Type: 'Fail', Error: 1, Cause: 'c' } }),
      'State "A": Error must be text',
    ],
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
    ['Output of a Choice itself', choice({ Output: 1 }), 'State "A": Output is not a field'],
    ['Assign of a Choice itself', choice({ Assign: { a: 1 } }), 'State "A": Assign is not a field'],
    [
      'a Choice without a Default',
      definition({ A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }] }, B: succeed }),
      'State "A": Default is missing',
    ],
    ['a ResultWriter', map({ ResultWriter: {} }), 'State "A": ResultWriter is not a field'],
    ['an ItemBatcher', map({ ItemBatcher: { MaxItemsPerBatch: 2 } }), 'State "A": ItemBatcher is not a field'],
    ['an Iterator', map({ Iterator: {} }), 'State "A": Iterator is not a field'],
    ['an inline map', mode({ Mode: 'INLINE' }), 'State "A": ItemProcessor.ProcessorConfig.Mode is not as it must be'],
    [
      'a map without a mode, which would be an inline one',
      map({ ItemProcessor: { StartAt: 'B', States: { B: succeed } } }),
      'State "A": ItemProcessor.ProcessorConfig is missing',
    ],
    ['a tolerated number', map({ ToleratedFailureCount: 1 }), 'State "A": ToleratedFailureCount is not a field'],
    [
      'a tolerated percentage',
      map({ ToleratedFailurePercentage: 1 }),
      'State "A": ToleratedFailurePercentage is not a field',
    ],
    ['Items of the state', map({ Items: [] }), 'State "A": Items is not a field'],
    ['a Retry of a map', map({ Retry: [{ ErrorEquals: ['E'] }] }), 'State "A": Retry is not a field'],
    ['Assign of a map', map({ Assign: { a: 1 } }), 'State "A": Assign is not a field'],
    ...['Label', 'ItemReader', 'ItemSelector', 'MaxConcurrency'].map((field): [string, string, string] => {
      const { [field]: _, ...rest } = workMap();
      return [`a map without ${field}`, definition({ A: rest }), `State "A": ${field} is missing`];
    }),
    [
      'a MaxConcurrency that is a number',
      map({ MaxConcurrency: 2 }),
      'State "A": MaxConcurrency must be a JSONata string',
    ],
    [
      'items by the line',
      map({ ItemReader: { ...reader, ReaderConfig: { InputType: 'JSONL' } } }),
      'State "A": ItemReader.ReaderConfig.InputType is not as it must be',
    ],
    [
      'a bogus InputType',
      map({ ItemReader: { ...reader, ReaderConfig: { InputType: 'YAML' } } }),
      'State "A": ItemReader.ReaderConfig.InputType is not as it must be',
    ],
    [
      'a CSV reader',
      map({ ItemReader: { ...reader, ReaderConfig: { InputType: 'CSV' } } }),
      'State "A": ItemReader.ReaderConfig.InputType is not as it must be',
    ],
    [
      'MaxItems of a reader',
      map({ ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON', MaxItems: 5 } } }),
      'State "A": ItemReader.ReaderConfig.MaxItems is not a field',
    ],
    [
      'a reader that lists a bucket',
      map({ ItemReader: { ...reader, Resource: 'arn:aws:states:::s3:listObjectsV2' } }),
      'State "A": ItemReader.Resource',
    ],
    [
      'an EXPRESS child',
      mode({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }),
      'State "A": ItemProcessor.ProcessorConfig.ExecutionType is not as it must be',
    ],
    [
      'a distributed map without ExecutionType',
      mode({ Mode: 'DISTRIBUTED' }),
      'State "A": ItemProcessor.ProcessorConfig.ExecutionType is missing',
    ],
    [
      'an unknown field of a state in a map',
      definition({ A: mapOver({ B: { Type: 'Succeed', InputPath: '$' } }) }),
      'State "B": InputPath is a field of JSONPath',
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
    ['a longest delay', retry({ MaxDelaySeconds: 5 }), 'State "A": Retry.0.MaxDelaySeconds is not a field'],
    [
      'the name of a standard retry, which a loader has to replace',
      task({ Retry: 'if broken off' }),
      'State "A": Retry',
    ],
    [
      'Assign in a catcher',
      task({ Catch: [{ ErrorEquals: ['E'], Assign: { a: 1 }, Next: 'A' }] }),
      'State "A": Catch.0.Assign is not a field',
    ],
    [
      'States.TaskFailed, a second wildcard',
      retry({ ErrorEquals: ['States.TaskFailed'] }),
      'State "A": Retry.0.ErrorEquals.0 States.TaskFailed is no error that can be matched here',
    ],
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
      definition({ A: idle({ Next: 'B' }) }),
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
        A: mapOver({ In: idle({ Next: 'A' }) }),
      }),
      'State "In": goes on to "A", which is not a state beside it',
    ],
    [
      'a task or a map that ends, where a Succeed would say so',
      definition({ A: idle({ End: true }) }),
      'State "A": End is not a field',
    ],
    ['no Next', definition({ A: { ...idle(), End: true } }), 'State "A": Next is missing'],
    ['a state that is never reached', definition({ A: succeed, B: succeed }), 'State "B": is never reached'],
    [
      'no state to end with',
      definition({
        A: idle({ Next: 'B' }),
        B: idle({ Next: 'A' }),
      }),
      'The state machine: has no state to end with',
    ],
    [
      'a state name that an inner state has too',
      definition({ A: mapOver({ A: succeed }) }),
      'State "A": has the name of another state',
    ],
    ['what a later JSONata has', output('{% $states.input.a ?? 1 %}'), 'State "A": Output is not a JSONata expression'],
    ['an expression with a fault', output('{% $states.input. %}'), 'State "A": Output is not a JSONata expression'],
    [
      'an expression within other text',
      output('it is {% $states.input %}'),
      'State "A": Output has {% or %} within its text',
    ],
    ['a field that is read from nothing', output('{% items %}'), 'items has no value here'],
    ['$ where there is no context', output('{% $.a %}'), '$ has no value here'],
    ['$$', output('{% $states.input.a[$$.b] %}'), '$$ has no value'],
    ...['eval', 'hash', 'uuid', 'range', 'partition', 'random', 'shuffle', 'now', 'millis'].map(
      (name): [string, string, string] => [
        `$${name}`,
        output(`{% [1].$${name}($) %}`),
        `State "A": Output reads what is not there: $${name} is a function that cannot be called here.`,
      ],
    ),
    [
      'what the context has on AWS alone',
      output('{% $states.context.State.RetryCount %}'),
      'State "A": Output reads what is not there: $states.context.State has no value here, only Execution, Map.',
    ],
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
      definition({ A: idle({ Assign: { states: 1 } }) }),
      'State "A": Assign.states is reserved',
    ],
    [
      'a variable that hides a function',
      definition({ A: idle({ Assign: { count: 1 } }) }),
      'State "A": Assign.count would hide',
    ],
    [
      'a variable with an impossible name',
      definition({ A: idle({ Assign: { 'a-b': 1 } }) }),
      'State "A": Assign.a-b is not a name',
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});
