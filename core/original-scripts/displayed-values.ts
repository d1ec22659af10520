import { type ApiRecord, isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';
import { type AttributeKind, defaultKind, kind } from '../reading/attribute-kinds.ts';
import {
  type DayOrder,
  isWholeMoment,
  orderProvenBy,
  readDisplayedDate,
  readDisplayedDateTime,
} from './displayed-dates.ts';
import { readDisplayedNumber } from './displayed-numbers.ts';
import type { Guesses } from './guesses.ts';

/** A value as the scripts wrote it: what was shown, and of a reference the key of the object. */
export interface DisplayedValue {
  readonly shown: string;
  readonly key?: string;
}

/** What a displayed value may be found by. */
export interface DisplayedContext {
  readonly guesses: Guesses;
  /** What dates with numbers alone elsewhere in the backup prove. */
  readonly order: DayOrder | undefined;
  /** Statuses of the schema and of the site that have a name. */
  readonly statusesNamed: (name: string) => readonly ApiRecord[];
  readonly objectOfKey: (key: string) => ReferencedObject | undefined;
}

export interface ReferencedObject {
  readonly id: string;
  readonly label: string;
}

/** The displayed values in an entry of `objects/`: one, or a list, each a text or a text with its key. Empty ones are none. */
export function displayedIn(entry: Json | undefined): DisplayedValue[] {
  if (Array.isArray(entry)) return entry.flatMap(displayedIn);
  if (isRecord(entry)) {
    const key = scalar(entry.searchValue);
    const shown = scalar(entry.displayValue) ?? key;
    return shown === undefined || shown === '' ? [] : [{ shown, ...(key !== undefined && key !== '' && { key }) }];
  }
  const shown = scalar(entry);
  return shown === undefined || shown === '' ? [] : [{ shown }];
}

/** Which order of day and month the dates in an entry prove; undefined where they prove none. */
export function orderIn(entry: Json | undefined): DayOrder | undefined {
  return displayedIn(entry)
    .map(({ shown }) => orderProvenBy(shown))
    .find((order) => order !== undefined);
}

/** The values of an attribute as the API gives them, as far as what was shown tells. What nobody can know stays as it was shown. */
export function valuesOfDisplayed(
  values: readonly DisplayedValue[],
  of: AttributeKind | undefined,
  takesMany: boolean,
  context: DisplayedContext,
): JsonRecord[] {
  const parts = takesMany ? values.flatMap((value) => split(value, context.guesses)) : values;
  return parts.map((value) => apiValueOf(value, of, context));
}

/** The scripts part several values of one text by `||`. */
function split({ shown, key }: DisplayedValue, guesses: Guesses): DisplayedValue[] {
  if (key !== undefined || !shown.includes('||')) return [key === undefined ? { shown } : { shown, key }];
  guesses.note('split');
  return shown.split('||').flatMap((part) => (part.trim() === '' ? [] : [{ shown: part }]));
}

function apiValueOf(value: DisplayedValue, of: AttributeKind | undefined, context: DisplayedContext): JsonRecord {
  const { shown, key } = value;
  const { guesses } = context;
  if (of?.type === kind.reference || (of === undefined && key !== undefined)) return reference(value, context);
  switch (of?.type) {
    case 0:
      return plain(shown, of.defaultTypeId ?? defaultKind.text, context);
    case kind.user:
      guesses.note('users');
      return { displayValue: shown };
    case kind.group:
      guesses.note('groups');
      return { group: { name: shown }, displayValue: shown };
    case kind.status:
      return status(shown, context);
    default:
      guesses.note('others');
      return { displayValue: shown };
  }
}

function plain(shown: string, type: number, { guesses, order }: DisplayedContext): JsonRecord {
  const is = (value: string) => ({ value, displayValue: shown, searchValue: value, referencedType: false });
  switch (type) {
    case defaultKind.date:
    case defaultKind.dateTime: {
      const isDay = type === defaultKind.date;
      const read = (isDay ? readDisplayedDate : readDisplayedDateTime)(shown, order);
      if (typeof read !== 'object') {
        guesses.note(read === 'ambiguous' ? 'ambiguous-dates' : 'unreadable');
        return { displayValue: shown };
      }
      const isByOrder = readDisplayedDate(shown, undefined) === 'ambiguous';
      if (isByOrder) guesses.note('dates-by-order');
      else if (isDay && read.iso !== shown) guesses.note('dates');
      if (!isDay && !isWholeMoment(shown)) guesses.note('date-times');
      return is(read.iso);
    }
    case defaultKind.integer:
    case defaultKind.double: {
      const read = readDisplayedNumber(shown, type === defaultKind.integer ? 'integer' : 'double');
      if (typeof read !== 'object') {
        guesses.note(read === 'ambiguous' ? 'ambiguous-numbers' : 'unreadable');
        return { displayValue: shown };
      }
      guesses.note('numbers');
      return is(read.number);
    }
    case defaultKind.boolean: {
      const yes = /^(?:true|yes)$/i.test(shown);
      if (!yes && !/^(?:false|no)$/i.test(shown)) {
        guesses.note('unreadable');
        return { displayValue: shown };
      }
      guesses.note('booleans');
      return is(String(yes));
    }
    default:
      guesses.note('texts');
      return is(shown);
  }
}

function status(shown: string, { guesses, statusesNamed }: DisplayedContext): JsonRecord {
  const [found, ...others] = statusesNamed(shown);
  if (found === undefined || others.length > 0) {
    guesses.note('unknown-statuses');
    return { displayValue: shown };
  }
  guesses.note('statuses');
  const { id, name, category } = found;
  return {
    status: { id, ...(name !== undefined && { name }), ...(category !== undefined && { category }) },
    displayValue: shown,
    searchValue: String(id),
    referencedType: false,
  };
}

/** An object's id is the number in its key (reference, section 0). */
function reference({ shown, key }: DisplayedValue, { guesses, objectOfKey }: DisplayedContext): JsonRecord {
  if (key === undefined) {
    guesses.note('labels');
    return { displayValue: shown, referencedType: true };
  }
  const found = objectOfKey(key);
  const id = found?.id ?? /-(\d+)$/.exec(key)?.[1];
  guesses.note(found ? 'references' : id === undefined ? 'labels' : 'references-outside');
  return {
    ...(id !== undefined && { referencedObject: { id, label: found?.label ?? shown, objectKey: key } }),
    displayValue: shown,
    searchValue: key,
    referencedType: true,
  };
}

function scalar(value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return String(value);
  // A number that is kept as it was spelt is an object to `typeof`.
  return textOf(value) ?? (isRecord(value) || Array.isArray(value) ? undefined : JSON.stringify(value));
}
