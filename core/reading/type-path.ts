import { mentionedId } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';

/** Names of an object type and those above it, from the root down; a type whose parent is not there, or is below itself, begins one. */
export function pathOfType(id: string, types: ReadonlyMap<string, ApiRecord>): string[] {
  const path: string[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const record: ApiRecord | undefined = types.get(at);
    if (!record) break;
    path.unshift(textOf(record.name) ?? '');
    at = mentionedId(record, 'parentObjectTypeId');
  }
  return path;
}
