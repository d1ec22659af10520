import * as v from 'valibot';
import type { StatesField } from './expression-names.ts';
import type { JsonValue } from './json.ts';
import { FUNCTION_NAMES, REFUSED_FUNCTION_NAMES } from './states-functions.ts';
import { Template } from './template.ts';

/*
 * The part of the states language that our definitions use, and nothing else: a field that is not named here is refused
 * when a definition is loaded, so that none is ever ignored. Expressions are compiled on the way.
 */

/** The only task there is: the result is `{ ExecutedVersion, Payload, StatusCode }`. */
const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
/** The only item reader there is. */
const S3_GET_OBJECT = 'arn:aws:states:::s3:getObject';

/** Some 24 days: what one timer of Node can wait. AWS allows more. */
export const MAX_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

const stateName = v.pipe(v.string(), v.minLength(1), v.maxLength(80));
const comment = v.optional(v.string());
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SECONDS));

/** Any JSON with `{% %}` strings; they can read `$states.input`, `$states.context` and the given fields of `$states`. */
function template(...more: readonly StatesField[]) {
  const fields = new Set<StatesField>(['input', 'context', ...more]);
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Template>(({ dataset, addIssue }) =>
      Template.compile(dataset.value as JsonValue, fields, (path, message) => {
        // Valibot's types want at least one step, and each step's container, which no message needs.
        const [first, ...rest] = path.map((key) => ({
          type: 'unknown' as const,
          origin: 'value' as const,
          input: dataset.value,
          key,
          value: undefined,
        }));
        addIssue(first ? { message, path: [first, ...rest] } : { message });
      }),
    ),
  );
}

function isExpression(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{%');
}

const text = v.pipe(
  v.unknown(),
  v.check((value) => typeof value === 'string', 'must be text or a JSONata string.'),
  template(),
);
const expression = v.pipe(v.unknown(), v.check(isExpression, 'must be a JSONata string.'), template());

const variableName = v.pipe(
  v.string(),
  v.regex(/^\p{ID_Start}\p{ID_Continue}*$/u, 'is not a name that a variable can have.'),
  v.maxLength(80, 'is longer than the 80 characters that a variable can have.'),
  v.check((name) => name !== 'states', 'is reserved.'),
  v.check(
    (name) => !FUNCTION_NAMES.has(name) && !REFUSED_FUNCTION_NAMES.has(name),
    'would hide the JSONata function of this name.',
  ),
);
const assign = (...more: readonly StatesField[]) => v.optional(v.record(variableName, template(...more)));
const output = (...more: readonly StatesField[]) => v.optional(template(...more));

/** Names of the language itself that the interpreter gives to errors, but for States.ALL, which matches the others. */
const KNOWN_STATES_ERRORS: ReadonlySet<string> = new Set([
  'States.ALL',
  'States.Timeout',
  'States.DataLimitExceeded',
  'States.QueryEvaluationError',
  'States.ItemReaderFailed',
  'States.ExceedToleratedFailureThreshold',
]);
const errorEquals = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.check(
        (name) => !name.startsWith('States.') || KNOWN_STATES_ERRORS.has(name),
        (issue) => `${issue.input} is no error that can be matched here.`,
      ),
    ),
  ),
  v.minLength(1, 'must name an error.'),
  v.check((names) => !names.includes('States.ALL') || names.length === 1, 'must have States.ALL alone.'),
);

/** States.ALL matches all that comes to it, so what stands behind it is never reached. */
function withAllLast<const TSchema extends v.GenericSchema<unknown, { ErrorEquals: string[] }>>(entry: TSchema) {
  return v.optional(
    v.pipe(
      v.array(entry),
      v.check(
        (entries) => entries.slice(0, -1).every(({ ErrorEquals }) => !ErrorEquals.includes('States.ALL')),
        'must have States.ALL in its last entry.',
      ),
    ),
  );
}

const retrier = v.strictObject({
  Comment: comment,
  ErrorEquals: errorEquals,
  IntervalSeconds: v.optional(seconds, 1),
  BackoffRate: v.optional(v.pipe(v.number(), v.minValue(1)), 2),
  MaxAttempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99_999_999)), 3),
  JitterStrategy: v.optional(v.literal('FULL')),
});
const catcher = v.strictObject({
  Comment: comment,
  ErrorEquals: errorEquals,
  Output: output('errorOutput'),
  Next: stateName,
});

const task = v.strictObject({
  Type: v.literal('Task'),
  Comment: comment,
  Resource: v.literal(LAMBDA_INVOKE),
  Arguments: v.strictObject({
    FunctionName: v.pipe(
      v.string(),
      v.minLength(1),
      v.check((name) => !name.includes('{%'), 'must be a name, not an expression.'),
    ),
    Payload: template(),
  }),
  TimeoutSeconds: v.optional(seconds),
  Retry: withAllLast(retrier),
  Catch: withAllLast(catcher),
  Output: output('result'),
  Assign: assign('result'),
  Next: stateName,
});

const choice = v.strictObject({
  Type: v.literal('Choice'),
  Comment: comment,
  Choices: v.pipe(
    v.array(
      v.strictObject({
        Comment: comment,
        Condition: expression,
        Output: output(),
        Assign: assign(),
        Next: stateName,
      }),
    ),
    v.minLength(1, 'must have a rule.'),
  ),
  Default: stateName,
});

const succeed = v.strictObject({ Type: v.literal('Succeed'), Comment: comment, Output: output() });

const fail = v.strictObject({ Type: v.literal('Fail'), Comment: comment, Error: text, Cause: text });

/** States are read one by one, so that messages name them. */
const sequence = { StartAt: stateName, States: v.record(v.string(), v.unknown()) };

const itemReader = v.strictObject({
  Resource: v.literal(S3_GET_OBJECT),
  ReaderConfig: v.strictObject({ InputType: v.literal('JSON') }),
  Arguments: v.strictObject({ Bucket: text, Key: text }),
});

/** Its children are executions of their own, and none of them may fail. */
const map = v.strictObject({
  Type: v.literal('Map'),
  Comment: comment,
  Label: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  ItemReader: itemReader,
  ItemSelector: template(),
  ItemProcessor: v.strictObject({
    Comment: comment,
    ProcessorConfig: v.strictObject({ Mode: v.literal('DISTRIBUTED'), ExecutionType: v.literal('STANDARD') }),
    ...sequence,
  }),
  MaxConcurrency: expression,
  Catch: withAllLast(catcher),
  Output: output('result'),
  Next: stateName,
});

/** The whole file, with its states not yet looked at. */
export const machineSchema = v.strictObject({
  Comment: comment,
  QueryLanguage: v.literal('JSONata'),
  TimeoutSeconds: v.optional(seconds),
  ...sequence,
});

/** One state, with the states of its processor not yet looked at. */
export const stateSchema = v.variant('Type', [task, choice, succeed, fail, map]);

/** A state as the schema gives it. */
export type StateFields = v.InferOutput<typeof stateSchema>;

export type TaskState = v.InferOutput<typeof task>;
export type ChoiceState = v.InferOutput<typeof choice>;
export type ItemReader = v.InferOutput<typeof itemReader>;
export type Retrier = v.InferOutput<typeof retrier>;
export type MapFields = v.InferOutput<typeof map>;
