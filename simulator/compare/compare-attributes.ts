import { tokenise } from '../aql/tokenise.ts';
import type { Attribute } from '../site/records.ts';
import { haveDisplayNames } from './compare-configuration.ts';
import { compareNamed } from './fields.ts';
import { attributesByName, type IdMap, type Pairing, typePath } from './pairing.ts';

export interface AttributeOptions {
  /** Also what limits values: cardinality, unique, regex, filters, groups and statuses. */
  restrictions: boolean;
  /** Also the order of attributes. */
  attributeOrder: boolean;
  mayHaveMore: boolean;
  /** An attribute that points to a type of a schema that the target lacks may be missing. */
  mayDropOutside: boolean;
  /** Fields that are not compared. */
  ignoredFields: ReadonlySet<string>;
}

const restrictions: readonly (keyof Attribute)[] = [
  'minimumCardinality',
  'maximumCardinality',
  'unique',
  'regexValidation',
  'qlQuery',
  'typeValueMulti',
];

export function compareAttributes(pairing: Pairing, options: AttributeOptions): string[] {
  const { source, target, types } = pairing;
  const left = new Set([...options.ignoredFields, ...(options.restrictions ? [] : restrictions)]);
  if (!haveDisplayNames(pairing)) left.add('displayName');
  return [...types].flatMap(([sourceType, targetType]) => {
    const where = typePath(source, source.type(sourceType));
    return [
      ...compareNamed(
        `attribute ${where}`,
        new Map(
          [...attributesByName(source, sourceType)].filter(
            ([, attribute]) => !options.mayDropOutside || !isOutside(pairing, attribute),
          ),
        ),
        attributesByName(target, targetType),
        {
          mayHaveMore: () => options.mayHaveMore,
          fields: (attribute, side) => {
            const all = side === 'source' ? translated(pairing, attribute) : attributeFields(attribute);
            return Object.fromEntries(Object.entries(all).filter(([name]) => !left.has(name)));
          },
        },
      ),
      ...(options.attributeOrder ? compareOrder(pairing, sourceType, targetType, where) : []),
    ];
  });
}

/** What identifies an attribute, or says its place, which is compared as an order. */
const bookkeeping: ReadonlySet<string> = new Set(['id', 'typeId', 'role', 'position', 'extra']);

/** Everything that a client can set. Of Key, Created and Updated that is nothing. */
function attributeFields(attribute: Attribute): Record<string, unknown> {
  if (attribute.role !== undefined && attribute.role !== 'name') return { kind: attribute.kind };
  const fields = Object.entries(attribute).filter(([name]) => !bookkeeping.has(name));
  return {
    ...Object.fromEntries(fields),
    typeValueMulti: attribute.typeValueMulti.toSorted(),
    qlQuery: filterTokens(attribute.qlQuery),
  };
}

/** The same of the source, with each id replaced by that of its counterpart. */
function translated(pairing: Pairing, attribute: Attribute): Record<string, unknown> {
  const { types, outsideTypes, referenceTypes, statusTypes } = pairing;
  const isStatus = attribute.kind === 'status';
  const mapped = (ids: IdMap, id: number | undefined) => (id === undefined ? undefined : (ids.get(id) ?? `lost ${id}`));
  return {
    ...attributeFields(attribute),
    ...(attribute.kind === 'reference'
      ? {
          targetTypeId: mapped(new Map([...outsideTypes, ...types]), attribute.targetTypeId),
          referenceTypeId: mapped(referenceTypes, attribute.referenceTypeId),
        }
      : {}),
    ...(attribute.role === undefined || attribute.role === 'name'
      ? {
          typeValueMulti: attribute.typeValueMulti
            .map((value) => (isStatus ? String(mapped(statusTypes, Number(value))) : value))
            .sort(),
          qlQuery: filterTokens(attribute.qlQuery, pairing),
        }
      : {}),
  };
}

/** A filter as its words, without regard to spaces and to quotes; ids after the keywords that take ids are translated. */
function filterTokens(text: string | undefined, pairing?: Pairing): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  const types = pairing && new Map([...pairing.outsideTypes, ...pairing.types]);
  const idsAfter: Record<string, IdMap | undefined> = {
    objecttypeid: types,
    objecttype: types,
    objecttypeandchildren: types,
    objectschemaid: pairing?.schemaIds,
    objectid: pairing?.objects,
  };
  let ids: IdMap | undefined;
  return tokenise(text).map((token) => {
    const word = token.text.toLowerCase();
    if (/^\d+$/.test(word) && token.kind !== 'sign')
      return ids ? String(ids.get(Number(word)) ?? `lost ${word}`) : word;
    // Between a keyword and its ids stand only an operator, brackets and commas.
    if (token.kind !== 'sign' && !['in', 'not'].includes(word)) ids = idsAfter[word];
    return token.kind === 'word' ? word : token.text;
  });
}

function compareOrder({ source, target, attributes }: Pairing, sourceType: number, targetType: number, where: string) {
  const wanted = source.typeAttributes(sourceType).filter(({ id }) => attributes.has(id));
  const order = target.typeAttributes(targetType).map(({ id }) => id);
  const places = wanted.map(({ id }) => order.indexOf(attributes.get(id) ?? 0));
  const isRising = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  const names = wanted.map(({ name }) => name).join(', ');
  return isRising ? [] : [`attributes of ${where} are in another order than ${names}`];
}

/** Whether a reference points to a type of a schema that is not compared and that the target lacks. */
function isOutside({ source, schemaIds, outsideTypes }: Pairing, { targetTypeId }: Attribute): boolean {
  const type = source.types.get(targetTypeId ?? 0);
  return type !== undefined && !schemaIds.has(type.schemaId) && !outsideTypes.has(type.id);
}
