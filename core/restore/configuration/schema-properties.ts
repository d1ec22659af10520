import type { JsonRecord } from '../../model/json.ts';

/** Two properties of a schema can be read but, by the documentation, not written. */
export const unwritableProperties = ['createObjectsCustomField', 'serviceDescCustomersEnabled'] as const;

export function unwritableReason(property: string, was: unknown): string {
  return `the API lets nobody set its property ${property}, which was ${String(was)}: set it in the schema's configuration`;
}

/** The documented input takes three of the five that can be read. */
export function writableProperties(properties: JsonRecord) {
  return {
    allowOtherObjectSchema: properties.allowOtherObjectSchema === true,
    validateQuickCreate: properties.validateQuickCreate === true,
    quickCreateObjects: properties.quickCreateObjects === true,
  };
}
