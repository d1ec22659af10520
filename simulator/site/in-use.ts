import type { Attribute, Icon, ObjectType, ReferenceType, Schema, StatusType } from './records.ts';
import { fieldError, Refusal } from './refusal.ts';
import type { SiteState } from './site-state.ts';

// What a site with the quirk `deletesInUse: 'refused'` does not delete.

export function checkTypeUnused(site: SiteState, type: ObjectType): void {
  const isPointedAt = [...site.attributes.values()].some(
    ({ targetTypeId, typeId }) => targetTypeId === type.id && typeId !== type.id,
  );
  const children = site.childTypes(type.schemaId, type.id).length;
  refuseIf(site, children > 0 || isPointedAt || site.objects.idsOfType(type.id).length > 0, type);
}

export function checkSchemaUnused(site: SiteState, schema: Schema): void {
  refuseIf(site, site.typesOfSchema(schema.id).length > 0, schema);
}

export function checkStatusUnused(site: SiteState, status: StatusType): void {
  const attributes = [...site.attributes.values()].filter(({ kind }) => kind === 'status');
  const isAllowed = attributes.some(({ typeValueMulti }) => typeValueMulti.includes(String(status.id)));
  const isValue = attributes.some(
    ({ id }) => site.objects.otherWithValue(id, String(status.id), undefined) !== undefined,
  );
  refuseIf(site, isAllowed || isValue, status);
}

export function checkReferenceTypeUnused(site: SiteState, referenceType: ReferenceType): void {
  const isUsed = [...site.attributes.values()].some(({ referenceTypeId }) => referenceTypeId === referenceType.id);
  refuseIf(site, isUsed, referenceType);
}

export function checkIconUnused(site: SiteState, icon: Icon): void {
  refuseIf(
    site,
    [...site.types.values()].some(({ iconId }) => iconId === icon.id),
    icon,
  );
}

export function checkOptionsUnused(site: SiteState, { id, kind, options: before }: Attribute, after: string): void {
  if (site.quirks.optionsInUse === 'removable' || kind !== 'select') return;
  const left = after.split(',');
  const gone = before.split(',').filter((option) => !left.includes(option));
  const isUsed = gone.some((option) => site.objects.otherWithValue(id, option, undefined) !== undefined);
  if (isUsed) throw fieldError('options', 'Options in use cannot be removed');
}

function refuseIf(site: SiteState, isUsed: boolean, { name }: { readonly name: string }): void {
  if (isUsed && site.quirks.deletesInUse === 'refused') throw new Refusal(400, `${name} is in use`);
}
