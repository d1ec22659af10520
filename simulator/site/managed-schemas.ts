import type { Schema } from './records.ts';
import { Refusal } from './refusal.ts';
import type { SiteState } from './site-state.ts';

/** Schemas that Atlassian manages, such as Services, nobody may change; others need a manager's role in them (page on roles). */
export function checkManageable(site: SiteState, schema: Schema): void {
  if (!schema.canManage)
    throw new Refusal(400, `Object schema ${schema.name} is managed by Atlassian and cannot be changed`);
  if (!site.roles.manages(schema)) throw new Refusal(403, 'You do not have permission to manage this object schema');
}
