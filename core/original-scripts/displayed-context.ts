import type { ApiRecord, JsonRecord } from '../model/json.ts';
import { recordsOf, textOf } from '../model/json.ts';
import { displayedLabel } from './convert-objects.ts';
import type { KnownSchema } from './convert-schema.ts';
import type { DayOrder } from './displayed-dates.ts';
import { type DisplayedContext, displayedIn, orderIn, type ReferencedObject } from './displayed-values.ts';
import type { Guesses } from './guesses.ts';
import type { ScriptFiles } from './script-files.ts';

/** What displayed values of all schemas together tell. */
export interface DisplayedFacts {
  readonly order: DayOrder | undefined;
  readonly objects: ReadonlyMap<string, ReferencedObject>;
}

const nothing: DisplayedFacts = { order: undefined, objects: new Map() };

/**
 * Looks through the files for what displayed values are found by: the keys of objects, and how dates are written. Where every object stands
 * as the API gave it nobody asks for that, and no file is read.
 */
export async function displayedFacts(files: ScriptFiles, schemas: readonly KnownSchema[]): Promise<DisplayedFacts> {
  if (!(await needsDisplayed(files, schemas))) return nothing;
  const objects = new Map<string, ReferencedObject>();
  const orders = new Set<DayOrder>();
  await eachObject(files, schemas, {
    raw: ({ id, objectKey, label }) => {
      const key = textOf(objectKey);
      const own = textOf(id);
      if (key !== undefined && own !== undefined) objects.set(key, { id: own, label: textOf(label) ?? key });
    },
    displayed: (id, shown, type) => {
      for (const entry of Object.values(shown)) {
        const order = orderIn(entry);
        if (order !== undefined) orders.add(order);
      }
      const key = displayedIn(shown.Key)[0]?.shown;
      if (key !== undefined && !objects.has(key)) objects.set(key, { id, label: displayedLabel(type, shown) ?? key });
    },
  });
  const [order] = orders.size === 1 ? orders : [];
  return { order, objects };
}

/** The same for the values of one schema: statuses are its own, and the site's. */
export async function displayedContext(
  files: ScriptFiles,
  { files: { config }, schema }: KnownSchema,
  facts: DisplayedFacts,
  guesses: Guesses,
): Promise<DisplayedContext> {
  const place = { kind: 'configuration', what: 'status types', schemaKey: schema.key } as const;
  const own = (await files.records(config.get('statustypes'), place)) ?? [];
  const ofSite = (await files.records(config.get('global_statustypes'), place)) ?? [];
  const named = (name: string, statuses: readonly JsonRecord[]) =>
    statuses.filter(
      (status): status is ApiRecord =>
        textOf(status.id) !== undefined && [status.name, status.displayName].some((one) => one === name),
    );
  return {
    guesses,
    order: facts.order,
    // Those of the schema go before those of the site, as in the site itself.
    statusesNamed: (name) => {
      const found = named(name, own);
      return found.length > 0 ? found : named(name, ofSite);
    },
    objectOfKey: (key) => facts.objects.get(key),
  };
}

async function needsDisplayed(files: ScriptFiles, schemas: readonly KnownSchema[]): Promise<boolean> {
  let needs = false;
  const raw = new Map<string, number>();
  await eachObject(files, schemas, {
    raw: ({ id, attributes }) => {
      const filled = recordsOf(attributes).filter((one) => recordsOf(one.objectAttributeValues).length > 0);
      raw.set(textOf(id) ?? '', filled.length);
    },
    displayed: (id, shown) => {
      const filled = Object.values(shown).filter((entry) => displayedIn(entry).length > 0);
      needs ||= (raw.get(id) ?? 0) < filled.length;
    },
  });
  return needs;
}

/** Raw objects of a type come before those that are displayed. */
async function eachObject(
  files: ScriptFiles,
  schemas: readonly KnownSchema[],
  on: {
    readonly raw: (object: JsonRecord) => void;
    readonly displayed: (
      id: string,
      shown: JsonRecord,
      type: { attributes: readonly JsonRecord[] | undefined },
    ) => void;
  },
): Promise<void> {
  for (const { schema, typed } of schemas) {
    const place = { kind: 'objects', what: 'objects', schemaKey: schema.key } as const;
    for (const type of typed?.types ?? []) {
      for (const path of type.raw) for (const object of (await files.records(path, place)) ?? []) on.raw(object);
      for (const path of type.displayed) {
        for (const [id, shown] of (await files.displayed(path, place)) ?? []) on.displayed(id, shown, type);
      }
    }
  }
}
