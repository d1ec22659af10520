import type { Route } from '../http/route.ts';
import { aqlRoutes } from './aql-routes.ts';
import { attributeRoutes } from './attribute-routes.ts';
import { commentRoutes } from './comment-routes.ts';
import { iconRoutes, mediaRoutes } from './icon-routes.ts';
import { issueFieldRoutes } from './issue-field-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { jiraSiteRoutes } from './jira-site-routes.ts';
import { objectRoutes } from './object-routes.ts';
import { objectSchemaRoutes } from './object-schema-routes.ts';
import { objectTypeRoutes } from './object-type-routes.ts';
import { statusRoutes } from './status-routes.ts';
import { usageRoutes } from './usage-routes.ts';

/** Below the Assets base. Fixed paths stand before those with placeholders. */
export const assetsRoutes: readonly Route[] = [
  ...objectSchemaRoutes,
  ...objectTypeRoutes,
  ...attributeRoutes,
  ...statusRoutes,
  ...iconRoutes,
  ...aqlRoutes,
  ...objectRoutes,
  ...commentRoutes,
  ...usageRoutes,
];

/** On the Jira site and the media service. */
export const jiraRoutes: readonly Route[] = [...jiraSiteRoutes, ...issueFieldRoutes, ...issueRoutes, ...mediaRoutes];
