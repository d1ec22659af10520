import jsonata from 'jsonata';
import { findNames, type StatesField } from './expression-names.ts';
import type { JsonValue } from './json.ts';
import { QueryEvaluationError } from './state-errors.ts';
import { STATES_FUNCTIONS } from './states-functions.ts';

/** What the expressions of a state can read. */
export type Values = {
  /** The value of `$states`. */
  states: { [field in StatesField]?: JsonValue };
  variables: Readonly<Record<string, JsonValue>>;
};

/** Told what is wrong with an expression, and where within the field it stands. */
export type ReportProblem = (path: readonly (string | number)[], problem: string) => void;

type Evaluate = (values: Values) => Promise<JsonValue>;

/** A JSON value of a definition in which whole strings may be `{% JSONata %}`. */
export class Template {
  readonly #evaluate: Evaluate;
  /** State machine variables that its expressions read. */
  readonly variables: ReadonlySet<string>;

  private constructor(evaluate: Evaluate, variables: ReadonlySet<string>) {
    this.#evaluate = evaluate;
    this.variables = variables;
  }

  /** Reports everything that is wrong; the template is of use only when nothing was. */
  static compile(source: JsonValue, statesFields: ReadonlySet<StatesField>, report: ReportProblem): Template {
    const variables = new Set<string>();
    const evaluate = compileValue(source, [], { statesFields, variables, report });
    return new Template(evaluate, variables);
  }

  /** A fresh JSON value. Throws States.QueryEvaluationError. */
  evaluate(values: Values): Promise<JsonValue> {
    return this.#evaluate(values);
  }

  /** For fields that take a whole number within limits. */
  async evaluateWhole(values: Values, field: string, { min, max }: { min: number; max: number }): Promise<number> {
    const value = await this.#evaluate(values);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw new QueryEvaluationError(
        `${field} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}.`,
      );
    }
    return value;
  }

  /** For fields that take text. */
  async evaluateText(values: Values, field: string): Promise<string> {
    const value = await this.#evaluate(values);
    if (typeof value !== 'string')
      throw new QueryEvaluationError(`${field} must be text, not ${JSON.stringify(value)}.`);
    return value;
  }
}

type Compilation = { statesFields: ReadonlySet<StatesField>; variables: Set<string>; report: ReportProblem };

function compileValue(source: JsonValue, path: readonly (string | number)[], compilation: Compilation): Evaluate {
  if (typeof source === 'string') return compileString(source, path, compilation);
  if (Array.isArray(source)) {
    const items = source.map((item, index) => compileValue(item, [...path, index], compilation));
    return async (values) => {
      const result: JsonValue[] = [];
      for (const item of items) result.push(await item(values));
      return result;
    };
  }
  if (typeof source === 'object' && source !== null) {
    const fields = Object.entries(source).map(([key, value]) => {
      if (key.endsWith('.$')) compilation.report([...path, key], 'is JSONPath, which is not supported.');
      return [key, compileValue(value, [...path, key], compilation)] as const;
    });
    return async (values) => {
      const result: [string, JsonValue][] = [];
      for (const [key, field] of fields) result.push([key, await field(values)]);
      return Object.fromEntries(result);
    };
  }
  return async () => source;
}

function compileString(source: string, path: readonly (string | number)[], compilation: Compilation): Evaluate {
  if (!source.includes('{%') && !source.includes('%}')) return async () => source;
  const report = (problem: string): Evaluate => {
    compilation.report(path, problem);
    return async () => null;
  };
  if (!source.startsWith('{%') || !source.endsWith('%}')) {
    return report('has {% or %} within its text; only a whole string can be an expression.');
  }
  const text = source.slice(2, -2).trim();
  let expression: jsonata.Expression;
  try {
    expression = jsonata(text);
  } catch (error) {
    return report(`is not a JSONata expression: ${messageOf(error)}`);
  }
  const { variables, problems } = findNames(expression.ast(), compilation.statesFields);
  for (const problem of problems) report(`reads what is not there: ${problem}`);
  for (const variable of variables) compilation.variables.add(variable);
  return (values) => evaluate(expression, text, values);
}

async function evaluate(
  expression: jsonata.Expression,
  text: string,
  { states, variables }: Values,
): Promise<JsonValue> {
  let value: unknown;
  try {
    value = await expression.evaluate(undefined, { ...STATES_FUNCTIONS, ...variables, states });
  } catch (error) {
    throw new QueryEvaluationError(`The expression '${text}' failed: ${messageOf(error)}`, { cause: error });
  }
  if (value === undefined) throw new QueryEvaluationError(`The expression '${text}' returned nothing (undefined).`);
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => {
      if (isFunction(part)) throw new QueryEvaluationError(`The expression '${text}' returned a function.`);
      // JSON.stringify would make null of Infinity and NaN.
      if (typeof part === 'number' && !Number.isFinite(part))
        throw new QueryEvaluationError(`The expression '${text}' returned ${part}, which is no number of JSON.`);
      return part;
    }),
  ) as JsonValue;
}

/** JSONata's own functions are objects, marked by these fields. */
function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { _jsonata_lambda: isLambda, _jsonata_function: isBuiltIn } = value as Record<string, unknown>;
  return isLambda === true || isBuiltIn === true;
}

/** JSONata throws plain objects with a message, and whatever a called function threw. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}
