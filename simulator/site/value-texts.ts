import type { Attribute, StoredObject } from './records.ts';
import type { SiteState } from './site-state.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The texts of an attribute, those that the site makes itself included. */
export function attributeTexts(site: SiteState, object: StoredObject, attribute: Attribute): readonly string[] {
  switch (attribute.role) {
    case 'key':
      return [site.objectKey(object)];
    case 'created':
      return [new Date(object.createdMs).toISOString()];
    case 'updated':
      return [new Date(object.updatedMs).toISOString()];
    default:
      return object.values.get(attribute.id) ?? [];
  }
}

/** What people see of a value; dates in the form of the official example (`16/Feb/21 8:04 PM`). */
export function displayText(site: SiteState, attribute: Attribute, text: string): string {
  switch (attribute.kind) {
    case 'date':
      return dateText(new Date(text)) ?? text;
    case 'datetime':
      return dateTimeText(new Date(text)) ?? text;
    case 'reference': {
      const target = site.objects.get(Number(text));
      return target ? site.label(target) : text;
    }
    case 'user':
      return site.users.get(text)?.displayName ?? text;
    case 'status':
      return site.statusTypes.get(Number(text))?.name ?? text;
    default:
      return text;
  }
}

function dateText(date: Date): string | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  const day = String(date.getUTCDate()).padStart(2, '0');
  const year = String(date.getUTCFullYear() % 100).padStart(2, '0');
  return `${day}/${months[date.getUTCMonth()]}/${year}`;
}

function dateTimeText(date: Date): string | undefined {
  const day = dateText(date);
  if (day === undefined) return undefined;
  const hours = date.getUTCHours();
  const minutes = String(date.getUTCMinutes()).padStart(2, '0');
  return `${day} ${hours % 12 === 0 ? 12 : hours % 12}:${minutes} ${hours < 12 ? 'AM' : 'PM'}`;
}
