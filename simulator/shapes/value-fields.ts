import type { Kind } from '../site/kinds.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { StoredObject } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';

const plain = ['value', 'searchValue'];
const named = ['value', 'searchValue', 'referencedType'];

/** The optional fields of a value, all but `displayValue`, by its kind; those of default kinds where none is named. */
export const optionalValueFields: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  reference: [
    ...named,
    'referencedObject',
    'referencedObject.id',
    'referencedObject.globalId',
    'referencedObject.objectKey',
    'referencedObject.label',
  ],
  user: [
    ...plain,
    'accountId',
    'user',
    'user.key',
    'user.accountId',
    'user.name',
    'user.displayName',
    'user.emailAddress',
  ],
  group: [...named, 'group', 'group.name'],
  status: [...named, 'status', 'status.id', 'status.name', 'status.displayName'],
  project: [...named, 'project', 'project.key'],
  version: [...named, 'version', 'version.id'],
  confluence: [...named, 'confluencePage', 'confluencePage.id'],
};

/** The fields of a value of this kind that an object's answers leave out, by its number, where they do so in turns. */
export function leftOutInTurn(kind: Kind, number: number): string[] {
  const fields = optionalValueFields[kind] ?? plain;
  return fields.filter((_, bit) => Math.floor(number / 2 ** bit) % 2 === 1);
}

/** A value as the site's answers show it, without the fields that they leave out. */
export function shownValue(
  { quirks: { withoutValueFields: fields } }: SiteState,
  { id }: StoredObject,
  kind: Kind,
  value: JsonObject,
): JsonObject {
  const shown = { ...value };
  for (const path of fields === 'in-turns' ? leftOutInTurn(kind, id) : fields) {
    const [field = '', inside] = path.split('.');
    const nested = shown[field];
    if (inside === undefined) delete shown[field];
    else if (typeof nested === 'object' && nested !== null && !Array.isArray(nested)) {
      const { [inside]: _, ...rest } = nested as JsonObject;
      shown[field] = rest;
    }
  }
  return shown;
}
