import type { Attribute, ObjectType, StoredObject, StoredValues, User } from './records.ts';
import { Refusal } from './refusal.ts';
import type { SiteBuilder } from './site-builder.ts';
import { moveUpdated } from './updated.ts';
import { checkedValues } from './value-rules.ts';
import { displayText } from './value-texts.ts';

/** Creates an object by the site's rules. One invalid attribute refuses the whole object (reference section 7). */
export function createObject(
  site: SiteBuilder,
  type: ObjectType,
  values: StoredValues,
  hasAvatar = false,
): StoredObject {
  if (type.abstract) throw new Refusal(400, `Object type ${type.name} is abstract and holds no objects`);
  const { objectLimit } = site.quirks;
  if (objectLimit !== undefined && site.objects.size >= objectLimit) {
    throw new Refusal(400, `The limit of ${objectLimit} objects is reached`);
  }
  const checked = checkedValues(site, type, values, undefined);
  const createdMs = site.now();
  const object: StoredObject = {
    id: site.nextId('object'),
    typeId: type.id,
    createdMs,
    updatedMs: createdMs,
    createdBy: site.owner.accountId,
    values: checked,
    hasAvatar,
    hasAttachments: false,
  };
  site.objects.add(object);
  return object;
}

/** Attributes that are not sent are kept; the values of a sent attribute are replaced, not added to (official example). */
export function updateObject(site: SiteBuilder, object: StoredObject, sent: StoredValues, actor?: User): void {
  const type = site.type(object.typeId);
  const checked = checkedValues(site, type, sent, object);
  const merged: StoredValues = new Map(object.values);
  for (const attributeId of sent.keys()) {
    const before = object.values.get(attributeId) ?? [];
    const after = checked.get(attributeId) ?? [];
    recordChange(site, object, site.attribute(attributeId), { before, after, actor });
    if (after.length > 0) merged.set(attributeId, after);
    else merged.delete(attributeId);
  }
  moveUpdated(site, object, 'values');
  site.objects.setValues(object, merged);
}

/**
 * References to a deleted object vanish from answers by themselves, as a value that points nowhere is not shown. Whether their
 * objects' histories tell of it is not documented: a quirk.
 */
export function deleteObject(site: SiteBuilder, object: StoredObject, actor?: User): void {
  if (site.quirks.deletedReferences === 'in-history') takeFromReferrers(site, object, actor);
  site.objects.delete(object);
  site.forgetActivity(object.id);
}

export function moveObject(site: SiteBuilder, object: StoredObject, type: ObjectType): void {
  const values: StoredValues = new Map();
  const before = site.typeAttributes(object.typeId);
  for (const attribute of site.typeAttributes(type.id)) {
    const same = before.find((candidate) => candidate.name === attribute.name && candidate.kind === attribute.kind);
    const list = same && object.values.get(same.id);
    if (list) values.set(attribute.id, list);
  }
  moveUpdated(site, object, 'values');
  site.objects.move(object, type.id, values);
}

/**
 * Numbers of history entries by what changed: added, changed, deleted (reference section 2.9, from the original scripts).
 * Those of statuses and the kinds after them are not known; these three stand for "a number that no client expects".
 */
function historyNumbers(attribute: Attribute): readonly [added: number, changed: number, deleted: number] {
  switch (attribute.kind) {
    case 'reference':
      return [4, 5, 6];
    case 'user':
      return [9, 10, 11];
    case 'group':
      return [15, 16, 17];
    case 'status':
      return [21, 22, 23];
    default:
      return [1, 2, 3];
  }
}

function takeFromReferrers(site: SiteBuilder, target: StoredObject, actor: User | undefined): void {
  for (const { attribute, object } of referencesTo(site, target)) {
    const before = object.values.get(attribute.id) ?? [];
    const after = before.filter((id) => id !== String(target.id));
    recordChange(site, object, attribute, { before, after, actor });
    moveUpdated(site, object, 'values');
    site.objects.setValues(object, new Map(object.values).set(attribute.id, after));
  }
}

/** Every attribute of every object that refers to the target. */
export function referencesTo(
  site: SiteBuilder,
  target: StoredObject,
): { attribute: Attribute; object: StoredObject }[] {
  return [...site.attributes.values()].flatMap((attribute) => {
    if (attribute.kind !== 'reference') return [];
    const ids = site.objects.withValue(attribute.id, String(target.id));
    return [...ids].map((id) => ({ attribute, object: site.object(id) }));
  });
}

interface Change {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The login's account where nobody is named. */
  readonly actor: User | undefined;
}

function recordChange(
  site: SiteBuilder,
  object: StoredObject,
  attribute: Attribute,
  { before, after, actor }: Change,
): void {
  if (before.length === after.length && before.every((text, index) => text === after[index])) return;
  const [added, changed, deleted] = historyNumbers(attribute);
  const text = (values: readonly string[]) => values.map((value) => displayText(site, attribute, value)).join(', ');
  site.addHistory({
    object,
    attribute: attribute.name,
    oldValue: text(before),
    newValue: text(after),
    type: before.length === 0 ? added : after.length === 0 ? deleted : changed,
    ...(actor && { actor }),
  });
}
