import { checkSchemaUnused } from './in-use.ts';
import { checkManageable } from './managed-schemas.ts';
import { checkDisplayName, checkName } from './name-rules.ts';
import type { Schema } from './records.ts';
import { fieldError } from './refusal.ts';
import type { SimulatedSite } from './simulated-site.ts';
import { deleteType } from './type-writes.ts';

interface SchemaFields {
  name: string | undefined;
  key: string | undefined;
  displayName: string | undefined;
  description: string | undefined;
}

export function createSchema(site: SimulatedSite, fields: SchemaFields & { name: string; key: string }): Schema {
  checkName(site, fields.name);
  checkDisplayName(fields.displayName);
  checkKey(site, fields.key, undefined);
  return site.addSchema({
    name: fields.name,
    key: fields.key,
    ...(fields.displayName === undefined ? {} : { displayName: fields.displayName }),
    ...(fields.description === undefined ? {} : { description: fields.description }),
  });
}

export function updateSchema(site: SimulatedSite, schema: Schema, fields: SchemaFields): void {
  checkManageable(site, schema);
  if (fields.name !== undefined) checkName(site, fields.name);
  checkDisplayName(fields.displayName);
  if (fields.key !== undefined) checkKey(site, fields.key, schema);
  schema.name = fields.name ?? schema.name;
  schema.key = fields.key ?? schema.key;
  schema.displayName = fields.displayName ?? schema.displayName;
  schema.description = fields.description ?? schema.description;
  schema.updatedMs = site.now();
  site.configurationChanged();
}

/** Deletes the schema with all that is in it. */
export function deleteSchema(site: SimulatedSite, schema: Schema): void {
  checkManageable(site, schema);
  checkSchemaUnused(site, schema);
  for (const root of site.childTypes(schema.id, undefined)) deleteType(site, root);
  for (const status of [...site.statusTypes.values()])
    if (status.schemaId === schema.id) site.statusTypes.delete(status.id);
  for (const referenceType of [...site.referenceTypes.values()]) {
    if (referenceType.schemaId === schema.id) site.referenceTypes.delete(referenceType.id);
  }
  site.schemas.delete(schema.id);
  site.configurationChanged();
}

/** Unique in the workspace; Cloud's rule for its form is not documented, so only what an object key needs is asked. */
function checkKey(site: SimulatedSite, key: string, own: Schema | undefined): void {
  if (!/^[A-Z][A-Z0-9_]*$/.test(key)) throw fieldError('objectSchemaKey', `The key ${key} is not valid`);
  if ([...site.schemas.values()].some((schema) => schema.key === key && schema !== own)) {
    throw fieldError('objectSchemaKey', 'Key has to be unique');
  }
}
