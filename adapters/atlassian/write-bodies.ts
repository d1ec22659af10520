import type { Json, JsonRecord } from '../../core/model/json.ts';
import type {
  AttributeFields,
  NewAttribute,
  NewObjectSchema,
  NewObjectType,
  NewReferenceType,
  NewStatusType,
  WritableSchemaProperties,
} from '../../core/ports/assets-writer.ts';

/**
 * The fields that Atlassian documents for each body (reference, sections 1.1 and 2.4): what a record read elsewhere holds besides
 * them is not sent.
 */
export const objectSchemaFields = [
  'name',
  'objectSchemaKey',
  'displayName',
  'description',
] as const satisfies FieldsOf<NewObjectSchema>;

export const schemaPropertyFields = [
  'allowOtherObjectSchema',
  'validateQuickCreate',
  'quickCreateObjects',
] as const satisfies FieldsOf<WritableSchemaProperties>;

export const statusTypeFields = [
  'name',
  'category',
  'displayName',
  'description',
  'objectSchemaId',
] as const satisfies FieldsOf<NewStatusType>;

export const referenceTypeFields = [
  'name',
  'displayName',
  'description',
  'color',
  'objectSchemaId',
] as const satisfies FieldsOf<NewReferenceType>;

export const objectTypeFields = [
  'name',
  'objectSchemaId',
  'iconId',
  'inherited',
  'abstractObjectType',
  'displayName',
  'description',
  'parentObjectTypeId',
] as const satisfies FieldsOf<NewObjectType>;

export const attributeFields = [
  'name',
  'displayName',
  'description',
  'label',
  'additionalValue',
  'typeValueMulti',
  'minimumCardinality',
  'maximumCardinality',
  'suffix',
  'summable',
  'includeChildObjectTypes',
  'hidden',
  'uniqueAttribute',
  'regexValidation',
  'qlQuery',
  'options',
] as const satisfies FieldsOf<AttributeFields>;

/** `type` and `defaultTypeId` are integers in the specification, although its example sends texts. */
export const newAttributeFields = [
  ...attributeFields,
  'type',
  'defaultTypeId',
  'typeValue',
] as const satisfies FieldsOf<NewAttribute>;

type FieldsOf<Input> = readonly (keyof Input & string)[];

/** A body of those of the fields that are there. */
export function bodyOf<Input extends object>(input: Input, fields: FieldsOf<Input>): JsonRecord {
  const entries = fields.filter((field) => input[field] !== undefined).map((field) => [field, input[field] as Json]);
  return Object.fromEntries(entries);
}
