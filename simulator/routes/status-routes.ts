import { created, noBody, ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import { referenceTypeShape, statusShape, writtenStatusShape } from '../shapes/status-shape.ts';
import type { JsonObject } from '../site/raw-json.ts';
import {
  createReferenceType,
  createStatus,
  deleteReferenceType,
  deleteStatus,
  type NamedFields,
  referenceTypeOf,
  statusOf,
  updateReferenceType,
  updateStatus,
} from '../site/status-writes.ts';
import {
  bodyOf,
  flagParameter,
  numberField,
  pathParameter,
  requiredNumber,
  requiredText,
  textField,
} from './read-input.ts';

const readConfig = 'read:cmdb-config:jira';
const writeConfig = 'write:cmdb-config:jira';
const deleteConfig = 'delete:cmdb-config:jira';

/** Statuses and reference types: global without `objectSchemaId`, with it only those of that schema (SPEC26). */
export const statusRoutes: readonly Route[] = [
  {
    name: 'statustypes',
    method: 'GET',
    path: '/config/statustype',
    scope: readConfig,
    handle: (site, request) => ok(ofScope(site.statusTypes, request).map((status) => statusShape(site, status))),
  },
  {
    name: 'statustype-create',
    method: 'POST',
    path: '/config/statustype',
    scope: writeConfig,
    handle: (site, request) => {
      const body = bodyOf(request);
      const status = createStatus(site, { ...namedFields(body), category: requiredNumber(body, 'category') });
      return created(writtenStatusShape(site, status));
    },
  },
  {
    name: 'statustype',
    method: 'GET',
    path: '/config/statustype/{id}',
    scope: readConfig,
    handle: (site, request) => ok(writtenStatusShape(site, statusOf(site, pathParameter(request)))),
  },
  {
    name: 'statustype-update',
    method: 'PUT',
    path: '/config/statustype/{id}',
    scope: writeConfig,
    handle: (site, request) => {
      const body = bodyOf(request);
      const status = statusOf(site, pathParameter(request));
      updateStatus(site, status, { ...namedFields(body), category: requiredNumber(body, 'category') });
      return ok(writtenStatusShape(site, status));
    },
  },
  {
    name: 'statustype-delete',
    method: 'DELETE',
    path: '/config/statustype/{id}',
    scope: deleteConfig,
    handle: (site, request) => {
      deleteStatus(site, statusOf(site, pathParameter(request)));
      return noBody();
    },
  },
  {
    name: 'referencetypes',
    method: 'GET',
    path: '/config/referencetype',
    scope: readConfig,
    handle: (site, request) => {
      const all = [...site.referenceTypes.values()];
      const listed = flagParameter(request, 'includeAll') ? all : ofScope(site.referenceTypes, request);
      return ok(listed.map((referenceType) => referenceTypeShape(site, referenceType)));
    },
  },
  {
    name: 'referencetype-create',
    method: 'POST',
    path: '/config/referencetype',
    scope: writeConfig,
    handle: (site, request) => {
      const body = bodyOf(request);
      const referenceType = createReferenceType(site, { ...namedFields(body), color: textField(body, 'color') });
      return created(referenceTypeShape(site, referenceType));
    },
  },
  {
    // Undocumented; used by Salto and the original scripts.
    name: 'referencetype-update',
    method: 'PUT',
    path: '/config/referencetype/{id}',
    handle: (site, request) => {
      const body = bodyOf(request);
      const referenceType = referenceTypeOf(site, pathParameter(request));
      updateReferenceType(site, referenceType, { ...namedFields(body), color: textField(body, 'color') });
      return ok(referenceTypeShape(site, referenceType));
    },
  },
  {
    // Undocumented, as above.
    name: 'referencetype-delete',
    method: 'DELETE',
    path: '/config/referencetype/{id}',
    handle: (site, request) => {
      deleteReferenceType(site, referenceTypeOf(site, pathParameter(request)));
      return noBody();
    },
  },
];

function ofScope<T extends { schemaId: number | undefined }>(
  things: ReadonlyMap<number, T>,
  request: SimulatedRequest,
): T[] {
  const text = request.query.get('objectSchemaId');
  const schemaId = text === null || text === '' ? undefined : Number(text);
  return [...things.values()].filter((thing) => thing.schemaId === schemaId);
}

function namedFields(body: JsonObject): NamedFields {
  return {
    name: requiredText(body, 'name'),
    displayName: textField(body, 'displayName'),
    description: textField(body, 'description'),
    schemaId: numberField(body, 'objectSchemaId'),
  };
}
