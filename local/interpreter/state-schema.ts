import * as v from 'valibot';
import type { StatesField } from './expression-names.ts';
import type { Json } from './json.ts';
import { JSONATA_FUNCTION_NAMES, STATES_FUNCTION_NAMES } from './states-functions.ts';
import { Template } from './template.ts';

/*
 * The part of the states language that our definitions use, and nothing else: a field that is not named here is refused
 * when a definition is loaded, so that none is ever ignored. Expressions are compiled on the way.
 */

/** The only task there is: the result is `{ ExecutedVersion, Payload, StatusCode }`. */
const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
/** The only item reader there is. */
const S3_GET_OBJECT = 'arn:aws:states:::s3:getObject';

const MAX_SECONDS = 99_999_999;
const MAX_COUNT = 2 ** 31 - 1;

const stateName = v.pipe(v.string(), v.minLength(1), v.maxLength(80));
const comment = v.optional(v.string());
const literalSeconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SECONDS));

/** Any JSON with `{% %}` strings; they can read `$states.input`, `$states.context` and the given fields of `$states`. */
function template(...more: readonly StatesField[]) {
  const fields = new Set<StatesField>(['input', 'context', ...more]);
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Template>(({ dataset, addIssue }) =>
      Template.compile(dataset.value as Json, fields, (path, message) => {
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

/** A template that is an expression or already of the right kind. */
function expressionOr(kind: string, isRight: (value: unknown) => boolean) {
  return v.pipe(
    v.unknown(),
    v.check((value) => isRight(value) || isExpression(value), `must be ${kind} or a JSONata string.`),
    template(),
  );
}

const wholeNumber = (min: number, max: number) =>
  expressionOr(
    `a whole number from ${min} to ${max}`,
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
  );
const text = expressionOr('text', (value) => typeof value === 'string');

/** Limits of the fields that take a number, checked again when an expression gives it. */
export const LIMITS = {
  Seconds: { min: 0, max: MAX_SECONDS },
  TimeoutSeconds: { min: 1, max: MAX_SECONDS },
  MaxConcurrency: { min: 0, max: MAX_COUNT },
  ToleratedFailureCount: { min: 0, max: MAX_COUNT },
  ToleratedFailurePercentage: { min: 0, max: 100 },
} as const;
const limited = (field: keyof typeof LIMITS) => v.optional(wholeNumber(LIMITS[field].min, LIMITS[field].max));

const condition = v.pipe(v.unknown(), v.check(isExpression, 'must be a JSONata string.'), template());

const variableName = v.pipe(
  v.string(),
  v.regex(/^\p{ID_Start}\p{ID_Continue}*$/u, 'is not a name that a variable can have.'),
  v.maxLength(80, 'is longer than the 80 characters that a variable can have.'),
  v.check((name) => name !== 'states', 'is reserved.'),
  v.check(
    (name) => !JSONATA_FUNCTION_NAMES.has(name) && !STATES_FUNCTION_NAMES.has(name),
    'would hide the JSONata function of this name.',
  ),
);
const assign = (...more: readonly StatesField[]) => v.optional(v.record(variableName, template(...more)));
const output = (...more: readonly StatesField[]) => v.optional(template(...more));

const next = { Next: v.optional(stateName), End: v.optional(v.literal(true)) };

/** Names of the language itself that a retrier or a catcher can match. States.Runtime is none of them: it always ends a run. */
const KNOWN_STATES_ERRORS: ReadonlySet<string> = new Set([
  'States.ALL',
  'States.TaskFailed',
  'States.Timeout',
  'States.DataLimitExceeded',
  'States.QueryEvaluationError',
  'States.NoChoiceMatched',
  'States.ItemReaderFailed',
  'States.ExceedToleratedFailureThreshold',
  'States.Permissions',
]);
const errorEquals = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.check(
        (name) => !name.startsWith('States.') || KNOWN_STATES_ERRORS.has(name),
        (issue) => `${issue.input} is no error that can be matched.`,
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
  IntervalSeconds: v.optional(literalSeconds, 1),
  BackoffRate: v.optional(v.pipe(v.number(), v.minValue(1)), 2),
  MaxAttempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SECONDS)), 3),
  MaxDelaySeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31_622_400))),
  JitterStrategy: v.optional(v.picklist(['FULL', 'NONE']), 'NONE'),
});
const catcher = v.strictObject({
  Comment: comment,
  ErrorEquals: errorEquals,
  Output: output('errorOutput'),
  Assign: assign('errorOutput'),
  Next: stateName,
});
const onError = { Retry: withAllLast(retrier), Catch: withAllLast(catcher) };

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
  TimeoutSeconds: limited('TimeoutSeconds'),
  Output: output('result'),
  Assign: assign('result'),
  ...onError,
  ...next,
});

const choice = v.strictObject({
  Type: v.literal('Choice'),
  Comment: comment,
  Choices: v.pipe(
    v.array(
      v.strictObject({
        Comment: comment,
        Condition: condition,
        Output: output(),
        Assign: assign(),
        Next: stateName,
      }),
    ),
    v.minLength(1, 'must have a rule.'),
  ),
  /** With the state's own Output and Assign, for when no rule matches. */
  Default: v.optional(stateName),
  Output: output(),
  Assign: assign(),
});

const pass = v.strictObject({
  Type: v.literal('Pass'),
  Comment: comment,
  Output: output(),
  Assign: assign(),
  ...next,
});

const wait = v.strictObject({
  Type: v.literal('Wait'),
  Comment: comment,
  Seconds: wholeNumber(LIMITS.Seconds.min, LIMITS.Seconds.max),
  Output: output(),
  Assign: assign(),
  ...next,
});

const succeed = v.strictObject({ Type: v.literal('Succeed'), Comment: comment, Output: output() });

const fail = v.strictObject({ Type: v.literal('Fail'), Comment: comment, Error: text, Cause: v.optional(text) });

/** States are read one by one, so that messages name them. */
const sequence = { StartAt: stateName, States: v.record(v.string(), v.unknown()) };

const itemReader = v.strictObject({
  Resource: v.literal(S3_GET_OBJECT),
  ReaderConfig: v.strictObject({ InputType: v.picklist(['JSON', 'JSONL']) }),
  Arguments: v.strictObject({ Bucket: text, Key: text }),
});
const processorConfig = v.variant('Mode', [
  v.strictObject({ Mode: v.literal('INLINE') }),
  v.strictObject({ Mode: v.literal('DISTRIBUTED'), ExecutionType: v.literal('STANDARD') }),
]);
const map = v.strictObject({
  Type: v.literal('Map'),
  Comment: comment,
  Items: v.optional(expressionOr('an array', Array.isArray)),
  ItemReader: v.optional(itemReader),
  ItemSelector: v.optional(template()),
  ItemProcessor: v.strictObject({
    Comment: comment,
    ProcessorConfig: v.optional(processorConfig, { Mode: 'INLINE' }),
    ...sequence,
  }),
  MaxConcurrency: limited('MaxConcurrency'),
  ToleratedFailureCount: limited('ToleratedFailureCount'),
  ToleratedFailurePercentage: limited('ToleratedFailurePercentage'),
  Label: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(40))),
  Output: output('result'),
  Assign: assign('result'),
  ...onError,
  ...next,
});

const parallel = v.strictObject({
  Type: v.literal('Parallel'),
  Comment: comment,
  Branches: v.pipe(v.array(v.strictObject({ Comment: comment, ...sequence })), v.minLength(1, 'must have a branch.')),
  Output: output('result'),
  Assign: assign('result'),
  ...onError,
  ...next,
});

/** The whole file, with its states not yet looked at. */
export const machineSchema = v.strictObject({
  Comment: comment,
  Version: v.optional(v.literal('1.0')),
  QueryLanguage: v.literal('JSONata'),
  TimeoutSeconds: v.optional(literalSeconds),
  ...sequence,
});

/** One state, with the states of its processor or branches not yet looked at. */
export const stateSchema = v.variant('Type', [task, choice, pass, wait, succeed, fail, map, parallel]);

/** A state as the schema gives it. */
export type StateFields = v.InferOutput<typeof stateSchema>;

export type TaskState = v.InferOutput<typeof task>;
export type ChoiceState = v.InferOutput<typeof choice>;
export type ItemReader = v.InferOutput<typeof itemReader>;
export type Retrier = v.InferOutput<typeof retrier>;
export type MapFields = v.InferOutput<typeof map>;
export type ParallelFields = v.InferOutput<typeof parallel>;
