import { describe, expect, it } from 'vitest';
import { loadDefinition } from '../../functions/load-definition.ts';
import { backupSteps, stepName } from '../../functions/step-list.ts';
import { loadMachine, UnsupportedDefinitionError } from '../../local/interpreter/load-machine.ts';

/**
 * What asl-validator lets pass, and AWS would refuse only when the stack is deployed or the night has come: each is refused
 * when a definition is loaded, as this shows on our own definition with one thing broken. `wiring.test.ts` loads those that
 * are deployed.
 */
const definition = loadDefinition('backup');
const names = backupSteps.map(stepName);
const tokens = { ...Object.fromEntries(names.map((name) => [name, name])), WorkBucket: 'work' };

// biome-ignore lint/suspicious/noExplicitAny: the definition is changed in places that no type of it has.
type Loose = any;

function problemsOf(change: (states: Loose, machine: Loose) => void): readonly string[] {
  const machine = JSON.parse(definition);
  change(machine.States, machine);
  try {
    loadMachine(JSON.stringify(machine), tokens);
    return [];
  } catch (error) {
    if (error instanceof UnsupportedDefinitionError) return error.problems;
    throw error;
  }
}

const map = 'Export objects of every type';
const task = 'Plan objects';

describe('a broken copy of our definition', () => {
  it('is none without a change', () => {
    expect(problemsOf(() => undefined)).toEqual([]);
  });

  it.each<[string, (states: Loose, machine: Loose) => void, string]>([
    [
      'an inline map',
      (states) => {
        states[map].ItemProcessor.ProcessorConfig = { Mode: 'INLINE' };
      },
      `State "${map}": ItemProcessor.ProcessorConfig.Mode is not as it must be.`,
    ],
    [
      'an unknown InputType',
      (states) => {
        states[map].ItemReader.ReaderConfig.InputType = 'YAML';
      },
      `State "${map}": ItemReader.ReaderConfig.InputType is not as it must be`,
    ],
    [
      'a batcher, with or without a limit',
      (states) => {
        states[map].ItemBatcher = {};
      },
      `State "${map}": ItemBatcher is not a field that can be used.`,
    ],
    [
      'a distributed map without an ExecutionType',
      (states) => {
        states[map].ItemProcessor.ProcessorConfig = { Mode: 'DISTRIBUTED' };
      },
      `State "${map}": ItemProcessor.ProcessorConfig.ExecutionType is`,
    ],
    [
      'a tolerated percentage, by which a batch could get lost',
      (states) => {
        states[map].ToleratedFailurePercentage = 1;
      },
      `State "${map}": ToleratedFailurePercentage is not a field that can be used.`,
    ],
    [
      'an unknown JitterStrategy',
      (states) => {
        states[task].Retry[0].JitterStrategy = 'SOME';
      },
      `State "${task}": Retry.0.JitterStrategy is not as it must be`,
    ],
    [
      'States.ALL beside another error',
      (states) => {
        states[task].Catch[0].ErrorEquals.push('States.Timeout');
      },
      `State "${task}": Catch.0.ErrorEquals must have States.ALL alone.`,
    ],
    [
      'States.ALL before another entry',
      (states) => {
        states[task].Catch.push({ ErrorEquals: ['States.Timeout'], Next: 'Abandon backup' });
      },
      `State "${task}": Catch must have States.ALL in its last entry.`,
    ],
    [
      'an error of the language that there is not',
      (states) => {
        states[task].Retry[0].ErrorEquals.push('States.TimedOut');
      },
      'States.TimedOut is no error that can be matched here.',
    ],
    [
      'a variable that nothing assigns',
      (states) => {
        delete states[task].Assign;
      },
      'State "Any object types?": Choices.0.Condition reads $objects, which is assigned by no state before it.',
    ],
    [
      "a parent's variable in a distributed child",
      (states) => {
        states[map].ItemProcessor.States['Export objects'].Arguments.Payload.run = '{% $run %}';
      },
      'State "Export objects": Arguments.Payload reads $run, which is assigned by no state before it.',
    ],
    [
      'a variable that only one of the ways assigns',
      (states) => {
        states['Is this run needed?'].Default = 'Any schemas?';
      },
      'State "Any schemas?": Choices.0.Condition reads $schemas, which is not assigned on every way to this state.',
    ],
    [
      "a task's result where there is none",
      (states) => {
        states[task].Catch[0].Output.error = '{% $states.result.Error %}';
      },
      '$states.result has no value here',
    ],
    [
      'no state to end with',
      (states) => {
        const children = states[map].ItemProcessor.States;
        const back = { ...children['All objects of the batch?'], Default: 'Export objects' };
        children['Batch done: objects'] = back;
        children['Stop the run: objects'] = back;
      },
      `State "${map}": has no state to end with.`,
    ],
    [
      'a state that nothing reaches',
      (states) => {
        states[task].Next = 'Finish backup';
      },
      'State "Any object types?": is never reached.',
    ],
    [
      'a name that is the name of a state elsewhere',
      (states) => {
        const children = states[map].ItemProcessor.States;
        children['Backup stored'] = children['Batch done: objects'];
        children['All objects of the batch?'].Choices[0].Next = 'Backup stored';
      },
      'State "Backup stored": has the name of another state.',
    ],
    [
      'JSONata that does not parse',
      (states) => {
        states[task].Arguments.Payload.run = '{% $run( %}';
      },
      `State "${task}": Arguments.Payload.run is not a JSONata expression`,
    ],
  ])('is refused for %s', (_, change, problem) => {
    expect(problemsOf(change).join('\n')).toContain(problem);
  });
});
