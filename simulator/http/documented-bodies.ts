import type { Quirks } from '../site/quirks.ts';
import type { JsonObject } from '../site/raw-json.ts';
import { fieldError, Refusal } from '../site/refusal.ts';
import type { EndpointName } from './endpoint.ts';

/**
 * `text`, `number`, `flag`: the JSON type; numbers as text too, as an official example sends `"type": "0"`.
 * `id`: a text in the specification; clients send whole numbers as well (reference section 9, number 8).
 */
type Form = 'text' | 'optional-text' | 'number' | 'flag' | 'id' | 'texts' | 'ids' | 'record' | 'attributes' | 'values';

type Fields = Readonly<Record<string, Form>>;

const named: Fields = { name: 'text', displayName: 'text', description: 'text' };
const schema: Fields = { ...named, objectSchemaKey: 'text' };
const status: Fields = { ...named, category: 'number', objectSchemaId: 'id' };
const referenceType: Fields = { ...named, color: 'text', objectSchemaId: 'id' };
const typeChange: Fields = { ...named, iconId: 'id', inherited: 'flag', abstractObjectType: 'flag' };
const object: Fields = { objectTypeId: 'id', attributes: 'attributes', hasAvatar: 'flag', avatarUUID: 'text' };
const query: Fields = { qlQuery: 'text' };

/** Reference section 2.4. */
const attributeSettings: Fields = {
  ...named,
  label: 'flag',
  typeValue: 'id',
  typeValueMulti: 'texts',
  additionalValue: 'id',
  minimumCardinality: 'number',
  maximumCardinality: 'number',
  suffix: 'text',
  includeChildObjectTypes: 'flag',
  hidden: 'flag',
  uniqueAttribute: 'flag',
  summable: 'flag',
  regexValidation: 'text',
  qlQuery: 'text',
  iql: 'text',
  options: 'text',
};
const attribute: Fields = { ...attributeSettings, type: 'number', defaultTypeId: 'number' };

const officialProperties: Fields = {
  allowOtherObjectSchema: 'flag',
  validateQuickCreate: 'flag',
  quickCreateObjects: 'flag',
};

/** All five, as the original scripts send them (REF). */
const allProperties: Fields = {
  ...officialProperties,
  createObjectsCustomField: 'flag',
  serviceDescCustomersEnabled: 'flag',
};

/**
 * What each endpoint's body may hold: SPEC26 for the official ones of Assets (section 1.1), the tools' own for the others (1.3), and
 * Jira's REST API v3 for issues.
 */
const bodies: Partial<Record<EndpointName, Fields>> = {
  'object-aql': query,
  totalcount: query,
  'objectschema-create': schema,
  'objectschema-update': schema,
  'schema-property-update': officialProperties,
  'objecttype-create': { ...typeChange, objectSchemaId: 'id', parentObjectTypeId: 'id' },
  'objecttype-update': typeChange,
  'objecttype-position': { position: 'number', toObjectTypeId: 'id' },
  'attribute-create': attribute,
  'attribute-update': attribute,
  'attribute-configure': attributeSettings,
  'attribute-position': { position: 'number' },
  'statustype-create': status,
  'statustype-update': status,
  'referencetype-create': referenceType,
  'referencetype-update': referenceType,
  'icon-create': { name: 'text', mediaFileUuid: 'text' },
  'icon-update': { name: 'text' },
  'object-create': object,
  'object-update': object,
  'issue-search': {
    jql: 'text',
    // The official example sends null with the first page.
    nextPageToken: 'optional-text',
    maxResults: 'number',
    fields: 'texts',
    expand: 'text',
    properties: 'texts',
    fieldsByKeys: 'flag',
    failFast: 'flag',
    reconcileIssues: 'ids',
  },
  'issue-bulkfetch': {
    issueIdsOrKeys: 'texts',
    fields: 'texts',
    fieldsByKeys: 'flag',
    expand: 'texts',
    properties: 'texts',
  },
  'issue-update': {
    fields: 'record',
    update: 'record',
    historyMetadata: 'record',
    transition: 'record',
  },
  'comment-create': { role: 'number', objectId: 'id', comment: 'text' },
};

const attributeEntry: Fields = { objectTypeAttributeId: 'id', objectAttributeValues: 'values' };
const valueEntry: Fields = { value: 'text' };

/** Whether a JSON value has the form; lists look into their entries and refuse by themselves. */
const checks: Record<Form, (value: unknown, path: string) => boolean> = {
  text: (value) => typeof value === 'string',
  'optional-text': (value) => value === null || typeof value === 'string',
  number: (value) => Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value)),
  flag: (value) => typeof value === 'boolean',
  id: (value) => typeof value === 'string' || Number.isInteger(value),
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  ids: (value) => Array.isArray(value) && value.every((item) => checks.id(item, '')),
  record: isObject,
  attributes: (value, path) => isListOf(value, attributeEntry, path),
  values: (value, path) => isListOf(value, valueEntry, path),
};

/**
 * The body as a site takes it. Documented: a field that is not listed for the endpoint, or has another JSON type, is refused
 * by name; what Atlassian's server does with such is not documented. A site from before 2026 does not know `displayName`:
 * a quirk says what it does with the field.
 */
export function acceptedBody(endpoint: EndpointName, body: unknown, quirks: Readonly<Quirks>): unknown {
  const known = bodies[endpoint];
  if (!known || !isObject(body)) return body;
  if (quirks.bodies === 'documented') {
    const isWide = endpoint === 'schema-property-update' && quirks.schemaProperties === 'five';
    checkFields(body, isWide ? allProperties : known, '');
  }
  if (quirks.displayName || !('displayName' in body)) return body;
  const { displayName: _, ...others } = body;
  if (quirks.unknownDisplayName === 'refused') throw fieldError('displayName', 'Unrecognized field "displayName"');
  if (quirks.unknownDisplayName === 'refused-unnamed') throw new Refusal(400, 'Request body is invalid');
  return others;
}

function checkFields(body: JsonObject, known: Fields, path: string): void {
  for (const [name, value] of Object.entries(body)) {
    const form = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!form) throw fieldError(path + name, `Unrecognized field "${path}${name}"`);
    if (!checks[form](value, path + name)) throw fieldError(path + name, `${path}${name} has the wrong type`);
  }
}

function isListOf(value: unknown, known: Fields, path: string): boolean {
  if (!Array.isArray(value)) return false;
  for (const [index, entry] of value.entries()) {
    if (!isObject(entry)) throw new Refusal(400, '', { [path]: `${path}[${index}] is not an object` });
    checkFields(entry, known, `${path}[${index}].`);
  }
  return true;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
