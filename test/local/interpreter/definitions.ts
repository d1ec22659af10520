import type { Json } from '../../../local/interpreter/json.ts';
import { loadMachine, UnsupportedDefinitionError } from '../../../local/interpreter/load-machine.ts';

/** The text of a definition that starts with the first of these states. */
export function definition(states: Record<string, Json>, more: Record<string, Json> = {}): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0] ?? '', States: states, ...more });
}

type Fields = Record<string, Json>;

/** The last state of its sequence, unless the fields say what is next. */
function ended(fields: Fields): Fields {
  return 'Next' in fields ? fields : { ...fields, End: true };
}

export function pass(fields: Fields): Fields {
  return ended({ Type: 'Pass', ...fields });
}

/** A task that invokes the function "Work" with its input and puts out what that returns, with changes. */
export function workTask(changes: Fields = {}): Fields {
  return ended({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'Work', Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    ...changes,
  });
}

/** A map whose items go through these states, from the first to the last. Its items are its input, unless changed. */
export function mapOver(mode: 'INLINE' | 'DISTRIBUTED', states: Fields, changes: Fields = {}): Fields {
  const config: Json = mode === 'INLINE' ? { Mode: mode } : { Mode: mode, ExecutionType: 'STANDARD' };
  const start = Object.keys(states)[0] ?? '';
  return ended({ Type: 'Map', ItemProcessor: { ProcessorConfig: config, StartAt: start, States: states }, ...changes });
}

/** A map whose items go to the function "Work". */
export function workMap(mode: 'INLINE' | 'DISTRIBUTED', changes: Fields = {}): Fields {
  return mapOver(mode, { 'Do work': workTask() }, changes);
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
