import type { JsonObject } from '../site/raw-json.ts';
import type { Attribute, StoredObject } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { uuidFrom } from '../site/uuid.ts';
import { attributeTexts, displayText, spelledText } from '../site/value-texts.ts';
import { attributeShape } from './attribute-shape.ts';
import { assetsBase, globalId, isoTime } from './links.ts';
import { nestedTypeShape } from './object-type-shape.ts';
import { statusShape } from './status-shape.ts';
import { userShape } from './user-shape.ts';
import { shownValue } from './value-fields.ts';

/**
 * `Object` of the specification.
 *
 * `attributes: 'plain'` is the form of `object/aql`, whose entries lack the definition; `'nested'` that of GET and PUT
 * object, whose entries carry it; `'none'` that of create, and of a referenced object.
 */
export function objectShape(
  site: SiteState,
  object: StoredObject,
  options: { attributes: 'none' | 'plain' | 'nested'; extendedInfo?: boolean },
): JsonObject {
  const { attributes } = options;
  const label = site.label(object);
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, object.id),
    id: String(object.id),
    label,
    objectKey: site.objectKey(object),
    avatar: avatarShape(site, object),
    objectType: nestedTypeShape(site, site.type(object.typeId)),
    created: isoTime(object.createdMs),
    updated: isoTime(object.updatedMs),
    hasAvatar: object.hasAvatar,
    timestamp: site.quirks.timestamp === 'created' ? object.createdMs : object.updatedMs,
    ...(attributes === 'none' ? {} : { attributes: objectAttributeShapes(site, object, attributes === 'nested') }),
    _links: { self: `${assetsBase(site)}/object/${object.id}` },
    name: label,
    ...(hasExtendedInfo(site, options)
      ? {
          extendedInfo: {
            openIssuesExists: site.ticketsOf(object.id).length > 0,
            attachmentsExists: object.hasAttachments,
          },
        }
      : {}),
    ...object.extra?.object,
  };
}

function hasExtendedInfo({ quirks }: SiteState, options: Parameters<typeof objectShape>[2]): boolean {
  const isInLists = quirks.extendedInfo === 'in-lists' && options.attributes === 'plain';
  return isInLists || (options.extendedInfo === true && quirks.extendedInfo !== 'absent');
}

/** A referenced object is a whole object without attributes (samples/object-aql.json). */
function referencedObjectShape(site: SiteState, object: StoredObject): JsonObject {
  return objectShape(site, object, { attributes: 'none' });
}

/** `ObjectAttribute` entries; attributes without a value are absent, as in the official example. */
export function objectAttributeShapes(site: SiteState, object: StoredObject, isNested: boolean): JsonObject[] {
  const shapes: JsonObject[] = [];
  for (const attribute of site.typeAttributes(object.typeId)) {
    const values = attributeTexts(site, object, attribute)
      .map((text) => valueShape(site, object, attribute, text))
      .filter((value) => value !== undefined)
      .map((value) => shownValue(site, object, attribute.kind, value))
      .map((value) => (object.extra?.value ? { ...value, ...object.extra.value } : value));
    if (values.length === 0) continue;
    // Number of the pair of object and attribute: stable, and unlike either of them.
    const id = object.id * 100_000 + attribute.id;
    shapes.push({
      workspaceId: site.workspaceId,
      globalId: globalId(site, id),
      id: String(id),
      ...(isNested
        ? { objectTypeAttribute: attributeShape(site, attribute, { documentedType: true, objectType: false }) }
        : {}),
      objectTypeAttributeId: String(attribute.id),
      objectAttributeValues: values,
      objectId: String(object.id),
      ...object.extra?.attribute,
    });
  }
  return shapes;
}

/**
 * One entry of `objectAttributeValues`, after samples/attribute-values-by-type.json. Undefined for a value that points to
 * something that is no longer there. User, group, status and reference values have no `value` in practice, although the
 * official text promises one: a quirk.
 */
function valueShape(site: SiteState, object: StoredObject, attribute: Attribute, text: string): JsonObject | undefined {
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
      if (!user) return undefined;
      const { accountId } = user;
      const { accountFields } = site.quirks;
      return {
        user: { ...userShape(user), ...(accountFields.includes('user.accountId') && { accountId }) },
        ...(accountFields.includes('accountId') && { accountId }),
        ...nested(site, user.displayName, accountId),
      };
    }
    case 'group': {
      const identity = site.quirks.groupSearchValue === 'name' ? text : (site.groups.get(text)?.groupId ?? text);
      return {
        group: { avatarUrl: `${site.linkBase}/avatars/group.png`, name: text },
        ...nested(site, text, identity),
      };
    }
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
      const value = spelledText(site, object, attribute, text);
      return { value, displayValue: display, searchValue: value, referencedType: false };
    }
  }
}

function nested(site: SiteState, displayValue: string, searchValue: string, referencedType = false): JsonObject {
  const value = site.quirks.valueOfNestedKinds === 'present' ? { value: searchValue } : {};
  return { ...value, displayValue, searchValue, referencedType };
}

function avatarShape(site: SiteState, object: StoredObject): JsonObject {
  const url = `${assetsBase(site)}/objecttype/${object.typeId}/icon.png`;
  return {
    workspaceId: site.workspaceId,
    url16: `${url}?size=16`,
    url48: `${url}?size=48`,
    url72: `${url}?size=72`,
    url144: `${url}?size=144`,
    url288: `${url}?size=288`,
    objectId: String(object.id),
    mediaClientConfig: {
      clientId: uuidFrom(0xc11e, 1),
      mediaBaseUrl: 'https://api.media.atlassian.com',
      mediaJwtToken: site.nextMediaToken(),
      fileId: uuidFrom(0xf11e, object.id),
    },
  };
}
