import type { HeldSchema } from '../../core/contents/held-object.ts';
import type { BackupAnswer, SchemaShown } from '../../pages/answers.ts';
import type { BrowsedPlace } from '../browsed-place.ts';
import type { OpenedBackup } from '../opened-backups.ts';
import { summaryIn } from './backups-answer.ts';

/** All that one backup says of itself. */
export async function backupAnswer(place: BrowsedPlace, { contents, index }: OpenedBackup): Promise<BackupAnswer> {
  // It is made while people look at this.
  void index.ready;
  const { manifest, schemas, damage } = contents;
  return {
    backup: manifest.name,
    summary: await summaryIn(place, manifest),
    damage,
    schemas: schemas.map(shown),
    gaps: manifest.gaps.map(
      ({ what, schemaKey, reason }) => `${schemaKey === undefined ? '' : `${schemaKey}: `}${what}: ${reason}`,
    ),
    notices: manifest.notices.map(({ message }) => message),
    notOffered: manifest.notOffered.map(({ what, reason }) => `${what}: ${reason}`),
  };
}

function shown({ id, key, name, damage, types }: HeldSchema): SchemaShown {
  return {
    ...{ id, key, name, damage },
    objects: types.reduce((sum, { objects }) => sum + objects, 0),
    types: types.map((type) => ({
      id: type.id,
      name: type.name,
      path: type.path,
      parent: type.parentId ?? null,
      icon: type.iconId ?? null,
      objects: type.objects,
    })),
  };
}
