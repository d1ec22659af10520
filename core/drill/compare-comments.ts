import type { ObjectId } from '../model/ids.ts';
import { isRecord, type Json, textOf } from '../model/json.ts';
import type { Difference } from '../model/restore.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import { hasMark, plainText } from '../restore/activity/comment-texts.ts';
import type { Remark } from '../restore/activity/remarks.ts';

/** What a drill finds of the comments of one object; `offered` says whether the site lists comments at all. */
export interface ComparedComments {
  readonly offered: boolean;
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/**
 * Reads the comments of an object back, and holds them against those that a restore was to write: each is there once, says the same, and is
 * for the same role. Comments of others, of which a scratch schema has none, are differences too.
 */
export async function compareComments(
  reader: Pick<AssetsReader, 'comments'>,
  object: { readonly source: string; readonly key: string; readonly target: string },
  remarks: readonly Remark[],
): Promise<ComparedComments> {
  const answer = await reader.comments(object.target as ObjectId);
  if (!answer.offered) return { offered: false, compared: 0, differences: [] };
  const there = answer.value.filter(isRecord);
  const { target, key } = object;
  const differences: Difference[] = [];
  const differ = (source: string, where: string, what: string) =>
    differences.push({ kind: 'comment', source, target, where, what });
  for (const { what, mark, role, comment } of remarks) {
    const where = `${what} of ${key}`;
    const found = there.filter((one) => textsOf(one).some((text) => hasMark(text, mark)));
    const [one, ...others] = found;
    if (!one) differ(mark, where, 'it is not there');
    else if (others.length > 0) differ(mark, where, 'it is there more than once');
    else if (!textsOf(one).some((text) => plainText(text) === plainText(comment))) differ(mark, where, 'its text');
    else if (one.role !== undefined && numberOf(one.role) !== role) differ(mark, where, 'its role');
  }
  if (there.length > remarks.length) differ(object.source, `comments of ${key}`, 'there are more than were written');
  return { offered: true, compared: remarks.length, differences };
}

const textsOf = ({ comment, commentOutput }: { readonly [field: string]: Json }) =>
  [textOf(comment), textOf(commentOutput)].filter((text) => text !== undefined);

const numberOf = (value: Json) => Number(textOf(value) ?? Number.NaN);
