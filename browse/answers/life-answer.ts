import type { Silence } from '../../core/find/night.ts';
import { objectLife } from '../../core/find/object-life.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { LifeAnswer } from '../../pages/answers.ts';
import { NothingThere } from '../faults.ts';
import type { OpenedBackup } from '../opened-backups.ts';
import { asked } from '../query.ts';

/** What became of an object in all backups of its site. Throws NothingThere. */
export async function lifeAnswer(
  backups: BackupStore,
  { contents }: OpenedBackup,
  query: URLSearchParams,
): Promise<LifeAnswer> {
  const object = await contents.object(asked(query, 'object'));
  if (!object) throw new NothingThere(`${contents.manifest.name} has no such object.`);
  const { name, site } = contents.manifest;
  if (await backups.ofScripts?.(name))
    return {
      events: [],
      silences: [`${name} is a backup of the original scripts: what became of an object is told of copies alone.`],
    };
  const { workspaceId } = site;
  const place = { schemaId: object.type.schema.id, typeId: object.type.id };
  const { changes, silent } = await objectLife(backups, { workspaceId, object: object.id, place });
  return {
    events: changes,
    silences: silent.map(({ backup, why }) => `${backup} does not tell: ${silenceWords[why as Silence] ?? why}`),
  };
}

const silenceWords: Readonly<Partial<Record<Silence, string>>> = {
  'not made of it': 'it was not made of this schema.',
  partial: 'it is partial there.',
  hidden: 'the site may have hidden it.',
};
