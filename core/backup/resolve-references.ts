import { outsideReferencesKey } from '../backup-format/keys.ts';
import type { OutsideReference } from '../backup-format/list-files.ts';
import { counted } from '../counted.ts';
import type { Notice } from '../model/outcome.ts';
import type { Services } from '../ports/services.ts';
import { needJson } from '../work-store/json-file.ts';
import type { IndexedObjects, IndexOfShard } from './indexed-objects.ts';
import { storedList } from './stored-list.ts';
import type { ShardIndex } from './work-files.ts';

/** Finds out which references lead to an object of this backup, and lists those that do not. */
export async function resolveReferences(
  { work, backups }: Pick<Services, 'work' | 'backups'>,
  backup: string,
  { indexes, objects }: { readonly indexes: readonly IndexOfShard[]; readonly objects: IndexedObjects },
  strays: string[],
) {
  const { twice } = objects;
  const list = storedList(backups, (number) => outsideReferencesKey(backup, number), strays);
  let inside = 0;
  let outside = 0;
  for (const { key } of indexes) {
    const index = await needJson<ShardIndex>(work, key);
    inside += index.inside;
    for (const [from, attribute, to] of index.references) {
      if (objects.has(to)) inside += 1;
      else {
        outside += 1;
        const reference: OutsideReference = { from, attribute, to };
        await list.add(reference);
      }
    }
  }
  await list.close();
  const message = `${counted(twice.length, 'object')} became another type's during the backup and ${twice.length === 1 ? 'stands' : 'stand'} in it twice, under both types.`;
  const notices: Notice[] = twice.length === 0 ? [] : [{ kind: 'moved-while-reading', message, objectIds: twice }];
  return { inside, outside, files: list.files, notices };
}
