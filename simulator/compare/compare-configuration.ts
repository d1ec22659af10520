import type { ObjectType, ReferenceType, Schema, SchemaProperties, StatusType } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { compareNamed, fieldDifferences } from './fields.ts';
import { namedByOccurrence, type Pairing, typesByPath } from './pairing.ts';

export interface ConfigurationOptions {
  /** Also the two properties whose POST is not documented. */
  allProperties: boolean;
  /** Also statuses and reference types that belong to no schema. */
  globals: boolean;
  /** Also the pictures of icons that the source site uploaded. */
  icons: boolean;
  /** The target may have types, attributes, statuses and reference types that the source lacks. */
  mayHaveMore: boolean;
}

/** Sites from before 2026 have no display names. */
export function haveDisplayNames({ source, target }: Pairing): boolean {
  return source.quirks.displayName && target.quirks.displayName;
}

export function compareConfiguration(pairing: Pairing, options: ConfigurationOptions): string[] {
  const { source, target, schemas } = pairing;
  const differences = options.globals ? compareScope(pairing, undefined, undefined, options) : [];
  for (const pair of schemas) {
    const side = (schema: Schema) => schemaFields(pairing, schema, options);
    differences.push(
      ...fieldDifferences(`schema ${pair.source.key}`, side(pair.source), side(pair.target)),
      ...compareScope(pairing, pair.source, pair.target, options),
      ...compareNamed(`type ${pair.source.key}`, typesByPath(source, pair.source), typesByPath(target, pair.target), {
        mayHaveMore: () => options.mayHaveMore,
        fields: (type, where) => typeFields(pairing, where === 'source' ? source : target, type, options),
      }),
      ...compareOrder(pairing, pair.source),
    );
  }
  return differences;
}

function schemaFields(pairing: Pairing, schema: Schema, { allProperties }: ConfigurationOptions): object {
  const { properties } = schema;
  const writable: Partial<SchemaProperties> = {
    allowOtherObjectSchema: properties.allowOtherObjectSchema,
    quickCreateObjects: properties.quickCreateObjects,
    validateQuickCreate: properties.validateQuickCreate,
  };
  return {
    name: schema.name,
    displayName: haveDisplayNames(pairing) ? schema.displayName : undefined,
    description: schema.description,
    ...(allProperties ? properties : writable),
  };
}

/** Statuses and reference types of a schema, or global ones: of those the target may have others, but not one twice. */
function compareScope(
  pairing: Pairing,
  sourceSchema: Schema | undefined,
  targetSchema: Schema | undefined,
  options: ConfigurationOptions,
): string[] {
  const { source, target } = pairing;
  const scope = sourceSchema?.key ?? 'global';
  const compare = <T extends StatusType | ReferenceType>(
    what: string,
    sourceThings: ReadonlyMap<number, T>,
    targetThings: ReadonlyMap<number, T>,
  ): string[] => {
    const inSource = namedByOccurrence(sourceThings, sourceSchema?.id);
    const inTarget = namedByOccurrence(targetThings, targetSchema?.id);
    const isTwin = (name: string) => inSource.has(inTarget.get(name)?.name ?? '');
    return compareNamed(`${what} ${scope}`, inSource, inTarget, {
      mayHaveMore: (name) => options.mayHaveMore || (sourceSchema === undefined && !isTwin(name)),
      fields: (thing) => namedFields(pairing, thing),
    });
  };
  return [
    ...compare('status', source.statusTypes, target.statusTypes),
    ...compare('reference type', source.referenceTypes, target.referenceTypes),
  ];
}

function namedFields(pairing: Pairing, thing: StatusType | ReferenceType): object {
  return {
    name: thing.name,
    displayName: haveDisplayNames(pairing) ? thing.displayName : undefined,
    description: thing.description,
    ...('category' in thing ? { category: thing.category } : { color: thing.color.toLowerCase() }),
  };
}

function typeFields(pairing: Pairing, site: SimulatedSite, type: ObjectType, { icons }: ConfigurationOptions): object {
  const icon = site.icons.get(type.iconId);
  return {
    displayName: haveDisplayNames(pairing) ? type.displayName : undefined,
    description: type.description,
    inherited: type.inherited,
    abstract: type.abstract,
    ...(icons ? { icon: icon?.name, image: site.iconImages.get(type.iconId)?.toString('base64') } : {}),
  };
}

/** The order of siblings; those that only one side has are left out. */
function compareOrder(pairing: Pairing, schema: Schema): string[] {
  const { source, target, types } = pairing;
  const parents = [undefined, ...source.typesOfSchema(schema.id)];
  return parents.flatMap((parent) => {
    const wanted = source.childTypes(schema.id, parent?.id).filter(({ id }) => types.has(id));
    const places = wanted.map(({ id }) => target.type(types.get(id) ?? 0).position);
    const isRising = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
    const names = wanted.map(({ name }) => name).join(', ');
    return isRising ? [] : [`types below ${parent?.name ?? schema.key} are in another order than ${names}`];
  });
}
