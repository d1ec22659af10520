import { isRecord } from '../model/json.ts';

/**
 * What a value of JSON has to be: gives the place and what is wrong there ("entries.*.state is unknown"), or undefined. A place
 * names fields that we know and nothing that a damaged file holds.
 * @param at the place of the value, for the sentence
 */
export type Shape = (value: unknown, at: string) => string | undefined;

const kindOf =
  (kind: 'string' | 'number' | 'boolean'): Shape =>
  (value, at) =>
    typeof value === kind ? undefined : `${at} is no ${kind}`;

export const text = kindOf('string');
export const number = kindOf('number');
export const truth = kindOf('boolean');

export const anything: Shape = () => undefined;

export const oneOf =
  (...words: readonly string[]): Shape =>
  (value, at) =>
    typeof value === 'string' && words.includes(value) ? undefined : `${at} is unknown`;

export const nullOr =
  (shape: Shape): Shape =>
  (value, at) =>
    value === null ? undefined : shape(value, at);

/** A field that may be missing. */
export const maybe =
  (shape: Shape): Shape =>
  (value, at) =>
    value === undefined ? undefined : shape(value, at);

export const listOf =
  (shape: Shape): Shape =>
  (value, at) =>
    Array.isArray(value) ? firstProblem(value, (item) => shape(item, `${at}.*`)) : `${at} is no list`;

/** A list of so many items, each with a shape of its own. */
export const tuple =
  (...shapes: readonly Shape[]): Shape =>
  (value, at) =>
    Array.isArray(value) && value.length === shapes.length
      ? firstProblem(shapes.entries(), ([index, shape]) => shape(value[index], `${at}.${index}`))
      : `${at} is no list of ${shapes.length}`;

/** An object whose fields have names that nobody knows before, such as ids. */
export const mapOf =
  (shape: Shape): Shape =>
  (value, at) =>
    isRecord(value) ? firstProblem(Object.values(value), (item) => shape(item, `${at}.*`)) : `${at} is no object`;

/** An object with these fields at least: what a later version adds is no fault. */
export const fields =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, at) =>
    isRecord(value)
      ? firstProblem(Object.entries(shapes), ([name, shape]) => shape(value[name], at === '' ? name : `${at}.${name}`))
      : `${at === '' ? 'it' : at} is no object`;

/** An object that may have any of these fields, and none beside them. */
export const onlyFields =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    const optional = Object.entries(shapes).map(([name, shape]) => [name, maybe(shape)] as const);
    const isStrange = isRecord(value) && Object.keys(value).some((name) => !(name in shapes));
    return isStrange
      ? `${at === '' ? 'it' : at} has fields that are unknown`
      : fields(Object.fromEntries(optional))(value, at);
  };

/** An object whose field `name` says which shape it has. */
export const byField =
  (name: string, shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    const problem = fields({ [name]: oneOf(...Object.keys(shapes)) })(value, at);
    if (problem !== undefined || !isRecord(value)) return problem;
    return shapes[String(value[name])]?.(value, at);
  };

function firstProblem<T>(items: Iterable<T>, check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
