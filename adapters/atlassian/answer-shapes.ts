import * as v from 'valibot';
import { isOpaqueNumber } from '../../core/lossless-json.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord } from '../../core/model/json.ts';
import { checked } from '../../validation/checked.ts';
import { type Answer, WrongAnswer } from './answer.ts';

/** The documented form is a string that holds an integer. A number that JSON cannot give back is none (lossless-json.ts). */
const id = v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.safeInteger())]);
/** A number in every example; ids, which are numbers as well, are texts in all of them. */
const count = v.custom<number | string>((value) => {
  if (typeof value === 'string') return /^\d{1,15}$/.test(value);
  const number = isOpaqueNumber(value) ? Number(JSON.stringify(value)) : value;
  return Number.isSafeInteger(number) && Number(number) >= 0;
});
/** It becomes part of an address. */
const addressPart = v.pipe(v.string(), v.regex(/^[\w-]+$/));
const jsonRecord = v.custom<JsonRecord>((value) => isRecord(value) && !isOpaqueNumber(value));

/** A record of which we rely on the id and `fields`. What else it holds is JSON, which valibot's type cannot say. */
function recordWith(fields: v.ObjectEntries): v.GenericSchema<unknown, ApiRecord> {
  return v.looseObject({ id, ...fields }) as unknown as v.GenericSchema<unknown, ApiRecord>;
}

export const recordShape = recordWith({});
export const recordsShape = v.array(recordShape);
/** Reference types: their id is optional in the specification. */
export const anyRecordsShape = v.array(jsonRecord);
export const schemaShape = recordWith({ objectSchemaKey: v.string() });
/** `attributes` is optional in the specification. */
export const objectShape = recordWith({ attributes: v.optional(v.array(jsonRecord)) });
const isPlainObject = (value: unknown) =>
  isRecord(value) &&
  typeof value.id === 'string' &&
  value.id !== '' &&
  Array.isArray(value.attributes) &&
  value.attributes.every(isRecord);

const pageEnd = { isLast: v.optional(v.unknown()), last: v.optional(v.unknown()) };

/** Any list of the Assets API. */
export const anyPageShape = v.looseObject({ values: v.array(v.unknown()) });

/** Source: official example of `GET /objectschema/list`. */
export const schemaPageShape = v.looseObject({
  values: v.array(schemaShape),
  total: v.optional(v.unknown()),
  ...pageEnd,
});

/** Source: official example of `POST /object/aql`. The definitions of attributes stand beside the objects (`objectOfPage`). */
export const objectPageShape = v.looseObject({
  values: v.array(v.unknown()),
  objectTypeAttributes: v.nullish(recordsShape),
  hasMoreResults: v.optional(v.unknown()),
  ...pageEnd,
});

/** Source: official example of `POST /object/aql/totalcount`. */
export const totalCountShape = v.looseObject({ totalCount: count });

/** Entries of a history, or comments. `objectId` is a string on Cloud, a number in the Data Center model of a comment. */
export const entriesShape = v.array(
  v.custom<JsonRecord>((value) => v.is(jsonRecord, value) && v.is(v.nullish(id), value.objectId)),
);

/** Source: official example of `GET /object/{id}/referenceinfo`: one entry for each type that refers to the object. */
export const referenceInfoShape = v.array(v.looseObject({ numberOfReferencedObjects: count }));

/** Source: official example of `GET /objectconnectedtickets/{id}/tickets`. */
export const ticketsShape = v.pipe(
  v.looseObject({ tickets: v.nullish(v.array(jsonRecord)), allTicketsQuery: v.optional(v.unknown()) }),
  v.check(({ tickets, allTicketsQuery }) => Array.isArray(tickets) || typeof allTicketsQuery === 'string'),
);

/** Source: official example of `GET /usage`. */
export const usageShape = v.looseObject({
  totalObjectsCount: count,
  perSchemaUsageInfo: v.array(v.looseObject({ schemaId: id, schemaName: v.nullish(v.string()), objectCount: count })),
});

/** The five booleans that the original scripts read; any one of them tells the properties from something else. */
const schemaProperties = [
  'allowOtherObjectSchema',
  'createObjectsCustomField',
  'quickCreateObjects',
  'serviceDescCustomersEnabled',
  'validateQuickCreate',
];
export const propertiesShape = v.pipe(
  jsonRecord,
  v.check((properties) => schemaProperties.some((name) => typeof properties[name] === 'boolean')),
);

/** The answer to a created reference type: its id is optional in the specification, its name is not. */
export const referenceTypeShape = v.looseObject({
  id: v.nullish(id),
  name: v.string(),
}) as unknown as v.GenericSchema<unknown, JsonRecord>;

/** The answer to a created comment, which is undocumented: a record, with an id or without. */
export const commentShape = v.looseObject({ id: v.nullish(id) });

/** The media service's answer to an upload (Salto). */
export const mediaFileShape = v.looseObject({ data: v.looseObject({ id: addressPart }) });

/** The body of a 400. Source: Errors schema of the specification; `detail` and `message` are those of gateways. */
export const refusedFieldsShape = v.looseObject({
  errors: v.nullish(jsonRecord),
  errorMessages: v.optional(v.unknown()),
  detail: v.optional(v.unknown()),
  message: v.optional(v.unknown()),
});

/** Source: Jira's `GET /rest/api/3/users/search`. Which of a user's details are shown is the user's choice. */
export const usersShape = v.array(
  v.looseObject({
    accountId: v.pipe(v.string(), v.nonEmpty()),
    emailAddress: v.optional(v.unknown()),
    displayName: v.optional(v.unknown()),
  }),
);

/** Source: Jira's `GET /rest/api/3/group/bulk`. */
export const groupPageShape = v.looseObject({
  values: v.array(v.looseObject({ name: v.pipe(v.string(), v.nonEmpty()), groupId: v.nullish(v.string()) })),
  isLast: v.optional(v.unknown()),
});

/** Source: reference, section 0. Paged as the service desk API pages. */
export const workspacePageShape = v.looseObject({
  values: v.array(v.looseObject({ workspaceId: addressPart })),
  isLastPage: v.optional(v.boolean()),
});

/** Source: ORCA and HOLMES in the reference, section 0. */
export const tenantInfoShape = v.looseObject({ cloudId: addressPart });

/**
 * The JSON of an answer once it has the shape: the answer itself with all its fields, not what valibot makes of it, which leaves
 * out such names as `constructor`. Throws WrongAnswer.
 */
export function jsonOf<Shaped>(shape: v.GenericSchema<unknown, Shaped>, answer: Answer): Shaped {
  return shaped(shape, answer.json());
}

/** An object of a page. There are hundreds of them, and valibot would make a copy of each: it looks at what is not as most are. */
export const objectOfPage = (value: Json): ApiRecord =>
  isPlainObject(value) ? (value as ApiRecord) : shaped(objectShape, value);

/** The same of what was parsed already. */
export function shaped<Shaped>(shape: v.GenericSchema<unknown, Shaped>, value: unknown): Shaped {
  checked(shape, value, ([{ place }]) => new WrongAnswer(`JSON of another shape${place ? ` (see ${place})` : ''}`));
  return value as Shaped;
}
