import { WrongInputError } from '../errors.ts';
import { didYouMean } from '../near-names.ts';
import { typeNamed } from '../reading/named-type.ts';
import type { DiffFilters } from './diff-lines.ts';
import { type Side, type SideType, typesOf } from './side.ts';

/** What filters have chosen, by ids. Each set is undefined where all are chosen. */
export interface Chosen {
  readonly schemas: ReadonlySet<string> | undefined;
  readonly type: string | undefined;
  readonly object: ChosenObject | undefined;
  readonly attributes: ReadonlySet<string> | undefined;
}

/** An object by its id; asked for by its key, also the key of the schema in which it has to be on one of the sides. */
export interface ChosenObject {
  readonly id: string;
  readonly schemaKey: string | undefined;
  readonly text: string;
}

/** Ids of what the filters name, on either side. Throws WrongInputError where one names nothing, or several types. */
export function chosenByFilters(filters: DiffFilters, left: Side, right: Side): Chosen {
  const sides = [left, right];
  const schemas = filters.schemas && schemasNamed(filters.schemas, sides);
  const types = sides.flatMap(typesOf).filter(({ schema }) => schemas?.has(schema.id) ?? true);
  const type =
    filters.type === undefined ? undefined : typeNamed(filters.type, types, { hasNo: `${neither(sides)} has an` });
  const ofType = types.filter(({ id }) => type === undefined || id === type);
  return {
    schemas,
    type,
    object: filters.object === undefined ? undefined : objectNamed(filters.object, sides),
    attributes: filters.attribute === undefined ? undefined : attributesNamed(filters.attribute, ofType, sides),
  };
}

/** Whether an object may be told: where it is, or where it was. */
export function isChosenPlace({ schemas, type }: Chosen, ...places: readonly (SideType | undefined)[]): boolean {
  return places.some(
    (place) => place && (schemas?.has(place.schema.id) ?? true) && (type === undefined || place.id === type),
  );
}

function schemasNamed(keys: readonly string[], sides: readonly Side[]): ReadonlySet<string> {
  const all = sides.flatMap(({ schemas }) => schemas);
  const ids = keys.flatMap((key) => {
    const found = all.filter((schema) => schema.key === key).map(({ id }) => id);
    if (found.length > 0) return found;
    const known = [...new Set(all.map((schema) => schema.key))].toSorted().join(', ');
    throw new WrongInputError(`${neither(sides)} has a schema with the key ${key}. There are: ${known}.`);
  });
  return new Set(ids);
}

/** The number in a key is the object's id (reference, section 0). */
function objectNamed(text: string, sides: readonly Side[]): ChosenObject {
  if (/^\d+$/.test(text)) return { id: text, schemaKey: undefined, text };
  const [, schemaKey, id] = /^(.+)-(\d+)$/.exec(text) ?? [];
  const isKnown = sides.some(({ schemas }) => schemas.some((schema) => schema.key === schemaKey));
  if (id === undefined || !isKnown) throw noSuchObject(text, sides, { schemas: undefined, type: undefined });
  return { id, schemaKey, text };
}

/** Of an object that was asked for, when all of both sides are known. */
export function noSuchObject(
  text: string,
  sides: readonly Pick<Side, 'name'>[],
  { schemas, type }: Pick<Chosen, 'schemas' | 'type'>,
): WrongInputError {
  const where = schemas || type !== undefined ? ' in what --schema and --type choose' : '';
  return new WrongInputError(
    `${neither(sides)} has an object ${text}${where}: it takes a key, such as ASSETS-88, or an id.`,
  );
}

function attributesNamed(text: string, types: readonly SideType[], sides: readonly Side[]): ReadonlySet<string> {
  const attributes = types.flatMap((type) => [...(type.attributes?.values() ?? [])]);
  const byId = attributes.filter(({ id }) => id === text);
  const found = byId.length > 0 ? byId : attributes.filter(({ name }) => name === text);
  if (found.length === 0) {
    const near = didYouMean(text, new Set(attributes.map(({ name }) => name)));
    throw new WrongInputError(`${neither(sides)} has an attribute ${text} there: it takes a name or an id.${near}`);
  }
  return new Set(found.map(({ id }) => id));
}

const neither = (sides: readonly Pick<Side, 'name'>[]) =>
  `Neither ${[...new Set(sides.map(({ name }) => name))].join(' nor ')}`;
