import { counted } from '../counted.ts';
import { UnexpectedAnswerError } from '../errors.ts';
import { idOf, type ObjectTypeId } from '../model/ids.ts';
import { textOf } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { GapCollector } from './gaps.ts';
import type { TypeToExport } from './work-files.ts';

/**
 * Names the attributes that objects of a type have and its stored list lacks: made meanwhile, where the site lists them by now, which
 * is a notice; a gap of the configuration otherwise.
 */
export async function nameUnlisted(
  reader: AssetsReader,
  gaps: GapCollector,
  type: TypeToExport,
  unlisted: readonly string[],
): Promise<Notice[]> {
  if (type.attributes === null || unlisted.length === 0) return [];
  const place = { schemaKey: type.schema.key, objectTypeId: type.id };
  const what = `attributes of object type ${type.name}`;
  const listed = await gaps.try({ kind: 'configuration', what: `${what}, listed again`, ...place }, () =>
    reader.attributes(type.id as ObjectTypeId),
  );
  const nameOf = new Map(listed?.map((attribute) => [idOf(attribute) as string, textOf(attribute.name) ?? '']));
  const [late, missing] = [unlisted.filter((id) => nameOf.has(id)), unlisted.filter((id) => !nameOf.has(id))];
  if (listed && missing.length > 0) {
    const sentence = `Its objects have ${counted(missing.length, 'attribute')} that its list of attributes does not name (${missing.slice(0, 5).join(', ')}).`;
    gaps.add({ kind: 'configuration', what, ...place }, new UnexpectedAnswerError(sentence));
  }
  return late.map((id) => ({
    kind: 'made-meanwhile',
    message: `The attribute ${nameOf.get(id)} of ${type.name} was made after this backup had read the attributes of its type: it is not in the backup, and a restore leaves out the values that objects have of it.`,
    ...place,
  }));
}
