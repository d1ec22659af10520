import type { Schema } from './records.ts';
import { Refusal } from './refusal.ts';

/** `canManage: false` marks schemas that Atlassian manages, such as Services: nobody else may change them. */
export function checkManageable(schema: Schema): void {
  if (!schema.canManage)
    throw new Refusal(400, `Object schema ${schema.name} is managed by Atlassian and cannot be changed`);
}
