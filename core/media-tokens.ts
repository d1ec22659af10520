import type { Json } from './model/json.ts';

/**
 * Removes every `mediaJwtToken` from a freshly parsed answer: it opens a file of Atlassian's media service to whoever has it,
 * and stands in avatars (official example of `GET /object/{id}`). Nothing else goes.
 */
export function removeMediaTokens(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) removeMediaTokens(item);
    return;
  }
  const record = value as { [field: string]: Json };
  if (Object.hasOwn(record, 'mediaJwtToken')) delete record.mediaJwtToken;
  for (const field of Object.values(record)) removeMediaTokens(field);
}
