import type { AttributeChange, Change, ConfigurationLine, DiffLine, ObjectLine } from '../../core/diff/diff-lines.ts';
import { harmless } from '../../core/harmless.ts';
import type { Json } from '../../core/model/json.ts';

/** Lines of one change in one place: the first of them as text, and how many there are. */
interface Shown {
  readonly texts: string[];
  count: number;
}

/** What is shown of one place: an object type, or the configuration of a schema. */
export type ShownPlace = Readonly<Record<Change, Shown>>;

const shownOfAChange = 10;
const shownValues = 8;
/** Characters of one value; a text of several pages is not the place of a terminal. */
const widestValue = 72;

/** The beginning of each list of differences, whatever their number. */
export class DiffExcerpt {
  /** By the schema's key; null stands for what belongs to all. */
  readonly configuration = new Map<string | null, ShownPlace>();
  /** By schema and type. */
  readonly objects = new Map<string, ShownPlace>();
  /** Whether there is more than is shown. */
  isCut = false;

  add(line: DiffLine): void {
    if (line.kind === 'object') this.#add(this.objects, placeName(line), line.change, () => this.#objectText(line));
    else this.#add(this.configuration, line.schema, line.change, () => this.#configurationText(line));
  }

  #add<Key>(places: Map<Key, ShownPlace>, key: Key, change: Change, text: () => string): void {
    const place = places.get(key) ?? nothingShown();
    places.set(key, place);
    const shown = place[change];
    shown.count += 1;
    if (shown.count <= shownOfAChange) shown.texts.push(text());
    else this.isCut = true;
  }

  #objectText({ change, key, label, from = {}, attributes, comments, history }: ObjectLine): string {
    const places = [from.schema, from.type, from.key].filter((place) => place !== undefined);
    const details = [
      ...(places.length > 0 ? [`was ${places.map(harmless).join(', ')}`] : []),
      ...this.#cut(attributes).map((attribute) => this.#valueText(attribute)),
      ...(comments ? [`Comments: ${comments.before} → ${comments.after}`] : []),
      ...(history ? [`History: ${history.before} → ${history.after}`] : []),
    ];
    return this.#text(change, `${harmless(key)}  ${this.#short(label)}`, details, attributes.length);
  }

  #valueText({ name, before, after }: AttributeChange): string {
    return `${harmless(name)}: ${this.#values(before)} → ${this.#values(after)}`;
  }

  #configurationText({ kind, change, name, fields }: ConfigurationLine): string {
    const details = this.#cut(fields).map(
      ({ field, before, after }) => `${harmless(field)}: ${this.#json(before)} → ${this.#json(after)}`,
    );
    return this.#text(change, `${kind.replaceAll('-', ' ')} ${this.#short(name)}`, details, fields.length);
  }

  #text(change: Change, what: string, details: readonly string[], of: number): string {
    const hidden = Math.max(0, of - shownValues);
    const more = hidden > 0 ? [`      and ${hidden} more`] : [];
    return [`  ${signs[change]} ${what}`, ...details.map((detail) => `      ${detail}`), ...more].join('\n');
  }

  #cut<T>(list: readonly T[]): readonly T[] {
    if (list.length > shownValues) this.isCut = true;
    return list.slice(0, shownValues);
  }

  #values(values: readonly string[]): string {
    return values.length === 0 ? '(none)' : this.#short(values.join(', '));
  }

  #json(value: Json | null): string {
    if (value === null) return '(none)';
    return this.#short(typeof value === 'string' ? `"${value}"` : JSON.stringify(value));
  }

  #short(text: string): string {
    const characters = [...text];
    if (characters.length <= widestValue) return harmless(text);
    this.isCut = true;
    return `${harmless(characters.slice(0, widestValue - 1).join(''))}…`;
  }
}

const signs: Readonly<Record<Change, string>> = { added: '+', removed: '-', changed: '~' };

const nothingShown = (): ShownPlace => {
  const none = () => ({ texts: [], count: 0 });
  return { added: none(), removed: none(), changed: none() };
};

/** What a place of objects goes by. */
export const placeName = ({ schema, type }: { readonly schema: string; readonly type: string }) =>
  JSON.stringify([schema, type]);
