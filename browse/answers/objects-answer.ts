import type { BackupContents, OnDamage } from '../../core/contents/backup-contents.ts';
import { damageIn } from '../../core/contents/damage.ts';
import { type HeldAttribute, type HeldType, type HeldValues, heldValues } from '../../core/contents/held-object.ts';
import { WrongInputError } from '../../core/errors.ts';
import { idOf } from '../../core/model/ids.ts';
import { type ApiRecord, textOf } from '../../core/model/json.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { Indexing, ObjectRow, ObjectsAnswer, ObjectsPage, ValueShown } from '../../pages/answers.ts';
import { NothingThere } from '../faults.ts';
import { foldedText } from '../index/folded.ts';
import { linePlaces, objectAt, objectIn } from '../index/object-lines.ts';
import type { OpenedBackup } from '../opened-backups.ts';
import { asked, askedPage } from '../query.ts';
import { cutValue, type IsHere, shownValue } from './shown-values.ts';

/** As many values of a cell are shown. */
const mostValues = 10;

/** A page of the objects of a type, as a grid. */
export async function objectsAnswer(
  backups: BackupStore,
  { contents, index }: OpenedBackup,
  query: URLSearchParams,
): Promise<ObjectsAnswer> {
  const type = typeAsked(contents, query);
  const page = askedPage(query);
  const [sort, filter] = [query.get('sort'), query.get('filter')?.trim()];
  const { listed, damage } = await contents.attributes(type);
  const columns = columnsOf(listed.filter(({ id }) => id !== ''));
  const ready = index.ready;
  const answer = { state: 'page' as const, columns: columns.map(({ id, name }) => ({ id, name })), from: page.from };
  if (!ready) {
    if (sort !== null || filter) return index.progress;
    const rows: ObjectRow[] = [];
    const damaged = new Set(damage === null ? [] : [damage]);
    const objects = storedObjects(contents, type, page, (sentence) => damaged.add(sentence));
    for await (const object of objects) rows.push(rowOf(object, columns, undefined));
    return { ...answer, total: type.objects, rows, notSearched: [...damaged] } satisfies ObjectsPage;
  }
  const column = query.get('column');
  const tableOf = async (id: string | null) =>
    id === null ? null : ready.columns.of(contents, type, columnAsked(id, columns));
  const filtered = await tableOf(filter ? column : null);
  if (isProgress(filtered)) return filtered;
  const sorted = await tableOf(sort);
  if (isProgress(sorted)) return sorted;
  const selection = {
    type: type.id,
    ...(filter && filtered === null && { words: filter }),
    ...(filter && filtered !== null && { inColumn: { table: filtered, text: foldedText(filter) } }),
    ...(sorted !== null && { sort: { table: sorted, order: orderAsked(query) } }),
  };
  const { total, numbers } = ready.objects.select(selection, page);
  const rows: ObjectRow[] = [];
  // One after the other: a value may be of any size.
  for (const object of ready.objects.objects(numbers))
    rows.push(rowOf(await objectAt(backups, object.file, object), columns, (id) => ready.objects.mayHold(id)));
  return { ...answer, total, rows, notSearched: ready.objects.damageOf(type.id) };
}

const isProgress = (table: string | Indexing | null): table is Indexing => typeof table === 'object' && table !== null;

/** Throws NothingThere. */
function typeAsked(contents: BackupContents, query: URLSearchParams): HeldType {
  const type = contents.type(asked(query, 'type'));
  if (type?.schema.id === asked(query, 'schema')) return type;
  throw new NothingThere(`${contents.manifest.name} has no such object type.`);
}

function orderAsked(query: URLSearchParams): 'up' | 'down' {
  return query.get('order') === 'down' ? 'down' : 'up';
}

/** Throws WrongInputError. */
function columnAsked(id: string, columns: readonly HeldAttribute[]): string {
  if (id === 'key' || id === 'label' || columns.some((column) => column.id === id)) return id;
  throw new WrongInputError('The object type has no such column.');
}

/** Key and label have columns of their own, and what else the site makes stands behind all values. */
function columnsOf(attributes: readonly HeldAttribute[]): HeldAttribute[] {
  const [ofSite, ofPeople] = [true, false].map((isSystem) =>
    attributes.filter((attribute) => (attribute.isSystem ?? false) === isSystem),
  );
  return [...(ofPeople ?? []), ...(ofSite ?? []).filter(({ name }) => name !== 'Key')];
}

/** Without an index: of the files that hold some of them. */
async function* storedObjects(
  contents: BackupContents,
  type: HeldType,
  { from, count }: { readonly from: number; readonly count: number },
  damaged: OnDamage,
): AsyncGenerator<ApiRecord> {
  let passed = 0;
  for (const file of contents.shards(type, damaged)) {
    const [first, end] = [Math.max(0, from - passed), from + count - passed];
    passed += file.records;
    if (first >= file.records) continue;
    if (end <= 0) return;
    try {
      const bytes = await contents.bytes(file);
      for (const { at, bytes: length } of linePlaces(file, bytes).slice(first, end))
        yield objectIn(file.key, bytes.subarray(at, at + length));
    } catch (error) {
      damaged(damageIn(error));
    }
  }
}

function rowOf(object: ApiRecord, columns: readonly HeldAttribute[], isHere: IsHere): ObjectRow {
  // What the object has of attributes that the type does not list stands behind them, and has no column.
  const values = heldValues(object, columns).slice(0, columns.length);
  return {
    id: idOf(object),
    key: textOf(object.objectKey) ?? '',
    label: textOf(object.label) ?? '',
    cells: values.map((of) => cellOf(of, isHere)),
  };
}

function cellOf({ values }: HeldValues, isHere: IsHere): ValueShown[] {
  const more = values.length - mostValues;
  return values.slice(0, mostValues).map((value, index) => ({
    ...cutValue(shownValue(value, isHere)),
    ...(more > 0 && index === mostValues - 1 && { more }),
  }));
}
