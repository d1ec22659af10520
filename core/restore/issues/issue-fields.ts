import { LoginRefusedError, PermissionRefusedError } from '../../errors.ts';
import { isRecord, type Json, type JsonRecord } from '../../model/json.ts';
import type { IssueRecord, IssuesReader, LinkedObject } from '../../ports/issues-reader.ts';
import { linkedObjectIds } from '../../reading/stored-issue-links.ts';

/** Why a field stays as it is. */
export const notThere = 'the issue is gone, or this login may not see it';
export const mayNotRead =
  'this login may not read issues: it needs to browse their projects, and a token with scopes read:jira-work';
export const mayNotEdit =
  'this login may not edit the issue: it needs the right to, and a token with scopes write:jira-work';
export const storedNothing =
  'the site said that it took it, and does not show it: the field does not take such an object';
export const notReadable = 'the site shows something there that no object is named in';

/** What issues hold now, as far as the site tells. */
export interface IssuesNow {
  readonly found: ReadonlyMap<string, IssueRecord>;
  /** Why the others are not known, by id. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Reads issues by their ids, never from a search index; 100 at a time at most. */
export async function issuesNow(
  reader: IssuesReader,
  ids: ReadonlySet<string>,
  fields: ReadonlySet<string>,
): Promise<IssuesNow> {
  try {
    const { found } = await reader.issues([...ids], [...fields]);
    const reasons = [...ids].filter((id) => !found.has(id)).map((id) => [id, notThere] as const);
    return { found, reasons: new Map(reasons) };
  } catch (error) {
    // A token without the scope is answered 401 (reference, section 5).
    if (!(error instanceof PermissionRefusedError || error instanceof LoginRefusedError)) throw error;
    return { found: new Map(), reasons: new Map([...ids].map((id) => [id, mayNotRead])) };
  }
}

/** Ids of the objects that a field of an issue holds; undefined where something stands there that names none. */
export function idsInField({ fields }: IssueRecord, field: string): string[] | undefined {
  const value: Json | undefined = fields[field];
  if (value === undefined || value === null) return [];
  const ids = linkedObjectIds(fields, field);
  // One object may stand there by itself.
  const entries = Array.isArray(value) ? value.length : 1;
  return entries === ids.length ? ids : undefined;
}

/** Objects as a field takes them: what stands there already as the site gave it, the others in the documented form. */
export function objectsToSend(ids: readonly string[], workspaceId: string, there: Json | undefined): LinkedObject[] {
  const known = new Map<string, LinkedObject>();
  for (const entry of Array.isArray(there) ? there : [there ?? null]) {
    if (isWhole(entry))
      known.set(entry.objectId, { workspaceId: entry.workspaceId, id: entry.id, objectId: entry.objectId });
  }
  return ids.map((objectId) => known.get(objectId) ?? { workspaceId, id: `${workspaceId}:${objectId}`, objectId });
}

interface WholeObject extends JsonRecord {
  readonly workspaceId: string;
  readonly id: string;
  readonly objectId: string;
}

function isWhole(entry: Json): entry is WholeObject {
  return isRecord(entry) && [entry.workspaceId, entry.id, entry.objectId].every((part) => typeof part === 'string');
}
