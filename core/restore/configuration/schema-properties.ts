import type { JsonRecord } from '../../model/json.ts';
import type { WritableSchemaProperties } from '../../ports/assets-writer.ts';

/** Two properties of a schema can be read but, by the documentation, not written. */
export const unwritableProperties = ['createObjectsCustomField', 'serviceDescCustomersEnabled'] as const;

export function unwritableReason(property: string, was: unknown): string {
  return `the API lets nobody set its property ${property}, which was ${String(was)}: set it in the schema's configuration`;
}

const writable = ['allowOtherObjectSchema', 'validateQuickCreate', 'quickCreateObjects'] as const;

/**
 * The documented input takes three of the five that can be read. Those that the backup does not hold are left out: nobody
 * knows that they were false.
 */
export function writableProperties(properties: JsonRecord): Partial<WritableSchemaProperties> {
  return Object.fromEntries(writable.flatMap((name) => heldBy(properties, name)));
}

function heldBy(properties: JsonRecord, name: string): [string, boolean][] {
  const value = properties[name];
  return typeof value === 'boolean' ? [[name, value]] : [];
}
