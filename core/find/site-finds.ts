import type { RowChange } from './changes.ts';
import type { FoundChange, FoundObject, SiteFinds, Span } from './found.ts';
import type { Night, Silence } from './night.ts';
import { noNight } from './object-rows.ts';
import type { KeptObject, KnownType, SiteSearch } from './site-search.ts';

/** What a search through the nights of a site has found, in names. */
export function siteFinds(search: SiteSearch, nights: readonly Night[]): SiteFinds {
  const nameOf = (number: number) => nights[number]?.name ?? '';
  const changes = search.changes.of(search.kept.map(({ row }) => row));
  const objects = search.kept
    .map((kept) => foundObject(search, kept, { changes: changes.get(kept.row) ?? [], nameOf }))
    .sort(byKey);
  const all = search.found === 0 ? -1 : search.matching.indexOf(search.found);
  const withAll = nights[all];
  const inQuestion = search.types.filter((type) => isInQuestion(search, type));
  return {
    site: nights[0]?.manifest.site.siteName ?? '',
    backups: nights.map(({ name }) => name).reverse(),
    found: search.found,
    objects,
    newestWithAll: withAll ? { backup: withAll.name, status: withAll.manifest.status } : null,
    silences: silencesOn(inQuestion, nights),
    goneSchemas: goneSchemas(inQuestion, nights),
  };
}

function foundObject(
  { rows }: SiteSearch,
  { row, ...told }: KeptObject,
  { changes, nameOf }: { readonly changes: readonly RowChange[]; readonly nameOf: (number: number) => string },
): FoundObject {
  const at = (column: Uint16Array) => column[row] ?? noNight;
  const span = (backups: Uint16Array, first: Uint16Array, last: Uint16Array): Span => ({
    backups: at(backups),
    first: nameOf(at(first)),
    last: nameOf(at(last)),
  });
  const named = (change: RowChange): FoundChange => ({
    kind: change.kind,
    after: nameOf(change.older),
    by: nameOf(change.newer),
  });
  const last = changes.find(({ kind, older }) => kind === 'deleted' && older === at(rows.newestSeen));
  return {
    ...told,
    stands: span(rows.nightsSeen, rows.oldestSeen, rows.newestSeen),
    withWords: span(rows.nightsMatching, rows.oldestMatch, rows.newestMatch),
    changes: changes.map(named).reverse(),
    deleted: last ? { after: nameOf(last.older), by: nameOf(last.newer) } : null,
  };
}

/** By schema, then by the number in the key, as people count. */
function byKey(one: FoundObject, other: FoundObject): number {
  const number = ({ key }: FoundObject) => Number(/\d+$/.exec(key)?.[0] ?? 0);
  if (one.schema !== other.schema) return one.schema < other.schema ? -1 : 1;
  return number(one) - number(other) || (one.id < other.id ? -1 : 1);
}

/** Of what was found its own types matter; where nothing was, all those in which it could have been. */
function isInQuestion(search: SiteSearch, type: KnownType): boolean {
  if (!search.isAsked(type)) return false;
  return (
    search.found === 0 || search.kept.some(({ schema, type: name }) => schema === type.schema && name === type.name)
  );
}

function silencesOn(types: readonly KnownType[], nights: readonly Night[]): SiteFinds['silences'] {
  const schemas = new Map<string, { readonly why: Silence; readonly of: string; readonly backups: string[] }>();
  for (const [number, night] of [...nights.entries()].toReversed()) {
    const told = new Set<string>();
    for (const type of types) {
      const before = nights.slice(number + 1).find((older) => older.has(type.schemaId));
      const why = night.silenceOn(type, before);
      // What cannot be read is named by itself.
      if (why === undefined || why === 'damaged') continue;
      const of = night.isSilentOnAll(type.schemaId) ? type.schema : `${type.schema}/${type.name}`;
      const place = `${why} ${of}`;
      if (told.has(place)) continue;
      told.add(place);
      const silence = schemas.get(place) ?? { why, of, backups: [] };
      schemas.set(place, silence);
      silence.backups.push(night.name);
    }
  }
  const alike = Map.groupBy(schemas.values(), ({ why, backups }) => JSON.stringify([why, backups]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ why: first.why, schemas: group.map(({ of }) => of), backups: first.backups }] : [];
  });
}

/** Schemas that a night has, and none after it that was made of all. */
function goneSchemas(types: readonly KnownType[], nights: readonly Night[]): SiteFinds['goneSchemas'] {
  const bySchema = new Map(types.map((type) => [type.schemaId, type]));
  return [...bySchema.values()].flatMap((type) => {
    const newest = nights.findIndex((night) => night.has(type.schemaId));
    const without = nights.slice(0, newest).filter((night) => night.silenceOn(type) === undefined);
    const by = without.at(-1);
    return by ? [{ schema: type.schema, by: by.name }] : [];
  });
}
