import type { Kind } from './kinds.ts';
import { fieldError } from './refusal.ts';

/** What a body may say about an attribute (reference section 2.4); undefined is not said. */
export interface AttributeFields {
  name?: string | undefined;
  displayName?: string | undefined;
  description?: string | undefined;
  kind?: Kind | undefined;
  label?: boolean | undefined;
  /** Of references: the type pointed to. */
  typeValue?: number | undefined;
  typeValueMulti?: string[] | undefined;
  additionalValue?: string | undefined;
  minimumCardinality?: number | undefined;
  maximumCardinality?: number | undefined;
  suffix?: string | undefined;
  includeChildObjectTypes?: boolean | undefined;
  hidden?: boolean | undefined;
  uniqueAttribute?: boolean | undefined;
  summable?: boolean | undefined;
  regexValidation?: string | undefined;
  qlQuery?: string | undefined;
  options?: string | undefined;
}

interface Rule {
  field: keyof AttributeFields;
  kinds: readonly Kind[];
}

/**
 * For which kinds a field is valid: the official texts (reference section 2.4), widened where an official example or two
 * tools show more: `regexValidation` of URLs (ATTR), `typeValueMulti` of statuses (SALTO). Cardinalities go with every kind,
 * since official examples show texts with a minimum of 1.
 */
const rules: readonly Rule[] = [
  { field: 'suffix', kinds: ['integer', 'double'] },
  { field: 'summable', kinds: ['integer', 'double'] },
  { field: 'regexValidation', kinds: ['text', 'email', 'url'] },
  { field: 'options', kinds: ['select'] },
  { field: 'includeChildObjectTypes', kinds: ['reference'] },
  { field: 'qlQuery', kinds: ['reference'] },
  { field: 'typeValueMulti', kinds: ['user', 'status'] },
  { field: 'additionalValue', kinds: ['url', 'reference', 'user', 'confluence'] },
];

/** What `additionalValue` may be, where it is one of a few words (official text). */
const words: Partial<Record<Kind, readonly string[]>> = {
  url: ['DISABLED', 'ENABLED'],
  user: ['SHOW_PROFILE', 'HIDE_PROFILE'],
};

/** Refuses a field that says something and does not go with the kind. */
export function checkFieldsOfKind(kind: Kind, fields: AttributeFields): void {
  for (const { field, kinds } of rules) {
    if (isSaid(fields[field]) && !kinds.includes(kind)) throw fieldError(field, `${field} is not valid for ${kind}`);
  }
  const { additionalValue } = fields;
  const allowed = words[kind];
  if (allowed && isSaid(additionalValue) && !allowed.includes(additionalValue ?? '')) {
    throw fieldError('additionalValue', `additionalValue is none of ${allowed.join(', ')}`);
  }
}

function isSaid(value: AttributeFields[keyof AttributeFields]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '' && value !== false;
}
