import type { Json } from '../../core/model/json.ts';
import { ExcessiveAnswer, mostDepth } from './answer-bounds.ts';
import { isOpaqueNumber } from './lossless-json.ts';

/**
 * Removes every `mediaJwtToken` from a freshly parsed answer: it opens a file of Atlassian's media service to whoever has it,
 * and stands in avatars (official example of `GET /object/{id}`). Nothing else goes. Throws ExcessiveAnswer for values that are
 * nested deeper than whatever walks through them later could go.
 */
export function removeMediaTokens(value: Json, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === mostDepth) {
    if (isOpaqueNumber(value)) return;
    throw tooDeep();
  }
  if (Array.isArray(value)) {
    for (const item of value) removeMediaTokens(item, depth + 1);
    return;
  }
  const record = value as { [field: string]: Json };
  if (Object.hasOwn(record, 'mediaJwtToken')) delete record.mediaJwtToken;
  for (const field of Object.values(record)) removeMediaTokens(field, depth + 1);
}

export const tooDeep = () => new ExcessiveAnswer(`JSON that is nested more than ${mostDepth} levels deep`);
