import { created, noBody, ok } from '../http/answer.ts';
import type { Route } from '../http/route.ts';
import { attributeShape } from '../shapes/attribute-shape.ts';
import { objectTypeShape } from '../shapes/object-type-shape.ts';
import { schemaShape } from '../shapes/schema-shape.ts';
import type { ObjectType } from '../site/records.ts';
import { createSchema, deleteSchema, updateSchema } from '../site/schema-writes.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import {
  bodyOf,
  flagField,
  flagParameter,
  numberParameter,
  pathParameter,
  requiredText,
  textField,
} from './read-input.ts';

const readSchema = 'read:cmdb-schema:jira';
const writeSchema = 'write:cmdb-schema:jira';
const counted = { counts: true, canManage: false };

export const objectSchemaRoutes: readonly Route[] = [
  {
    name: 'objectschema-list',
    method: 'GET',
    path: '/objectschema/list',
    scope: readSchema,
    handle: (site, request) => {
      const startAt = numberParameter(request, 'startAt', 0);
      const maxResults = numberParameter(request, 'maxResults', 25);
      const query = request.query.get('query')?.toLowerCase() ?? '';
      const schemas = [...site.schemas.values()].filter((schema) =>
        [schema.name, schema.displayName].some((name) => name.toLowerCase().includes(query)),
      );
      const page = schemas.slice(startAt, startAt + maxResults);
      const counts = flagParameter(request, 'includeCounts');
      const values = page.map((schema) => schemaShape(site, schema, { counts, canManage: true }));
      const isLast = startAt + maxResults >= schemas.length;
      return ok({ startAt, maxResults, total: schemas.length, values, isLast, last: isLast });
    },
  },
  {
    name: 'objectschema-create',
    method: 'POST',
    path: '/objectschema/create',
    scope: writeSchema,
    handle: (site, request) => {
      const body = bodyOf(request);
      const schema = createSchema(site, {
        name: requiredText(body, 'name'),
        key: requiredText(body, 'objectSchemaKey'),
        displayName: textField(body, 'displayName'),
        description: textField(body, 'description'),
      });
      return created(schemaShape(site, schema, counted));
    },
  },
  {
    name: 'objectschema',
    method: 'GET',
    path: '/objectschema/{id}',
    scope: readSchema,
    handle: (site, request) => ok(schemaShape(site, site.schema(pathParameter(request)), counted)),
  },
  {
    name: 'objectschema-update',
    method: 'PUT',
    path: '/objectschema/{id}',
    scope: writeSchema,
    handle: (site, request) => {
      const body = bodyOf(request);
      const schema = site.schema(pathParameter(request));
      updateSchema(site, schema, {
        name: textField(body, 'name'),
        key: textField(body, 'objectSchemaKey'),
        displayName: textField(body, 'displayName'),
        description: textField(body, 'description'),
      });
      return ok(schemaShape(site, schema, counted));
    },
  },
  {
    name: 'objectschema-delete',
    method: 'DELETE',
    path: '/objectschema/{id}',
    scope: 'delete:cmdb-schema:jira',
    handle: (site, request) => {
      const schema = site.schema(pathParameter(request));
      const shape = schemaShape(site, schema, counted);
      deleteSchema(site, schema);
      return ok(shape);
    },
  },
  {
    // Unordered and without paging (official example); `objectType` only when `extended`.
    name: 'objectschema-attributes',
    method: 'GET',
    path: '/objectschema/{id}/attributes',
    scope: 'read:cmdb-attribute:jira',
    handle: (site, request) => {
      const schema = site.schema(pathParameter(request));
      const objectType = flagParameter(request, 'extended');
      const onlyEditable = flagParameter(request, 'onlyValueEditable');
      const query = request.query.get('query')?.toLowerCase() ?? '';
      const typeIds = new Set(visibleTypes(site, schema.id).map((type) => type.id));
      const shapes = [...site.attributes.values()]
        .filter((attribute) => typeIds.has(attribute.typeId) && attribute.name.toLowerCase().includes(query))
        .filter((attribute) => !onlyEditable || attribute.role === undefined || attribute.role === 'name')
        .map((attribute) => attributeShape(site, attribute, { documentedType: false, objectType }));
      return ok(shapes.reverse());
    },
  },
  {
    name: 'objectschema-objecttypes',
    method: 'GET',
    path: '/objectschema/{id}/objecttypes',
    scope: 'read:cmdb-type:jira',
    handle: (site, request) => {
      const excludeAbstract = flagParameter(request, 'excludeAbstract');
      const types = visibleTypes(site, site.schema(pathParameter(request)).id);
      return ok(types.filter((type) => !(excludeAbstract && type.abstract)).map((type) => objectTypeShape(site, type)));
    },
  },
  {
    name: 'objecttypes-flat',
    method: 'GET',
    path: '/objectschema/{id}/objecttypes/flat',
    scope: 'read:cmdb-type:jira',
    handle: (site, request) => {
      const objectCount = flagParameter(request, 'includeObjectCounts');
      const query = request.query.get('query')?.toLowerCase() ?? '';
      const excluded = new Set(request.query.get('exclude')?.split(',') ?? []);
      const types = visibleTypes(site, site.schema(pathParameter(request)).id).filter(
        (type) => type.name.toLowerCase().includes(query) && !excluded.has(String(type.id)),
      );
      return ok(types.map((type) => objectTypeShape(site, type, { objectCount })));
    },
  },
  {
    // Undocumented: the original scripts and Salto read it.
    name: 'schema-property',
    method: 'GET',
    path: '/global/config/objectschema/{id}/property',
    handle: (site, request) => ok(site.schema(pathParameter(request)).properties),
  },
  {
    // Official for three of the five; the original scripts send all five (a quirk). Answers 200 without a body.
    name: 'schema-property-update',
    method: 'POST',
    path: '/global/config/objectschema/{id}/property',
    scope: writeSchema,
    handle: (site, request) => {
      const body = bodyOf(request);
      const { properties } = site.schema(pathParameter(request));
      for (const name of Object.keys(properties) as (keyof typeof properties)[]) {
        properties[name] = flagField(body, name) ?? properties[name];
      }
      return noBody();
    },
  },
];

function visibleTypes(site: SimulatedSite, schemaId: number): ObjectType[] {
  return site.typesOfSchema(schemaId).filter((type) => site.roles.seesType(type));
}
