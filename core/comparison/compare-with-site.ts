import { idOf, type ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { AttributeKind } from '../reading/attribute-kinds.ts';
import type { SweepProgress } from '../reading/page-sweep.ts';
import { readObjects } from '../reading/read-objects.ts';
import type { ExpectedObjects, Seen } from './expected-objects.ts';
import { comparableValues, objectDigest } from './object-values.ts';

/** How far a comparison has come: as JSON it goes from one invocation to the next. */
export interface ComparisonProgress {
  /** Number of the type that comes next, or that is being read. */
  readonly type: number;
  /** Where inside of it; null before its first page. */
  readonly position: SweepProgress | null;
  /** What was seen of the expected objects, a byte each. */
  readonly sight: string;
}

/** An object of the site as it streams past. */
export interface SeenObject {
  readonly object: ApiRecord;
  readonly typeId: string;
  /** The number of the object that was expected as this one; undefined where none was. */
  readonly number: number | undefined;
  readonly seen: Exclude<Seen, 'unseen'> | undefined;
}

export interface SiteComparison {
  /** Ids of the object types whose objects stream past, one type after the other. */
  readonly typeIds: readonly string[];
  readonly expected: ExpectedObjects;
  /** How many objects a type has, as far as anybody knows: by it pages are asked for at once. */
  objectsIn?(typeId: string): number | undefined;
  /** Kinds of the attributes whose values count, by their ids on the site. @default none: `digestOf` says what counts */
  readonly kinds?: ReadonlyMap<string, AttributeKind | undefined>;
  /** What an object comes to, for `expected`. @default its values alone */
  digestOf?(object: ApiRecord, typeId: string): string;
  /** False where nothing depends on whether all objects were seen, to spare the count. */
  readonly proves: boolean;
  onObject(seen: SeenObject): void;
  /** What was seen may be put away. */
  afterPage?(): Promise<void>;
  /** Between two types, with the ids of all objects of the first, and whether they are proven to be all. */
  onType?(typeId: string, ids: readonly string[], isProven: boolean): Promise<void>;
}

/**
 * Lets the objects of a live site stream past those that are expected, each as often as a page shows it anew. What is alike
 * is noted and let go; what to do with the others is the caller's matter. Where `mayGoOn` says no before a page it gives how
 * far it has come, and null at the end: handed back after every page or done in one go, it has seen the same.
 */
export async function compareWithSite(
  reader: AssetsReader,
  { typeIds, expected, objectsIn, kinds = new Map(), digestOf, proves, onObject, afterPage, onType }: SiteComparison,
  from: ComparisonProgress | null,
  mayGoOn: () => boolean,
): Promise<ComparisonProgress | null> {
  if (from) expected.takeUp(from.sight);
  let position = from?.position ?? null;
  for (let type = from?.type ?? 0; type < typeIds.length; type += 1) {
    const typeId = typeIds[type] ?? '';
    const take = (object: ApiRecord) => {
      const id = idOf(object);
      const digest = digestOf?.(object, typeId) ?? objectDigest(comparableValues(object, kinds));
      const seen = expected.see(id, digest);
      onObject({ object, typeId, number: seen && expected.numberOf(id), seen });
    };
    const read = await readObjects(reader, typeId as ObjectTypeId, take, {
      proves,
      from: position,
      expected: objectsIn?.(typeId),
      mayGoOn,
      afterPage,
    });
    if (read.position) return { type, position: read.position, sight: expected.sight };
    position = null;
    await onType?.(typeId, read.ids, read.isProven);
  }
  return null;
}
