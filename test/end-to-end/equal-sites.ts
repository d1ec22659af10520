import { compareAttributes } from '../../simulator/compare/compare-attributes.ts';
import { compareConfiguration } from '../../simulator/compare/compare-configuration.ts';
import { compareIssues } from '../../simulator/compare/compare-issues.ts';
import { compareObjects } from '../../simulator/compare/compare-objects.ts';
import { type IdMap, type Pairing, pairUp } from '../../simulator/compare/pairing.ts';
import type { Kind } from '../../simulator/site/kinds.ts';
import type { Comment, HistoryEntry, StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';

type Id = string | number;

export interface EqualSitesOptions {
  /** Source key → target key. By default all schemas of the source that can be managed, under their own keys. */
  schemas?: ReadonlyMap<string, string>;
  /** What a restore reports: source object id → target object id. */
  objects: ReadonlyMap<Id, Id>;
  /** Ids of objects that the target schemas held before and that stay. */
  existingBefore?: ReadonlySet<Id>;
  /** Whether comments were restored; true by default. */
  comments?: boolean;
  /** Whether history was restored, as comments; false by default. */
  history?: boolean;
  /** Whether restrictions of attributes (cardinality, unique, regex, filter, groups, statuses) were; true by default. */
  restrictions?: boolean;
  /** Also `createObjectsCustomField` and `serviceDescCustomersEnabled`; false by default, as only three are writable. */
  allProperties?: boolean;
  /** Whether global statuses and reference types are compared; true by default. Those in use always have to exist. */
  globals?: boolean;
  /** Icons and their pictures; true by default. */
  icons?: boolean;
  /** Order of attributes; true by default, false for a site without the endpoint. */
  attributeOrder?: boolean;
  /** The target schemas may hold more types, attributes, statuses and reference types; false by default. */
  mayHaveMore?: boolean;
  /** Account id at the source → at the target; the same by default. */
  users?: ReadonlyMap<string, string>;
  /**
   * References to objects of schemas that are not compared: an error (default), left out (with attributes that point to
   * types which the target lacks), or to the object of the same id.
   */
  referencesOutside?: 'refused' | 'dropped' | 'kept';
  /** Kinds whose values are not compared. */
  ignoredKinds?: readonly Kind[];
  /** Whether issues were linked again, which is done at one and the same site; false by default. */
  issues?: boolean;
  /** Fields of attributes that are not compared, by their names in the simulator's records. */
  ignoredFields?: readonly string[];
}

/**
 * In what two sites differ apart from ids, keys and times, as sentences; none when they are equal. It looks at the states
 * of the simulators, so that it depends on nothing that the product does.
 */
export function compareSites(source: SimulatedSite, target: SimulatedSite, options: EqualSitesOptions): string[] {
  const objects: IdMap = new Map([...options.objects].map(([from, to]) => [Number(from), Number(to)]));
  const { schemas, missing } = schemaPairs(source, target, options.schemas);
  const pairing = pairUp(source, target, schemas, objects);
  const mayHaveMore = options.mayHaveMore ?? false;
  const referencesOutside = options.referencesOutside ?? 'refused';
  return [
    ...missing,
    ...compareConfiguration(pairing, {
      allProperties: options.allProperties ?? false,
      globals: options.globals ?? true,
      icons: options.icons ?? true,
      mayHaveMore,
    }),
    ...compareAttributes(pairing, {
      restrictions: options.restrictions ?? true,
      attributeOrder: options.attributeOrder ?? true,
      ignoredFields: new Set(options.ignoredFields),
      mayHaveMore,
      mayDropOutside: referencesOutside === 'dropped',
    }),
    ...compareObjects(pairing, {
      existingBefore: new Set([...(options.existingBefore ?? [])].map(Number)),
      users: options.users ?? new Map(),
      referencesOutside,
      ignoredKinds: new Set(options.ignoredKinds),
    }),
    ...compareActivity(pairing, { comments: options.comments ?? true, history: options.history ?? false }),
    ...(options.issues ? compareIssues(source, target, objects) : []),
  ];
}

function schemaPairs(source: SimulatedSite, target: SimulatedSite, keys: ReadonlyMap<string, string> | undefined) {
  const bySchemaKey = (site: SimulatedSite) =>
    new Map([...site.schemas.values()].map((schema) => [schema.key, schema]));
  const [inSource, inTarget] = [bySchemaKey(source), bySchemaKey(target)];
  const manageable = [...inSource.values()].filter(({ canManage }) => canManage);
  const wanted = keys ?? new Map(manageable.map(({ key }) => [key, key]));
  const schemas: Pairing['schemas'][number][] = [];
  const missing: string[] = [];
  for (const [from, to] of wanted) {
    const pair = { source: inSource.get(from), target: inTarget.get(to) };
    if (pair.source && pair.target) schemas.push({ source: pair.source, target: pair.target });
    else missing.push(`schema ${pair.source ? to : from} is missing`);
  }
  return { schemas, missing };
}

/** Comments and history of all objects that have a counterpart. */
function compareActivity(pairing: Pairing, options: { comments: boolean; history: boolean }): string[] {
  const { source, target, objects, schemaIds } = pairing;
  return [...source.objects.all()].flatMap((object) => {
    const image = target.objects.get(objects.get(object.id) ?? 0);
    const isCompared = schemaIds.has(source.type(object.typeId).schemaId);
    return image && isCompared ? compareActivityOf(source, object, target.commentsOf(image.id), options) : [];
  });
}

/** Each comment once; of the history at least a trace in the other comments; and no comment besides. */
function compareActivityOf(
  source: SimulatedSite,
  object: StoredObject,
  found: readonly Comment[],
  options: { comments: boolean; history: boolean },
): string[] {
  const what = `object ${source.objectKey(object)}`;
  const differences: string[] = [];
  const rest = new Set(found);
  for (const comment of options.comments ? source.commentsOf(object.id) : []) {
    const matches = found.filter((candidate) => isCommentAgain(source, comment, candidate));
    if (matches.length !== 1) differences.push(`${what}: comment ${comment.id} is there ${matches.length} times`);
    for (const match of matches) {
      rest.delete(match);
      if (match.role !== comment.role)
        differences.push(`${what}: comment ${comment.id} has role ${match.role}, not ${comment.role}`);
    }
  }
  if (options.history) {
    const entries = source.historyOf(object.id);
    const texts = [...rest].map(({ text }) => text);
    for (const entry of entries) {
      if (!hasTraceOf(entry, texts.join('\n'))) differences.push(`${what}: history entry ${entry.id} is in no comment`);
    }
    // The entry of the creation is stored nowhere; answers show it with this id.
    const creation = { id: 1_000_000_000 + object.id, createdMs: object.createdMs };
    for (const comment of rest) {
      if ([creation, ...entries].some((entry) => hasTraceOf(entry, comment.text))) rest.delete(comment);
    }
  }
  for (const comment of rest) differences.push(`${what}: comment ${comment.id} at the target is too many`);
  return differences;
}

/** The comment itself, where it was never away, or its text with author and time inside. */
function isCommentAgain(source: SimulatedSite, comment: Comment, candidate: Comment): boolean {
  if (candidate.text === comment.text) {
    return candidate.actor === comment.actor && candidate.createdMs === comment.createdMs;
  }
  const author = source.users.get(comment.actor)?.displayName ?? comment.actor;
  return (
    candidate.text.includes(comment.text) &&
    hasEscaped(candidate.text.replace(comment.text, ''), author) &&
    candidate.text.includes(new Date(comment.createdMs).toISOString())
  );
}

type Trace = Pick<HistoryEntry, 'id' | 'createdMs'> & Partial<HistoryEntry>;

/** Loose, as the form is the product's own: the entry's id, or all its values, or its time when it has none. */
function hasTraceOf(entry: Trace, text: string): boolean {
  if (new RegExp(`\\b${entry.id}\\b`).test(text)) return true;
  const values = [entry.oldValue, entry.newValue].filter((value) => value !== undefined && value !== '');
  if (values.length === 0) return text.includes(new Date(entry.createdMs).toISOString());
  return values.every((value) => hasEscaped(text, value ?? ''));
}

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&apos;': "'",
  '&amp;': '&',
};

/**
 * Whether HTML shows a text: `<` and `>` have to be escaped, quotes may be. How it shows what nobody can see (control characters,
 * breaks, halves of characters) is its own matter.
 */
function hasEscaped(html: string, text: string): boolean {
  if (/[<>]/.test(text) && html.includes(text)) return false;
  const shown = html.replaceAll(/&[#\w]+;/g, (entity) => entities[entity] ?? entity);
  return shown.includes(text) || visible(shown).includes(visible(text));
}

const visible = (text: string): string =>
  text.replaceAll(/<br ?\/?>|[\u2400-\u2426]|\\u[0-9a-f]{4}/g, '').replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
