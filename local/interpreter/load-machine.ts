import * as v from 'valibot';
import { checkTransitions } from './check-transitions.ts';
import { checkVariables } from './check-variables.ts';
import type { Sequence, State, StateMachine } from './definition.ts';
import { findDuplicateKeys } from './duplicate-keys.ts';
import { machineSchema, stateSchema } from './state-schema.ts';
import { substituteTokens } from './substitute-tokens.ts';

/** A definition has something in it that the interpreter does not carry out, or that AWS would refuse. */
export class UnsupportedDefinitionError extends Error {
  override readonly name = 'UnsupportedDefinitionError';
  /** One sentence each, naming the state and the field. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`This state machine cannot be run:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** How messages name the outermost states. */
const MACHINE = 'The state machine';

const JSONPATH_FIELDS: ReadonlySet<string> = new Set([
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'Result',
  'ItemsPath',
  'Variable',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'MaxConcurrencyPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
  'ErrorPath',
  'CausePath',
]);

/**
 * Reads a definition (`*.asl.json`) and puts `substitutions` in the place of its `${Token}`s.
 * What it returns can be run without any field being ignored. Throws UnsupportedDefinitionError with all that is wrong.
 */
export function loadMachine(text: string, substitutions: Readonly<Record<string, string>>): StateMachine {
  const { text: substituted, problems } = substituteTokens(text, substitutions);
  const json = parseJson(substituted);
  problems.push(...findDuplicateKeys(substituted).map((key) => `The key "${key}" stands twice in one object.`));
  const report = (owner: string, problem: string): void => {
    problems.push(`${owner === MACHINE ? owner : `State "${owner}"`}: ${problem}`);
  };

  const machine = readFields(machineSchema, json, MACHINE, report);
  if (machine === undefined) throw new UnsupportedDefinitionError(problems);
  const { QueryLanguage: _, ...fields } = machine;
  const sequence = readSequence(fields, report);
  const names = stateNames(sequence);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    report(name, 'has the name of another state.');
  }
  // What follows needs every state; a state that could not be read would be missed in them all.
  if (problems.length === 0) {
    checkTransitions(sequence, MACHINE, report);
    checkVariables(sequence, report);
  }
  if (problems.length > 0) throw new UnsupportedDefinitionError(problems);
  return {
    ...sequence,
    timeoutSeconds: machine.TimeoutSeconds,
    functionNames: [...new Set(functionNames(sequence))].sort(),
  };
}

type Report = (owner: string, problem: string) => void;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnsupportedDefinitionError([`The definition is not JSON: ${(error as SyntaxError).message}`]);
  }
}

function readSequence(
  { StartAt, States }: { StartAt: string; States: Record<string, unknown> },
  report: Report,
): Sequence {
  const states = new Map<string, State>();
  for (const [name, fields] of Object.entries(States)) {
    if (name.length > 80) report(name, 'has a name longer than 80 characters.');
    const state = readState(name, fields, report);
    if (state !== undefined) states.set(name, state);
  }
  return { startAt: StartAt, states };
}

function readState(name: string, fields: unknown, report: Report): State | undefined {
  const state = readFields(stateSchema, fields, name, report);
  return state?.Type === 'Map' ? { ...state, processor: readSequence(state.ItemProcessor, report) } : state;
}

/**
 * Checks one object of the definition. A schema reports the first unknown field of an object only, so this goes on
 * without the field until all are reported.
 */
function readFields<Output>(
  schema: v.GenericSchema<unknown, Output>,
  fields: unknown,
  owner: string,
  report: Report,
): Output | undefined {
  const result = v.safeParse(schema, fields);
  if (result.success) return result.output;
  const unknownFields = result.issues.filter(isUnknownField);
  if (unknownFields.length === 0) {
    for (const issue of result.issues) report(owner, describe(issue));
    return undefined;
  }
  let rest = fields;
  for (const issue of unknownFields) {
    report(owner, describe(issue));
    rest = without(rest, issue.path?.map(({ key }) => key) ?? []);
  }
  readFields(schema, rest, owner, report);
  return undefined;
}

function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'it';
  if (isUnknownField(issue)) {
    const isJsonPath = JSONPATH_FIELDS.has(String(issue.path?.at(-1)?.key));
    return `${field} is ${isJsonPath ? 'a field of JSONPath, and definitions are JSONata only' : 'not a field that can be used'}.`;
  }
  if (issue.type === 'strict_object' && issue.path !== undefined && issue.input === undefined)
    return `${field} is missing.`;
  if (issue.message.startsWith('Invalid')) return `${field} is not as it must be. ${issue.message}.`;
  return `${field} ${issue.message}`;
}

/** A copy without the field at the end of the path. */
function without(value: unknown, [key, ...rest]: readonly unknown[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? without(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) => {
      if (name !== key) return [[name, child]];
      return rest.length === 0 ? [] : [[name, without(child, rest)]];
    }),
  );
}

function stateNames({ states }: Sequence): string[] {
  return [...states].flatMap(([name, state]) => [name, ...(state.Type === 'Map' ? stateNames(state.processor) : [])]);
}

function functionNames({ states }: Sequence): string[] {
  return [...states.values()].flatMap((state) => {
    if (state.Type === 'Map') return functionNames(state.processor);
    return state.Type === 'Task' ? [state.Arguments.FunctionName] : [];
  });
}
