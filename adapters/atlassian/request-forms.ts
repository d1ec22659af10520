import { AssetsBackupError, RequestRefusedError } from '../../core/errors.ts';
import type { ApiRecord, Json } from '../../core/model/json.ts';
import type { RefusalKind } from '../../core/model/refusal.ts';
import type { SentValues } from '../../core/ports/assets-writer.ts';
import { hasCome, hasValue, isOther, standing } from './sent-and-read.ts';

/** What the sources disagree about, each with two spellings (reference, section 9, numbers 8, 9 and 11). */
type Part = 'attributeId' | 'object' | 'group';
/** First: ids of attributes as texts, objects by key, groups by name. Second: as numbers, by id, by id. */
type Spelling = 'first' | 'second';
type Form = Readonly<Record<Part, Spelling>>;

const parts: readonly Part[] = ['attributeId', 'object', 'group'];

/** In the order in which they are tried. */
const forms: readonly Form[] = (
  [
    ['first', 'first', 'first'],
    ['first', 'second', 'second'],
    ['second', 'first', 'first'],
    ['second', 'second', 'second'],
    ['first', 'first', 'second'],
    ['first', 'second', 'first'],
    ['second', 'first', 'second'],
    ['second', 'second', 'first'],
  ] as const
).map(([attributeId, object, group]) => ({ attributeId, object, group }));

/** After so many looks in a row that told nothing, only one write in so many is looked at. */
const mostInVain = 8;
const oneIn = 16;

/** A write of an object's values. */
export interface ValuesWrite {
  readonly values: readonly SentValues[];
  /** What is sent first makes the object. */
  readonly isNew: boolean;
  /** Once it was answered, the next is to be an update of the same object. `attributes` stands in the body under that name. */
  send(attributes: Json): Promise<void>;
  /** The object as it now is; undefined where the answer does not tell its values. May throw. */
  read(): Promise<ApiRecord | undefined>;
}

/**
 * Finds out in which form a site takes values. An answer 200 is no proof: some sites ignore in silence what they do not understand.
 * A spelling is believed once a value was read back that had come in it. Until then writes with such values go one after the
 * other; each is read back, and what does not stand is sent in the next form, as is what was refused, which has changed nothing.
 *
 * Requests besides the write: where the first form is right, one reading of a new object and two of another one, for at most three
 * objects, one for each spelling. Otherwise a PUT and a reading for each further form: at most one where one spelling is open, three
 * where two are, seven where all are, and one more for a refusal without a reason. Where nothing ever tells, that is so for eight
 * objects, and then for one in 16.
 */
export class RequestForms {
  readonly #known = new Map<Part, Spelling>();
  #look: Promise<void> | undefined;
  #inVain = 0;
  #sinceLook = 0;

  /**
   * Sends a write in the form that the site takes. Gives the values that were looked for and not found. Throws what `send` throws;
   * of several refusals the one that has least to do with the form.
   */
  async write(write: ValuesWrite): Promise<readonly SentValues[]> {
    while (this.#isOpen(write) && (this.#inVain < mostInVain || this.#sinceLook >= oneIn)) {
      if (!this.#look) return this.#lookAt(write);
      await this.#look;
    }
    this.#sinceLook += 1;
    const tries = this.#triesOf(write.values);
    const refusals: RequestRefusedError[] = [];
    for (const form of tries) {
      const refusal = await refusalOf(write, write.values, form);
      if (!refusal) return [];
      refusals.push(refusal);
    }
    throw leastFormal(refusals, write.values);
  }

  async #lookAt(write: ValuesWrite): Promise<readonly SentValues[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#look = promise;
    const known = this.#known.size;
    try {
      const left = await this.#find(write);
      this.#inVain = left.length === 0 || this.#known.size > known ? 0 : this.#inVain + 1;
      return left;
    } finally {
      this.#sinceLook = 0;
      this.#look = undefined;
      resolve();
    }
  }

  async #find(write: ValuesWrite): Promise<readonly SentValues[]> {
    let seen = write.isNew ? nothingYet : await quietly(write);
    let left = write.values;
    if (!write.isNew) left = left.filter((sent) => !seen || standing(sent, seen) !== 'stands');
    const tries = this.#triesOf(left);
    const refusals: RequestRefusedError[] = [];
    let isAnswered = left.length === 0;
    for (const form of tries) {
      if (left.length === 0) break;
      if (!this.#mayBe(form, left)) continue;
      const refusal = await refusalOf(write, left, form);
      if (refusal) {
        refusals.push(refusal);
        // It names nothing that is wrong, so the form may be right.
        if (refusal.refusals.length === 0 && tries.indexOf(form) === tries.lastIndexOf(form)) tries.push(form);
        continue;
      }
      isAnswered = true;
      const now = await quietly(write);
      if (!now) return left;
      if (seen) this.#learn(form, left, seen, now);
      left = left.filter((sent) => standing(sent, now) !== 'stands' && this.#opens(sent));
      seen = now;
    }
    const isLacking = left.some((sent) => seen && standing(sent, seen) === 'lacks');
    if (!isAnswered || (refusals.length > 0 && isLacking)) throw leastFormal(refusals, write.values);
    return left;
  }

  #learn(form: Form, values: readonly SentValues[], before: ApiRecord, after: ApiRecord): void {
    for (const sent of values) {
      if (isNumber(sent.attributeId) && isOther(sent, before, after)) {
        this.#known.set('attributeId', form.attributeId);
      }
      if (sent.alternatives && hasCome(sent, before, after)) {
        this.#known.set(sent.alternatives.of, form[sent.alternatives.of]);
      }
    }
  }

  /** Whether a value is among them by which a spelling may be found out. */
  #isOpen({ values, isNew }: ValuesWrite): boolean {
    return values.some((sent) => this.#opens(sent) && (!isNew || hasValue(sent)));
  }

  #opens(sent: SentValues): boolean {
    return partsOf(sent).some((part) => !this.#known.has(part));
  }

  #triesOf(values: readonly SentValues[]): Form[] {
    return forms.filter((form) => this.#mayBe(form, values));
  }

  /** A spelling that is not known is a question only where the values have it. */
  #mayBe(form: Form, values: readonly SentValues[]): boolean {
    return parts.every((part) => {
      const known = this.#known.get(part);
      if (known === undefined && values.some((sent) => partsOf(sent).includes(part))) return true;
      return form[part] === (known ?? 'first');
    });
  }
}

/** An object that is about to be made. */
const nothingYet: ApiRecord = { id: '' as ApiRecord['id'], attributes: [] };

async function refusalOf(
  write: ValuesWrite,
  values: readonly SentValues[],
  form: Form,
): Promise<RequestRefusedError | undefined> {
  try {
    await write.send(attributesOf(values, form));
    return undefined;
  } catch (error) {
    if (error instanceof RequestRefusedError) return error;
    throw error;
  }
}

async function quietly(write: ValuesWrite): Promise<ApiRecord | undefined> {
  try {
    return await write.read();
  } catch (error) {
    // What was written is answered; that it cannot be looked at is no reason to lose the answer.
    if (error instanceof AssetsBackupError) return undefined;
    throw error;
  }
}

const isNumber = (id: string) => /^\d+$/.test(id) && Number.isSafeInteger(Number(id));

/** Whatever of the values has two spellings. */
function partsOf({ attributeId, values, alternatives }: SentValues): Part[] {
  const found: Part[] = isNumber(attributeId) ? ['attributeId'] : [];
  if (alternatives?.values.some((alternative, index) => alternative !== values[index])) found.push(alternatives.of);
  return found;
}

/** Source: official examples of `POST /object/create` and `PUT /object/{id}`. An id that is no number stays a text. */
function attributesOf(values: readonly SentValues[], form: Form): Json {
  return values.map(({ attributeId, values: texts, alternatives }) => ({
    objectTypeAttributeId: form.attributeId === 'second' && isNumber(attributeId) ? Number(attributeId) : attributeId,
    objectAttributeValues: (alternatives && form[alternatives.of] === 'second' ? alternatives.values : texts).map(
      (value) => ({ value }),
    ),
  }));
}

/** Kinds of refusal that the spelling of a value may be behind. */
const ofSpelling: ReadonlySet<RefusalKind> = new Set(['invalid', 'not-found', 'unknown-group', 'other']);

/** The refusal that the form explains least, so that whoever has to leave out what it names leaves out the right thing. */
function leastFormal(refusals: readonly RequestRefusedError[], values: readonly SentValues[]): RequestRefusedError {
  const valued = new Map(values.filter(hasValue).map((sent) => [sent.attributeId as string, sent]));
  const ranked = refusals.map((error) => {
    const fields = error.refusals.map(({ attributeId = '', kind }) => ({ sent: valued.get(attributeId), kind }));
    // Asked for what was sent, or naming nothing that was: the site has not understood which attributes these are.
    const unread = fields.filter(({ sent, kind }) => !sent || kind === 'required').length;
    const misspelt = fields.filter(({ sent, kind }) => sent?.alternatives && ofSpelling.has(kind)).length;
    return { error, rank: [fields.length === 0 ? 1 : 0, unread, misspelt, fields.length] };
  });
  const [best] = ranked.toSorted(
    (a, b) => a.rank.map((number, index) => number - (b.rank[index] ?? 0)).find((difference) => difference !== 0) ?? 0,
  );
  if (!best) throw new Error('Nothing was sent and nothing refused.');
  return best.error;
}
