import type { ObjectStore } from '../site/object-store.ts';
import type { StoredObject } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { attributeTexts, displayText } from '../site/value-texts.ts';
import { attributeFinder, idsMeant, isAttributeName, predicateOf, typesMeant } from './match-object.ts';
import { parseQuery } from './parse-query.ts';
import { AqlError, type Comparison, type Condition, type Query } from './query.ts';

/** Answers of recent queries: pages of one query come one after another, and must not each sort everything anew. */
const remembered = 16;

interface Results {
  index: ObjectStore;
  revision: string;
  byQuery: Map<string, readonly number[]>;
}

const resultsOf = new WeakMap<SiteState, Results>();

/**
 * Ids of the objects of the search index that a query matches, in its order. `objectTypeId = N order by Key` costs nothing;
 * all else is computed once and remembered until the site changes. Not to be changed.
 */
export function runQuery(site: SiteState, text: string, index = site.searchIndex.objects): readonly number[] {
  const { configurationRevision, quirks } = site;
  const revision = `${index.revision} ${configurationRevision} ${quirks.keySort} ${quirks.objectIdRanges}`;
  let results = resultsOf.get(site);
  if (results?.index !== index || results.revision !== revision) {
    results = { index, revision, byQuery: new Map() };
    resultsOf.set(site, results);
  }
  const known = results.byQuery.get(text);
  if (known) return known;
  const query = parseQuery(text, site.now());
  const found = sorted(site, index, matching(site, index, query.condition), query);
  const oldest = results.byQuery.keys().next().value;
  if (results.byQuery.size >= remembered && oldest !== undefined) results.byQuery.delete(oldest);
  // What depends on the time of asking is not remembered.
  if (!/now\s*\(/i.test(text)) results.byQuery.set(text, found);
  return found;
}

/** Whether one object matches a query, as an attribute's `qlQuery` demands of the objects that it points to. */
export function matchesFilter(site: SiteState, text: string, object: StoredObject): boolean {
  return predicateOf(site, parseQuery(text, site.now()).condition)(object);
}

/** Matching ids in rising order. Conditions of type, schema and id choose the candidates; the others filter them. */
function matching(site: SiteState, index: ObjectStore, condition: Condition): readonly number[] {
  const parts = condition.kind === 'and' ? condition.parts : [condition];
  const filters: Condition[] = [];
  let types: ReadonlySet<number> | undefined;
  let ids: readonly number[] | undefined;
  for (const part of parts) {
    const meant = part.kind === 'comparison' ? typesMeant(site, part) : undefined;
    if (meant) {
      types = types ? intersection(types, meant) : meant;
    } else {
      if (part.kind === 'comparison') ids ??= idsNamed(site, index, part);
      filters.push(part);
    }
  }
  const candidates = ids ?? idsOfTypes(index, types ?? new Set(site.types.keys()));
  if (filters.length === 0) return candidates;
  const predicates = filters.map((filter) => predicateOf(site, filter));
  return candidates.filter((id) => {
    const object = index.get(id);
    if (!object || (types && !types.has(object.typeId))) return false;
    return predicates.every((predicate) => predicate(object));
  });
}

function intersection(a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...a].filter((item) => b.has(item)));
}

/** `objectId = 5`, `objectId in (…)` and `Key = "X-5"` name their candidates. */
function idsNamed(site: SiteState, index: ObjectStore, part: Comparison): readonly number[] | undefined {
  if (part.operator !== '=' && part.operator !== 'in') return undefined;
  const field = part.field.toLowerCase();
  const ids = field === 'objectid' ? [...idsMeant(part)] : undefined;
  const byKey = field === 'key' ? part.values.map((key) => site.objectByKeyOrId(key)?.id ?? -1) : undefined;
  return (ids ?? byKey)?.filter((id) => index.get(id)).sort((a, b) => a - b);
}

function idsOfTypes(index: ObjectStore, types: ReadonlySet<number>): readonly number[] {
  const lists = [...types].map((typeId) => index.idsOfType(typeId)).filter((list) => list.length > 0);
  if (lists.length <= 1) return lists[0] ?? [];
  return lists.flat().sort((a, b) => a - b);
}

/** One attribute orders, label ascending by default, empty values first when ascending (AQLDOC). */
function sorted(site: SiteState, index: ObjectStore, ids: readonly number[], { orderBy }: Query): readonly number[] {
  const field = orderBy?.field ?? 'label';
  const isDescending = orderBy?.isDescending ?? false;
  if (field.toLowerCase() === 'key' && site.quirks.keySort === 'numeric') {
    return inOrderOfKey(site, index, isDescending ? ids.toReversed() : ids, isDescending);
  }
  if (field.toLowerCase() !== 'label' && !isAttributeName(site, field)) {
    // "Attribute must exist in the schema", else the order is arbitrary (AQLDOC): some order that nobody expects.
    return ids.toSorted((a, b) => ((a * 2_654_435_761) % 1_000_003) - ((b * 2_654_435_761) % 1_000_003));
  }
  const find = attributeFinder(site, field);
  const keys = new Map<number, string | number>();
  for (const id of ids) {
    const object = index.get(id);
    if (!object) throw new AqlError(`object ${id} vanished`);
    const attribute = find(object.typeId);
    const text = attribute ? (attributeTexts(site, object, attribute)[0] ?? '') : '';
    const isNumber = text !== '' && (attribute?.kind === 'integer' || attribute?.kind === 'double');
    // Times sort by their ISO text, not by how they are shown.
    const isTime = attribute?.kind === 'datetime' || attribute?.kind === 'date';
    const shown = isTime || !attribute ? text : displayText(site, attribute, text).toLowerCase();
    keys.set(id, isNumber ? Number(text) : shown);
  }
  const direction = isDescending ? -1 : 1;
  return ids.toSorted((a, b) => direction * compareSortKeys(keys.get(a) ?? '', keys.get(b) ?? '') || a - b);
}

/** Ids rise with keys inside a schema; results from several schemas go by schema key first. */
function inOrderOfKey(
  site: SiteState,
  index: ObjectStore,
  ids: readonly number[],
  isDescending: boolean,
): readonly number[] {
  const schemaOfType = new Map([...site.types.values()].map((type) => [type.id, site.schema(type.schemaId).key]));
  const keyOf = (id: number) => schemaOfType.get(index.get(id)?.typeId ?? -1) ?? '';
  if (new Set(schemaOfType.values()).size <= 1) return ids;
  const first = ids[0];
  if (first === undefined || ids.every((id) => keyOf(id) === keyOf(first))) return ids;
  const direction = isDescending ? -1 : 1;
  return ids.toSorted((a, b) => direction * compareSortKeys(keyOf(a), keyOf(b)) || direction * (a - b));
}

function compareSortKeys(a: string | number, b: string | number): number {
  if (a === b) return 0;
  if (a === '') return -1;
  if (b === '') return 1;
  return a < b ? -1 : 1;
}
