import type { AttributeSays } from '../backup-format/object-values.ts';
import { WrongInputError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, recordsOf, textOf } from '../model/json.ts';
import { kindOfValue } from '../reading/attribute-kinds.ts';
import { readValue } from '../reading/value.ts';

/** Where a word was found: `key`, `id` or `label` of the object, or in a value of an attribute, by the attribute's name. */
export interface Match {
  readonly in: 'key' | 'id' | 'label' | 'value';
  /** Of a value. */
  readonly attribute?: string;
  /** All of what stands there, as people see it. */
  readonly text: string;
}

/** What people look for: each word has to be somewhere in the object, in capitals or not, however much white space is in between. */
export class SearchWords {
  /** As words are compared. */
  readonly #words: readonly string[];

  /** Throws WrongInputError where a word is empty. */
  constructor(words: readonly string[]) {
    this.#words = words.map((word) => {
      const text = folded(word);
      if (text === '') throw new WrongInputError('A word to find is empty.');
      return text;
    });
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  /**
   * Where each word was found first; undefined where one of them is nowhere. Values that the site makes (key, times) do not count.
   * @param attributes of the object's type, by their ids
   */
  find(object: ApiRecord, attributes: ReadonlyMap<string, AttributeSays>): Match[] | undefined {
    const found: Match[] = [];
    let values: readonly ShownValue[] | undefined;
    const valuesOf = () => {
      values ??= shownValues(object, attributes);
      return values;
    };
    for (const word of this.#words) {
      const match = named(word, object) ?? valued(word, valuesOf());
      if (!match) return undefined;
      if (!found.some((other) => isSame(other, match))) found.push(match);
    }
    return found;
  }
}

interface ShownValue {
  readonly attribute: string;
  readonly shown: string;
  /** All by which people may know it, as words are compared. */
  readonly texts: readonly string[];
}

function named(word: string, object: ApiRecord): Match | undefined {
  const key = textOf(object.objectKey) ?? '';
  if (folded(key) === word) return { in: 'key', text: key };
  const id: string = idOf(object);
  if (folded(id) === word) return { in: 'id', text: id };
  const label = textOf(object.label) ?? '';
  return folded(label).includes(word) ? { in: 'label', text: label } : undefined;
}

function valued(word: string, values: readonly ShownValue[]): Match | undefined {
  const value = values.find(({ texts }) => texts.some((text) => text.includes(word)));
  return value && { in: 'value', attribute: value.attribute, text: value.shown };
}

function shownValues(object: ApiRecord, attributes: ReadonlyMap<string, AttributeSays>): ShownValue[] {
  return recordsOf(object.attributes).flatMap((entry) => {
    const id = textOf(entry.objectTypeAttributeId) ?? '';
    const { name = id, kind, isSystem } = attributes.get(id) ?? {};
    if (isSystem) return [];
    return recordsOf(entry.objectAttributeValues).flatMap((value) => {
      const of = kind ?? { type: kindOfValue(value) ?? 0 };
      const read = readValue(value, of);
      const shown = read?.names.at(-1) ?? read?.id;
      if (!read || shown === undefined) return [];
      // What a plain value says is its identity; an id of anything else nobody sees.
      const texts = of.type === 0 && read.id !== undefined ? [...read.names, read.id] : read.names;
      return [{ attribute: name, shown, texts: (texts.length > 0 ? texts : [shown]).map(folded) }];
    });
  });
}

const isSame = (one: Match, other: Match) =>
  one.in === other.in && one.attribute === other.attribute && one.text === other.text;

/** As words are compared. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}
