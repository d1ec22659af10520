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

/** Dates and times in the spelling of the site, which is its affair: it need not be how they were written. */
export function spelledText(site: SiteState, object: StoredObject, attribute: Attribute, text: string): string {
  const { dateForm, dateTimeForm } = site.quirks;
  if (attribute.kind === 'date') return spelled(dateSpellings, dateForm, object, text);
  if (attribute.kind === 'datetime') return spelled(dateTimeSpellings, dateTimeForm, object, text);
  return text;
}

const dateSpellings = {
  day: (text: string) => text,
  midnight: (text: string) => `${text}T00:00:00.000Z`,
};

const dateTimeSpellings = {
  utc: (text: string) => text,
  seconds: (text: string) => text.replace('.000Z', 'Z'),
  offset: (text: string) => new Date(Date.parse(text) + 2 * 3_600_000).toISOString().replace('Z', '+02:00'),
};

function spelled<Form extends string>(
  spellings: Readonly<Record<Form, (text: string) => string>>,
  form: Form | 'mixed',
  { id }: StoredObject,
  text: string,
): string {
  const forms = Object.keys(spellings) as Form[];
  if (Number.isNaN(Date.parse(text))) return text;
  const chosen = form === 'mixed' ? forms[id % forms.length] : form;
  return chosen === undefined ? text : spellings[chosen](text);
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
