import { created, ok } from '../http/answer.ts';
import type { Route } from '../http/route.ts';
import { attributeShape } from '../shapes/attribute-shape.ts';
import { iconNumber } from '../shapes/links.ts';
import { objectTypeShape } from '../shapes/object-type-shape.ts';
import type { JsonObject } from '../site/raw-json.ts';
import { createType, deleteType, positionType, type TypeFields, updateType } from '../site/type-writes.ts';
import {
  bodyOf,
  flagField,
  flagParameter,
  numberField,
  pathParameter,
  requiredNumber,
  requiredText,
  textField,
} from './read-input.ts';

const readType = 'read:cmdb-type:jira';
const writeType = 'write:cmdb-type:jira';

export const objectTypeRoutes: readonly Route[] = [
  {
    name: 'objecttype-create',
    method: 'POST',
    path: '/objecttype/create',
    scope: writeType,
    handle: (site, request) => {
      const body = bodyOf(request);
      const type = createType(site, {
        ...typeFields(body),
        name: requiredText(body, 'name'),
        schemaId: requiredNumber(body, 'objectSchemaId'),
        parentId: numberField(body, 'parentObjectTypeId'),
      });
      return created(objectTypeShape(site, type, { objectCount: true }));
    },
  },
  {
    name: 'objecttype',
    method: 'GET',
    path: '/objecttype/{id}',
    scope: readType,
    handle: (site, request) =>
      ok(objectTypeShape(site, site.visibleType(pathParameter(request)), { objectCount: true })),
  },
  {
    name: 'objecttype-update',
    method: 'PUT',
    path: '/objecttype/{id}',
    scope: writeType,
    handle: (site, request) => {
      const type = site.visibleType(pathParameter(request));
      updateType(site, type, typeFields(bodyOf(request)));
      return ok(objectTypeShape(site, type, { objectCount: true }));
    },
  },
  {
    name: 'objecttype-delete',
    method: 'DELETE',
    path: '/objecttype/{id}',
    scope: 'delete:cmdb-type:jira',
    handle: (site, request) => {
      const type = site.visibleType(pathParameter(request));
      const shape = objectTypeShape(site, type, { objectCount: true });
      deleteType(site, type);
      return ok(shape);
    },
  },
  {
    name: 'objecttype-position',
    method: 'POST',
    path: '/objecttype/{id}/position',
    scope: writeType,
    handle: (site, request) => {
      const body = bodyOf(request);
      const type = site.visibleType(pathParameter(request));
      positionType(site, type, requiredNumber(body, 'position'), numberField(body, 'toObjectTypeId'));
      return ok(objectTypeShape(site, type, { objectCount: true }));
    },
  },
  {
    // Inherited attributes are listed too, unless `excludeParentAttributes`; each entry carries the type that defines it.
    name: 'objecttype-attributes',
    method: 'GET',
    path: '/objecttype/{id}/attributes',
    scope: 'read:cmdb-attribute:jira',
    handle: (site, request) => {
      const type = site.visibleType(pathParameter(request));
      const onlyEditable = flagParameter(request, 'onlyValueEditable');
      const excludeParent = flagParameter(request, 'excludeParentAttributes');
      const prefixes = request.query.get('query')?.toLowerCase().split(',') ?? [''];
      const all = site.typeAttributes(type.id);
      const attributes = all
        .filter((attribute) => !onlyEditable || attribute.role === undefined || attribute.role === 'name')
        .filter((attribute) => !excludeParent || attribute.typeId === type.id)
        .filter((attribute) => prefixes.some((prefix) => attribute.name.toLowerCase().startsWith(prefix)));
      const ordered = [...attributes];
      if (flagParameter(request, 'orderByName')) ordered.sort((a, b) => (a.name < b.name ? -1 : 1));
      if (flagParameter(request, 'orderByRequired'))
        ordered.sort((a, b) => b.minimumCardinality - a.minimumCardinality);
      return ok(
        ordered.map((attribute) =>
          attributeShape(site, attribute, {
            documentedType: true,
            objectType: true,
            ...(site.quirks.attributePlaces === 'in-list' && { position: all.indexOf(attribute) }),
          }),
        ),
      );
    },
  },
];

function typeFields(body: JsonObject): TypeFields {
  const iconId = textField(body, 'iconId');
  return {
    name: textField(body, 'name'),
    displayName: textField(body, 'displayName'),
    description: textField(body, 'description'),
    iconId: iconId === undefined || iconId === '' ? undefined : iconNumber(iconId),
    inherited: flagField(body, 'inherited'),
    abstract: flagField(body, 'abstractObjectType'),
  };
}
