import type { ManifestSchema } from '../../backup-format/manifest.ts';
import { NotFoundError, PermissionRefusedError, UnexpectedAnswerError } from '../../errors.ts';
import type { ObjectSchemaId } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { GapCollector } from '../gaps.ts';

/**
 * What became of a schema that an earlier backup has and this one has not. `not-found`: the site says that it has none, as it does of
 * one that the account may not see, and gives no `/usage`, which tells the two apart. `unknown`: the site would not say. `unlisted`: it
 * is there, and the list of schemas did not name it, which is a gap.
 */
export type Absence =
  | { readonly state: 'gone' | 'not-visible' | 'not-found' | 'unknown' | 'unlisted' }
  | { readonly state: 'rekeyed'; readonly key: string };

const askedAtOnce = 8;

interface Question {
  readonly reader: AssetsReader;
  readonly gaps: GapCollector;
  /** Ids that `/usage` names; undefined where it says nothing. */
  readonly inUsage: ReadonlySet<string> | undefined;
  readonly isOfEverySchema: boolean;
}

/** Asks for each of them by its id: a list may be short, and a right may be lost. */
export async function askForAbsent(
  question: Question,
  schemas: readonly ManifestSchema[],
): Promise<ReadonlyMap<string, Absence>> {
  const absences = new Map<string, Absence>();
  await sideBySide(schemas, askedAtOnce, async (schema) => {
    absences.set(schema.id, await absenceOf(question, schema));
  });
  return absences;
}

async function absenceOf(
  { reader, gaps, inUsage, isOfEverySchema }: Question,
  schema: ManifestSchema,
): Promise<Absence> {
  const { id, key, name } = schema;
  const answer = await gaps.try({ kind: 'checks', what: `schema ${id}` }, async () => {
    try {
      return await reader.objectSchema(id as ObjectSchemaId);
    } catch (error) {
      if (error instanceof PermissionRefusedError) return 'refused';
      if (error instanceof NotFoundError) return 'missing';
      throw error;
    }
  });
  if (answer === undefined) return { state: 'unknown' };
  if (answer === 'refused') return { state: 'not-visible' };
  if (answer === 'missing') {
    if (!inUsage) return { state: 'not-found' };
    return { state: inUsage.has(id) ? 'not-visible' : 'gone' };
  }
  const keyNow = textOf(answer.objectSchemaKey) ?? key;
  if (!isOfEverySchema && keyNow !== key) return { state: 'rekeyed', key: keyNow };
  // Where `/usage` names it too, that has been told of it already.
  if (!isOfEverySchema || !inUsage?.has(id)) {
    const sentence = 'The site has this schema, but its list of schemas did not name it.';
    gaps.add({ kind: 'configuration', what: `schema ${name}` }, new UnexpectedAnswerError(sentence));
  }
  return { state: 'unlisted' };
}
