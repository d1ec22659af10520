import type { FoundRow, SearchAnswer } from '../../pages/answers.ts';
import type { OpenedBackup } from '../opened-backups.ts';
import { askedPage } from '../query.ts';

/** Objects of a backup in which all words are. */
export function searchAnswer({ contents, index }: OpenedBackup, query: URLSearchParams): SearchAnswer {
  const { ready } = index;
  if (!ready) return index.progress;
  const page = askedPage(query);
  const { total, numbers } = ready.objects.search(query.get('words') ?? '', page);
  const rows = ready.objects.objects(numbers).map(({ id, key, label, type: typeId }): FoundRow => {
    const type = contents.type(typeId);
    return { id, key, label, schema: type?.schema.key ?? '', type: type?.path ?? '' };
  });
  return { state: 'found', total, from: page.from, rows, notSearched: [...contents.damage, ...ready.objects.damage] };
}
