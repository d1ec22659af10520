import type { ObjectId } from '../../model/ids.ts';
import type { Staying } from '../../model/undo.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { CommentsFile } from '../id-map/comment-journal.ts';
import type { LinksFile } from '../id-map/earlier-restores.ts';
import type { JournalKeys } from '../restore-keys.ts';

/** What a restore has written to objects that it did not make, and that nothing can take back; so it stays. */
export async function writtenElsewhere(
  work: WorkStore,
  journals: JournalKeys,
  restore: string,
  { reader, isMade }: { readonly reader: AssetsReader; readonly isMade: (id: string) => boolean },
): Promise<Staying[]> {
  const stays: Staying[] = [];
  for await (const key of work.list(`${journals.allComments}${restore}.`)) {
    const { objects } = await needJson<CommentsFile>(work, key);
    for (const [id, marks] of Object.entries(objects)) {
      const written = isMade(id) ? [] : Object.entries(marks).filter(([, state]) => state !== 'lost');
      // They went with an object that is gone.
      if (written.length > 0 && !(await reader.object(id as ObjectId))) continue;
      for (const [source] of written) {
        const reason =
          'it is a comment on an object that this restore did not make, and no comment can be deleted here';
        stays.push({ kind: 'comment', source, where: `of object ${id}`, values: 1, reason });
      }
    }
  }
  for await (const key of work.list(`${journals.allLinks}${restore}.`)) {
    const { done, images } = await needJson<LinksFile>(work, key);
    // Version 0.1.0 did not keep what it wrote over.
    for (const id of images ? [] : done.filter((one) => !isMade(one))) {
      const reason = 'the restore was by a version that did not keep what stood there';
      stays.push({ kind: 'object', source: id, where: `object ${id}`, values: 1, reason });
    }
  }
  return stays;
}
