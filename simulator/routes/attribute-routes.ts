import { created, noBody, ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import { attributeShape } from '../shapes/attribute-shape.ts';
import type { AttributeFields } from '../site/attribute-field-rules.ts';
import { createAttribute, deleteAttribute, positionAttribute, updateAttribute } from '../site/attribute-writes.ts';
import { type Kind, kindOf } from '../site/kinds.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { Attribute } from '../site/records.ts';
import { fieldError, notFound } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import {
  bodyOf,
  flagField,
  numberField,
  pathParameter,
  requiredNumber,
  requiredText,
  textField,
  textList,
} from './read-input.ts';

const writeAttribute = 'write:cmdb-attribute:jira';
const written = { documentedType: false, objectType: false };

export const attributeRoutes: readonly Route[] = [
  {
    name: 'attribute-create',
    method: 'POST',
    path: '/objecttypeattribute/{objectTypeId}',
    scope: writeAttribute,
    handle: (site, request) => {
      const body = bodyOf(request);
      const kind = kindField(body);
      if (kind === undefined) throw fieldError('type', 'type is required');
      const type = site.type(pathParameter(request, 'objectTypeId'));
      const attribute = createAttribute(site, type, {
        ...attributeFields(body),
        name: requiredText(body, 'name'),
        kind,
      });
      return created(attributeShape(site, attribute, written));
    },
  },
  {
    // Undocumented; Salto calls it after each create and update. `{label: true}` moves the label.
    name: 'attribute-configure',
    method: 'PUT',
    path: '/objecttypeattribute/{id}/configure',
    handle: (site, request) => {
      const attribute = site.attribute(pathParameter(request));
      updateAttribute(site, attribute, attributeFields(bodyOf(request)));
      return ok(attributeShape(site, attribute, written));
    },
  },
  {
    name: 'attribute-update',
    method: 'PUT',
    path: '/objecttypeattribute/{objectTypeId}/{id}',
    scope: writeAttribute,
    handle: (site, request) => {
      const body = bodyOf(request);
      const attribute = attributeOfType(site, request);
      updateAttribute(site, attribute, { ...attributeFields(body), kind: kindField(body) });
      return ok(attributeShape(site, attribute, written));
    },
  },
  {
    // Undocumented; the original scripts order attributes with it.
    name: 'attribute-position',
    method: 'POST',
    path: '/objecttypeattribute/{objectTypeId}/{id}/position',
    handle: (site, request) => {
      const attribute = attributeOfType(site, request);
      positionAttribute(site, attribute, requiredNumber(bodyOf(request), 'position'));
      return ok(attributeShape(site, attribute, written));
    },
  },
  {
    name: 'attribute-delete',
    method: 'DELETE',
    path: '/objecttypeattribute/{id}',
    scope: 'delete:cmdb-attribute:jira',
    handle: (site, request) => {
      deleteAttribute(site, site.attribute(pathParameter(request)));
      return noBody();
    },
  },
];

/** An inherited attribute belongs to the type that defines it, so it is not found under a child. */
function attributeOfType(site: SimulatedSite, request: SimulatedRequest): Attribute {
  const attribute = site.attribute(pathParameter(request));
  const typeId = pathParameter(request, 'objectTypeId');
  if (String(attribute.typeId) !== typeId) throw notFound(`attribute of object type ${typeId}`, attribute.id);
  return attribute;
}

function kindField(body: JsonObject): Kind | undefined {
  const type = numberField(body, 'type');
  if (type === undefined) return undefined;
  const defaultTypeId = numberField(body, 'defaultTypeId');
  if (type === 0 && defaultTypeId === undefined)
    throw fieldError('defaultTypeId', 'defaultTypeId is required for type 0');
  const kind = kindOf(type, defaultTypeId);
  if (!kind) throw fieldError('type', `No attribute type ${type} with default type ${defaultTypeId ?? 'none'}`);
  return kind;
}

function attributeFields(body: JsonObject): AttributeFields {
  return {
    name: textField(body, 'name'),
    displayName: textField(body, 'displayName'),
    description: textField(body, 'description'),
    label: flagField(body, 'label'),
    typeValue: numberField(body, 'typeValue'),
    typeValueMulti: textList(body, 'typeValueMulti'),
    additionalValue: textField(body, 'additionalValue'),
    minimumCardinality: numberField(body, 'minimumCardinality'),
    maximumCardinality: numberField(body, 'maximumCardinality'),
    suffix: textField(body, 'suffix'),
    includeChildObjectTypes: flagField(body, 'includeChildObjectTypes'),
    hidden: flagField(body, 'hidden'),
    uniqueAttribute: flagField(body, 'uniqueAttribute'),
    summable: flagField(body, 'summable'),
    regexValidation: textField(body, 'regexValidation'),
    qlQuery: textField(body, 'qlQuery') ?? textField(body, 'iql'),
    options: textField(body, 'options'),
  };
}
