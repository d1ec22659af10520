import { leftOutWords } from '../backup-format/left-out-words.ts';
import type { ManifestSchema } from '../backup-format/manifest.ts';
import type { RestoreChoices } from '../model/restore.ts';

/** The avatars and attachments that the objects asked for have had and the backup has not, as `leftOutWords` says it. */
export function leftOutOfRestore(
  schemas: readonly ManifestSchema[],
  { processObjects, include: { objectTypes: chosen } }: Pick<RestoreChoices, 'processObjects' | 'include'>,
): string {
  if (!processObjects) return '';
  const isChosen = ({ id, name }: { readonly id: string; readonly name: string }) =>
    chosen.length === 0 || chosen.some((type) => type === id || type === name);
  return leftOutWords(schemas.map(({ key, objectTypes }) => ({ key, objectTypes: objectTypes.filter(isChosen) })));
}
