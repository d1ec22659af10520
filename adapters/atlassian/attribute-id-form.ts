import { InterruptedError, OutcomeUnknownError, RequestRefusedError } from '../../core/errors.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../../core/model/json.ts';
import type { SentValues } from '../../core/ports/assets-writer.ts';

/** How `objectTypeAttributeId` is written: as the documented text, or as the number that some sites want. */
type Form = 'text' | 'number';

/** A write of an object's values. `attributes` is what stands in the body under that name. */
export interface ValuesWrite<T> {
  readonly values: readonly SentValues[];
  send(attributes: Json): Promise<T>;
  /** The object as it now is, or undefined where that cannot be said. May throw. */
  readBack(written: T): Promise<ApiRecord | undefined>;
  /** Sets the same values of the object once more. */
  sendAgain(written: T, attributes: Json): Promise<void>;
  /** The object before the write; left out where there was none. */
  readonly before?: () => Promise<ApiRecord | undefined>;
}

/** After so many objects that could not be read back the documented form stays: each costs a request, and others wait. */
const mostFailedReadings = 3;

/**
 * Finds out in which form a site takes the ids of attributes. Documented is a text; a tool saw that a site ignores those in
 * silence and takes only numbers (reference, section 7, and section 9 number 8). So the first write with a value goes alone, and
 * its object is read back. Until that has told, one write goes after the other.
 */
export class AttributeIdForm {
  #form: Form | undefined;
  #probe: Promise<void> | undefined;
  #failedReadings = 0;

  /** Sends a write in the form that the site takes. Throws what `send` throws. */
  async send<T>(write: ValuesWrite<T>): Promise<T> {
    while (this.#probe !== undefined) await this.#probe;
    if (this.#form !== undefined || !canTell(write.values)) {
      return write.send(attributesOf(write.values, this.#form ?? 'text'));
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#probe = promise;
    try {
      return await this.#find(write);
    } finally {
      this.#probe = undefined;
      resolve();
    }
  }

  async #find<T>(write: ValuesWrite<T>): Promise<T> {
    const before = write.before && (await quietly(write.before));
    let written: T;
    try {
      written = await write.send(attributesOf(write.values, 'text'));
    } catch (refusal) {
      if (!(refusal instanceof RequestRefusedError)) throw refusal;
      return this.#tryNumbers(write, refusal);
    }
    const after = await quietly(() => write.readBack(written));
    if (!after) {
      this.#failedReadings += 1;
      if (this.#failedReadings >= mostFailedReadings) this.#form = 'text';
      return written;
    }
    await this.#judge(write, written, before, after);
    return written;
  }

  /** What was refused has changed nothing, so it may be sent in the other form. */
  async #tryNumbers<T>(write: ValuesWrite<T>, refusal: RequestRefusedError): Promise<T> {
    try {
      const written = await write.send(attributesOf(write.values, 'number'));
      this.#form = 'number';
      return written;
    } catch (error) {
      // Refused in both forms, it is not the form that is wrong.
      throw error instanceof RequestRefusedError ? refusal : error;
    }
  }

  /**
   * Attributes that were empty and now have values tell that texts are taken. Where all of them had values before, nothing can be
   * told, and the same values in the other form do no harm.
   */
  async #judge<T>(
    { values, before: readBefore, sendAgain }: ValuesWrite<T>,
    written: T,
    before: ApiRecord | undefined,
    after: ApiRecord,
  ): Promise<void> {
    const hadBefore = filledAttributes(before);
    const isKnown = !readBefore || before !== undefined;
    const telling = values.filter((sent) => isTelling(sent) && isKnown && !hadBefore.has(sent.attributeId));
    const hasNow = filledAttributes(after);
    if (telling.some(({ attributeId }) => hasNow.has(attributeId))) {
      this.#form = 'text';
      return;
    }
    if (telling.length > 0) this.#form = 'number';
    try {
      await sendAgain(written, attributesOf(values, 'number'));
    } catch (error) {
      // Without a telling attribute the values may well stand there already.
      if (telling.length === 0 && error instanceof RequestRefusedError) return;
      // An update may simply be sent once more; a create may not.
      throw readBefore ? error : withoutValues(after, error);
    }
  }
}

/** The object was made, but without its values: whoever would send the create once more has to know that. */
function withoutValues({ id }: ApiRecord, error: unknown): unknown {
  if (error instanceof InterruptedError) return error;
  if (error instanceof RequestRefusedError) {
    const sentence = `${error.message} Object ${id} is on the target without these values.`;
    return new RequestRefusedError(sentence, { cause: error, refusals: error.refusals });
  }
  const sentence = `Object ${id} was written without its values, and whether they could be set afterwards is not known.`;
  return new OutcomeUnknownError(sentence, { cause: error });
}

async function quietly<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    // The write has been answered; that it cannot be looked at is no reason to lose the answer.
    return undefined;
  }
}

const isNumber = (id: string) => /^\d+$/.test(id) && Number.isSafeInteger(Number(id));

/** A value whose arrival shows that its attribute's id was understood. */
function isTelling({ attributeId, values }: SentValues): boolean {
  return isNumber(attributeId) && values.some((value) => value !== '');
}

const canTell = (values: readonly SentValues[]) => values.some(isTelling);

/** Source: official examples of `POST /object/create` and `PUT /object/{id}`. An id that is no number stays a text. */
function attributesOf(values: readonly SentValues[], form: Form): Json {
  return values.map((sent) => ({
    objectTypeAttributeId:
      form === 'number' && isNumber(sent.attributeId) ? Number(sent.attributeId) : sent.attributeId,
    objectAttributeValues: sent.values.map((value) => ({ value })),
  }));
}

/** Ids of the attributes that have a value. */
function filledAttributes(object: ApiRecord | undefined): ReadonlySet<string> {
  const filled = recordsOf(object?.attributes).filter(
    ({ objectAttributeValues }) => recordsOf(objectAttributeValues).length > 0,
  );
  return new Set(filled.map(attributeIdOf).filter((id) => id !== undefined));
}

function attributeIdOf(attribute: JsonRecord): string | undefined {
  const { objectTypeAttribute } = attribute;
  const nested = isRecord(objectTypeAttribute) ? textOf(objectTypeAttribute.id) : undefined;
  return textOf(attribute.objectTypeAttributeId) ?? nested;
}
