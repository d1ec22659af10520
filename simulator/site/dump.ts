import type { Issue, IssueField } from './issue-records.ts';
import { type JsonObject, parseRawJson } from './raw-json.ts';
import type {
  Attribute,
  Comment,
  Group,
  HistoryEntry,
  Icon,
  ObjectType,
  Project,
  ReferenceType,
  Schema,
  StatusType,
  StoredObject,
  User,
} from './records.ts';
import { SimulatedSite } from './simulated-site.ts';

/**
 * Everything that a site remembers, ids that were given included. The records are those of `records.ts`: dumps are kept for
 * years, so whoever gives a record another field says here what an older dump has in its place.
 */
interface Dump {
  readonly site: Pick<SimulatedSite, 'workspaceId' | 'cloudId' | 'hasAssets' | 'idsAbove' | 'lastIds'>;
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly projects: readonly Project[];
  readonly schemas: readonly Schema[];
  readonly types: readonly ObjectType[];
  readonly attributes: readonly Attribute[];
  readonly statusTypes: readonly StatusType[];
  readonly referenceTypes: readonly ReferenceType[];
  readonly icons: readonly Icon[];
  /** Bytes as Base64, by icon id and by file id. */
  readonly iconImages: readonly [number, string][];
  readonly mediaFiles: readonly [string, string][];
  readonly objects: readonly (Omit<StoredObject, 'values'> & {
    readonly values: readonly [number, readonly string[]][];
  })[];
  /** By object id. */
  readonly histories: readonly [number, HistoryEntry[]][];
  readonly commentLists: readonly [number, Comment[]][];
  /** Dumps from before issues had fields have the issues of each object in their place. */
  readonly issueFields?: readonly IssueField[];
  readonly issues?: readonly (Omit<Issue, 'values'> & { readonly values: readonly [number, readonly string[]][] })[];
  readonly ticketLists?: readonly [number, readonly Pick<Issue, 'key'>[]][];
}

/** A site as JSON, a record a line. Quirks, faults and logins are the simulator's and not in it. */
export function dumpSite(site: SimulatedSite): string {
  const { workspaceId, cloudId, hasAssets, idsAbove, lastIds } = site;
  const dump: Dump = {
    site: { workspaceId, cloudId, hasAssets, idsAbove, lastIds },
    users: [...site.users.values()],
    groups: [...site.groups.values()],
    projects: [...site.projects.values()],
    schemas: [...site.schemas.values()],
    types: [...site.types.values()],
    attributes: [...site.attributes.values()],
    statusTypes: [...site.statusTypes.values()],
    referenceTypes: [...site.referenceTypes.values()],
    icons: [...site.icons.values()],
    iconImages: asText(site.iconImages),
    mediaFiles: asText(site.mediaFiles),
    objects: [...site.objects.all()].map((object) => ({ ...object, values: [...object.values] })),
    histories: [...site.histories],
    commentLists: [...site.commentLists],
    issueFields: [...site.issues.fields.values()],
    issues: [...site.issues.all()].map((issue) => ({ ...issue, values: [...issue.values] })),
  };
  const fields = Object.entries(dump).map(([name, value]) => `${JSON.stringify(name)}: ${linesOf(value)}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** The site of a dump, as it was. */
export function siteOfDump(text: string): SimulatedSite {
  const dump = parseRawJson(text) as JsonObject & Dump;
  const { lastIds, ...options } = dump.site;
  const site = new SimulatedSite(options);
  Object.assign(site.lastIds, lastIds);
  fill(site.users, dump.users, ({ accountId }) => accountId);
  fill(site.groups, dump.groups, ({ name }) => name);
  fill(site.projects, dump.projects, ({ key }) => key);
  fill(site.schemas, dump.schemas, idOf);
  fill(site.types, dump.types, idOf);
  fill(site.attributes, dump.attributes, idOf);
  fill(site.statusTypes, dump.statusTypes, idOf);
  fill(site.referenceTypes, dump.referenceTypes, idOf);
  fill(site.icons, dump.icons, idOf);
  for (const [id, bytes] of dump.iconImages) site.iconImages.set(id, Buffer.from(bytes, 'base64'));
  for (const [id, bytes] of dump.mediaFiles) site.mediaFiles.set(id, Buffer.from(bytes, 'base64'));
  for (const object of dump.objects) {
    // Objects of older dumps do not say whether they have attachments.
    site.objects.add({ ...object, hasAttachments: object.hasAttachments ?? false, values: new Map(object.values) });
  }
  for (const [id, entries] of dump.histories) site.histories.set(id, entries);
  for (const [id, comments] of dump.commentLists) site.commentLists.set(id, comments);
  for (const field of dump.issueFields ?? []) site.issues.fields.set(field.id, field);
  for (const issue of dump.issues ?? []) site.issues.add({ ...issue, values: new Map(issue.values) });
  for (const [id, tickets] of dump.ticketLists ?? []) {
    for (const { key } of tickets) site.addTicket({ object: site.object(id), key });
  }
  site.configurationChanged();
  return site;
}

const idOf = ({ id }: { readonly id: number }): number => id;

/** In the place of what every new site has. */
function fill<Key, Item>(map: Map<Key, Item>, items: readonly Item[], keyOf: (item: Item) => Key): void {
  map.clear();
  for (const item of items) map.set(keyOf(item), item);
}

function asText<Key>(files: ReadonlyMap<Key, Buffer>): [Key, string][] {
  return [...files].map(([id, bytes]) => [id, bytes.toString('base64')]);
}

function linesOf(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((record) => JSON.stringify(record)).join(',\n')}\n]`;
}
