import { checkReferenceTypeUnused, checkStatusUnused } from './in-use.ts';
import { checkDisplayName, checkName } from './name-rules.ts';
import type { ReferenceType, Schema, StatusType } from './records.ts';
import { fieldError, notFound, Refusal } from './refusal.ts';
import type { SimulatedSite } from './simulated-site.ts';

export interface NamedFields {
  name: string;
  displayName: string | undefined;
  description: string | undefined;
  schemaId: number | undefined;
}

export function statusOf(site: SimulatedSite, id: string): StatusType {
  const status = site.statusTypes.get(Number(id));
  if (!status) throw notFound('status type', id);
  return status;
}

export function referenceTypeOf(site: SimulatedSite, id: string): ReferenceType {
  const referenceType = site.referenceTypes.get(Number(id));
  if (!referenceType) throw notFound('reference type', id);
  return referenceType;
}

/** Whether two statuses may have one name is not documented; they may here, so that a client must cope. */
export function createStatus(site: SimulatedSite, fields: NamedFields & { category: number }): StatusType {
  check(site, fields);
  checkCategory(fields.category);
  const schema = schemaOf(site, fields.schemaId);
  return site.addStatusType({ ...defined(fields), category: fields.category, ...(schema ? { schema } : {}) });
}

export function updateStatus(
  site: SimulatedSite,
  status: StatusType,
  fields: NamedFields & { category: number },
): void {
  check(site, fields);
  checkCategory(fields.category);
  status.category = fields.category;
  rename(site, status, fields);
}

/** A status in use may be deleted: values that had it are shown no more. */
export function deleteStatus(site: SimulatedSite, status: StatusType): void {
  checkStatusUnused(site, status);
  site.statusTypes.delete(status.id);
  site.configurationChanged();
}

export function createReferenceType(
  site: SimulatedSite,
  fields: NamedFields & { color: string | undefined },
): ReferenceType {
  check(site, fields);
  checkColor(fields.color);
  const schema = schemaOf(site, fields.schemaId);
  const color = fields.color === undefined ? {} : { color: fields.color };
  return site.addReferenceType({ ...defined(fields), ...color, ...(schema ? { schema } : {}) });
}

export function updateReferenceType(
  site: SimulatedSite,
  referenceType: ReferenceType,
  fields: NamedFields & { color: string | undefined },
): void {
  check(site, fields);
  checkColor(fields.color);
  referenceType.color = fields.color ?? referenceType.color;
  rename(site, referenceType, fields);
}

export function deleteReferenceType(site: SimulatedSite, referenceType: ReferenceType): void {
  if (!referenceType.removable) throw new Refusal(400, `Reference type ${referenceType.name} is not removable`);
  checkReferenceTypeUnused(site, referenceType);
  site.referenceTypes.delete(referenceType.id);
  site.configurationChanged();
}

function rename(site: SimulatedSite, thing: StatusType | ReferenceType, fields: NamedFields): void {
  thing.name = fields.name;
  thing.displayName = fields.displayName ?? thing.displayName;
  thing.description = fields.description ?? thing.description;
  site.configurationChanged();
}

function check(site: SimulatedSite, fields: NamedFields): void {
  checkName(site, fields.name);
  checkDisplayName(fields.displayName);
}

/** 0 inactive, 1 active, 2 pending (reference section 2.5). */
function checkCategory(category: number): void {
  if (![0, 1, 2].includes(category)) throw fieldError('category', `No category ${category}`);
}

/** Six hexadecimal digits without `#` (reference section 2.6). */
function checkColor(color: string | undefined): void {
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) throw fieldError('color', `${color} is not a colour`);
}

function schemaOf(site: SimulatedSite, schemaId: number | undefined): Schema | undefined {
  if (schemaId === undefined) return undefined;
  const schema = site.schemas.get(schemaId);
  if (!schema) throw fieldError('objectSchemaId', `No object schema was found with id ${schemaId}`);
  return schema;
}

function defined(fields: NamedFields): { name: string; displayName?: string; description?: string } {
  return {
    name: fields.name,
    ...(fields.displayName === undefined ? {} : { displayName: fields.displayName }),
    ...(fields.description === undefined ? {} : { description: fields.description }),
  };
}
