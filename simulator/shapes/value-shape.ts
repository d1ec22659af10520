import type { JsonObject } from '../site/raw-json.ts';
import type { Attribute } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { referencedObjectShape } from './object-shape.ts';
import { statusShape } from './status-shape.ts';
import { userShape } from './user-shape.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * One entry of `objectAttributeValues`, after samples/attribute-values-by-type.json. Undefined for a value that points to
 * something that is no longer there. User, group, status and reference values have no `value` in practice, although the
 * official text promises one: a quirk.
 */
export function valueShape(site: SimulatedSite, attribute: Attribute, text: string): JsonObject | undefined {
  switch (attribute.kind) {
    case 'reference': {
      const target = site.objects.get(Number(text));
      if (!target) return undefined;
      return {
        referencedObject: referencedObjectShape(site, target),
        ...nested(site, site.label(target), site.objectKey(target), true),
      };
    }
    case 'user': {
      const user = site.users.get(text);
      return user && { user: userShape(user), ...nested(site, user.displayName, user.accountId) };
    }
    case 'group':
      return { group: { avatarUrl: `${site.linkBase}/avatars/group.png`, name: text }, ...nested(site, text, text) };
    case 'status': {
      const status = site.statusTypes.get(Number(text));
      return status && { status: statusShape(site, status), ...nested(site, status.name, String(status.id)) };
    }
    case 'project': {
      const project = site.projects.get(text);
      return project && { project: { ...project, id: String(project.id) }, ...nested(site, project.name, project.key) };
    }
    // The shapes of these three on Cloud are unknown (reference section 9, number 13); these follow Data Center.
    case 'version':
      return { version: { id: text, name: `Version ${text}` }, ...nested(site, `Version ${text}`, text) };
    case 'confluence':
      return { confluencePage: { id: text, title: `Page ${text}` }, ...nested(site, `Page ${text}`, text) };
    case 'bitbucket':
      return {
        value: text,
        displayValue: text,
        searchValue: text,
        additionalValue: 'repository',
        referencedType: false,
      };
    default: {
      const display = displayText(site, attribute, text);
      return { value: text, displayValue: display, searchValue: text, referencedType: false };
    }
  }
}

/** What people see of a value; dates in the form of the official example (`16/Feb/21 8:04 PM`). */
export function displayText(site: SimulatedSite, attribute: Attribute, text: string): string {
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

function nested(site: SimulatedSite, displayValue: string, searchValue: string, referencedType = false): JsonObject {
  const value = site.quirks.valueOfNestedKinds === 'present' ? { value: searchValue } : {};
  return { ...value, displayValue, searchValue, referencedType };
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
