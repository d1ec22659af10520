import { errorAnswer, ok } from '../http/answer.ts';
import type { Route } from '../http/route.ts';
import { displayName } from '../shapes/links.ts';

export const usageRoutes: readonly Route[] = [
  {
    // System schemas such as Services are not counted (USAGE). Needs an administrator: 403 is documented.
    name: 'usage',
    method: 'GET',
    path: '/usage',
    scope: 'read:cmdb-config:jira',
    handle: (site) => {
      if (site.quirks.usage === 'forbidden') return errorAnswer(403, ['You do not have permission to see the usage']);
      const schemas = [...site.schemas.values()].filter((schema) => schema.canManage);
      const perSchemaUsageInfo = schemas.map((schema) => ({
        schemaId: schema.id,
        schemaName: schema.name,
        ...displayName(site, schema),
        // To the second, as in the official example.
        schemaCreatedAt: `${new Date(schema.createdMs).toISOString().slice(0, 19)}Z`,
        objectCount: site.objectCountOfSchema(schema.id, 'usage'),
      }));
      const totalObjectsCount = perSchemaUsageInfo.reduce((sum, { objectCount }) => sum + objectCount, 0);
      return ok({ totalObjectsCount, perSchemaUsageInfo });
    },
  },
];
