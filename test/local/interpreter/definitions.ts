import type { JsonValue } from '../../../local/interpreter/json.ts';
import { loadMachine, UnsupportedDefinitionError } from '../../../local/interpreter/load-machine.ts';

type Fields = Record<string, JsonValue>;

/** The text of a definition that starts with the first of these states. Those that name no other state go on to its end. */
export function definition(states: Fields, more: Fields = {}): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', ...sequence(states, 'Done'), ...more });
}

function sequence(states: Fields, end: string): Fields {
  const linked = Object.fromEntries(
    Object.entries(states).map(([name, state]) => [name, isUnlinked(state) ? { ...state, Next: end } : state]),
  );
  const ended = Object.values(states).some(isUnlinked) ? { [end]: { Type: 'Succeed' } } : {};
  return { StartAt: Object.keys(states)[0] ?? '', States: { ...linked, ...ended } };
}

function isUnlinked(state: JsonValue): state is Fields {
  const fields = state as Fields;
  return ['Task', 'Map'].includes(String(fields.Type)) && !('Next' in fields) && !('End' in fields);
}

/** A task that invokes the function "Work" with its input and puts out what that returns, with changes. */
export function workTask(changes: Fields = {}): Fields {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'Work', Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    ...changes,
  };
}

/** A task whose function does nothing, and that hands its input on unless it has an Output. */
export function idle(changes: Fields = {}): Fields {
  return workTask({
    Arguments: { FunctionName: 'Nothing', Payload: {} },
    Output: '{% $states.input %}',
    ...changes,
  });
}

export const reader = {
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'JSON' },
  Arguments: { Bucket: 'work', Key: 'items.json' },
};

/** A map whose items, those of the host, go through these states from the first to the last. */
export function mapOver(states: Fields, changes: Fields = {}): Fields {
  return {
    Type: 'Map',
    Label: 'Items',
    ItemReader: reader,
    ItemSelector: '{% $states.context.Map.Item.Value %}',
    MaxConcurrency: '{% 100 %}',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...sequence(states, 'Item done'),
    },
    ...changes,
  };
}

/** A map whose items go to the function "Work". */
export function workMap(changes: Fields = {}): Fields {
  return mapOver({ 'Do work': workTask() }, changes);
}

/** What is wrong with a definition. */
export function problemsOf(text: string, substitutions: Record<string, string> = {}): readonly string[] {
  try {
    loadMachine(text, substitutions);
    return [];
  } catch (error) {
    if (error instanceof UnsupportedDefinitionError) return error.problems;
    throw error;
  }
}
