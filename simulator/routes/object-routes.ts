import { created, ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import { historyShapes, ticketShape } from '../shapes/activity-shapes.ts';
import { objectAttributeShapes, objectShape } from '../shapes/object-shape.ts';
import { objectTypeShape } from '../shapes/object-type-shape.ts';
import { nestedReferenceTypeShape } from '../shapes/status-shape.ts';
import { createObject, deleteObject, referencesTo, updateObject } from '../site/object-writes.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { StoredObject, StoredValues } from '../site/records.ts';
import { fieldError } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { bodyOf, flagField, pathParameter, requiredNumber } from './read-input.ts';

const readObject = 'read:cmdb-object:jira';
const writeObject = 'write:cmdb-object:jira';

export const objectRoutes: readonly Route[] = [
  {
    // Answers 201 with the object, without its attributes (official example).
    name: 'object-create',
    method: 'POST',
    path: '/object/create',
    scope: writeObject,
    handle: (site, request) => {
      const body = bodyOf(request);
      const typeId = requiredNumber(body, 'objectTypeId');
      const type = site.types.get(typeId);
      if (!type || !site.roles.seesType(type))
        throw fieldError('objectTypeId', `No object type was found with id ${typeId}`);
      const object = createObject(site, type, sentValues(site, body), flagField(body, 'hasAvatar'));
      return created(objectShape(site, object, { attributes: 'none' }));
    },
  },
  {
    name: 'object',
    method: 'GET',
    path: '/object/{id}',
    scope: readObject,
    handle: (site, request) =>
      ok(objectShape(site, objectOf(site, request), { attributes: 'nested', extendedInfo: true })),
  },
  {
    name: 'object-update',
    method: 'PUT',
    path: '/object/{id}',
    scope: writeObject,
    handle: (site, request) => {
      const body = bodyOf(request);
      const object = objectOf(site, request);
      if (requiredNumber(body, 'objectTypeId') !== object.typeId) {
        throw fieldError('objectTypeId', 'The object type of an object cannot be changed here');
      }
      updateObject(site, object, sentValues(site, body));
      object.hasAvatar = flagField(body, 'hasAvatar') ?? object.hasAvatar;
      return ok(objectShape(site, object, { attributes: 'nested' }));
    },
  },
  {
    name: 'object-delete',
    method: 'DELETE',
    path: '/object/{id}',
    scope: 'delete:cmdb-object:jira',
    handle: (site, request) => {
      const object = objectOf(site, request);
      const shape = objectShape(site, object, { attributes: 'none' });
      deleteObject(site, object);
      return ok(shape);
    },
  },
  {
    name: 'object-attributes',
    method: 'GET',
    path: '/object/{id}/attributes',
    scope: readObject,
    handle: (site, request) => ok(objectAttributeShapes(site, objectOf(site, request), true)),
  },
  {
    name: 'history',
    method: 'GET',
    path: '/object/{id}/history',
    scope: readObject,
    handle: (site, request) => {
      const newestFirst = historyShapes(site, objectOf(site, request));
      return ok(request.query.get('asc')?.toLowerCase() === 'true' ? newestFirst.reverse() : newestFirst);
    },
  },
  {
    name: 'referenceinfo',
    method: 'GET',
    path: '/object/{id}/referenceinfo',
    scope: readObject,
    handle: (site, request) => ok(inboundReferences(site, objectOf(site, request))),
  },
  {
    name: 'connected-tickets',
    method: 'GET',
    path: '/objectconnectedtickets/{objectId}/tickets',
    scope: readObject,
    handle: (site, request) => {
      const object = site.visibleObject(pathParameter(request, 'objectId'));
      const tickets = site.ticketsOf(object.id).map((ticket) => ticketShape(site, ticket));
      return ok({ tickets, allTicketsQuery: `"Assets" IN aqlFunction("Key = \\"${site.objectKey(object)}\\"")` });
    },
  },
];

function objectOf(site: SimulatedSite, request: SimulatedRequest): StoredObject {
  return site.visibleObject(pathParameter(request));
}

/** The values of a body. In which JSON type a site takes `objectTypeAttributeId` is a quirk. */
function sentValues(site: SimulatedSite, body: JsonObject): StoredValues {
  const sent: StoredValues = new Map();
  if (!Array.isArray(body.attributes)) throw fieldError('attributes', 'attributes is required');
  for (const entry of body.attributes as readonly JsonObject[]) {
    const id = entry?.objectTypeAttributeId;
    const { attributeIds, otherAttributeIds } = site.quirks;
    if (attributeIds !== 'both' && (attributeIds === 'text') !== (typeof id === 'string')) {
      if (otherAttributeIds === 'ignored') continue;
      throw fieldError('objectTypeAttributeId', `objectTypeAttributeId is not a ${attributeIds}`);
    }
    const values = entry?.objectAttributeValues;
    if (!Array.isArray(values)) throw fieldError('attributes', 'objectAttributeValues is required');
    const texts = (values as readonly JsonObject[]).map((value) => String(value?.value ?? ''));
    sent.set(
      Number(id),
      texts.filter((text) => text !== ''),
    );
  }
  return sent;
}

/** `ObjectReferenceTypeInfo`: which types point here, by which reference types, and how many of their objects. */
function inboundReferences(site: SimulatedSite, target: StoredObject): JsonObject[] {
  const found = new Map<number, { referenceTypeIds: Set<number>; objectIds: Set<number> }>();
  for (const { attribute, object } of referencesTo(site, target)) {
    if (attribute.referenceTypeId === undefined) continue;
    const entry = found.get(object.typeId) ?? { referenceTypeIds: new Set(), objectIds: new Set() };
    found.set(object.typeId, entry);
    entry.referenceTypeIds.add(attribute.referenceTypeId);
    entry.objectIds.add(object.id);
  }
  return [...found].map(([typeId, { referenceTypeIds, objectIds }]) => ({
    referenceTypes: [...referenceTypeIds].flatMap((id) => {
      const referenceType = site.referenceTypes.get(id);
      return referenceType ? [nestedReferenceTypeShape(site, referenceType)] : [];
    }),
    objectType: objectTypeShape(site, site.type(typeId), { nested: true }),
    numberOfReferencedObjects: objectIds.size,
    openIssuesExists: [...objectIds].some((id) => site.ticketsOf(id).length > 0),
  }));
}
