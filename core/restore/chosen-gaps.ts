import { carriedOf, catchingUp, gapOfObjects, sayingCarried } from '../backup/grouped-gaps.ts';
import { DamagedBackupError } from '../errors.ts';
import type { Gap } from '../model/outcome.ts';
import type { BackupSource } from '../reading/backup-source.ts';

interface MissedObject {
  readonly id: string;
  /** When the older copy was read that is kept of it. */
  readonly read: string | null;
}

/**
 * The gaps of a restore that takes some objects alone: those of other objects' histories and comments are none of it. How many of the
 * chosen ones a gap of many stands for the backup's lists of activity say; where they do not, the gap stays as it is.
 */
export async function gapsOfChosen(source: BackupSource, isChosen: (objectId: string) => boolean): Promise<Gap[]> {
  const { gaps } = source.manifest;
  const isOfMany = ({ kind, objects }: Gap) => isActivity(kind) && objects !== undefined;
  const missed = gaps.some(isOfMany) ? await missedObjects(source) : undefined;
  return gaps.flatMap((gap) => {
    if (!isActivity(gap.kind)) return [gap];
    if (gap.objectId !== undefined) return isChosen(gap.objectId) ? [gap] : [];
    const isOnly = gaps.filter((other) => isOfMany(other) && nameOf(other) === nameOf(gap)).length === 1;
    if (!isOfMany(gap) || !missed || !isOnly) return [gap];
    const alone = new Set(gaps.flatMap(({ kind, objectId }) => (kind === gap.kind ? (objectId ?? []) : [])));
    const all = missed.get(nameOf(gap)) ?? [];
    // Of an object whose batch ended without a trace there is no line: it may be any.
    if (all.length < (gap.objects ?? 0)) return [gap];
    const chosen = all.filter(({ id }) => isChosen(id) && !alone.has(id));
    if (chosen.length === 0) return [];
    const { carried: _, ...others } = gap;
    const ids = chosen.map(({ id }) => id);
    const carried = carriedOf(chosen.map(({ read }) => read ?? undefined));
    return [sayingCarried({ ...others, ...gapOfObjects(gap.kind, ids.length, ids, gap.error) }, carried)];
  });
}

const isActivity = (kind: Gap['kind']): kind is 'history' | 'comments' => kind === 'history' || kind === 'comments';

const nameOf = ({ kind, schemaKey, error }: Pick<Gap, 'kind' | 'schemaKey' | 'error'>) =>
  JSON.stringify([kind, schemaKey, error === catchingUp]);

/** Of which objects it was not got, by kind, schema and whether time was up; undefined where the lists are damaged. */
async function missedObjects(source: BackupSource): Promise<Map<string, MissedObject[]> | undefined> {
  const schemaOf = new Map(
    source.manifest.schemas.flatMap(({ key, objectTypes }) => objectTypes.map(({ id }) => [id, key] as const)),
  );
  const missed = new Map<string, MissedObject[]>();
  try {
    for await (const line of source.activityLines()) {
      for (const kind of ['history', 'comments'] as const) {
        const { missed: why, read } = line[kind];
        if (why === undefined) continue;
        const error = why === 'not-reached' ? catchingUp : '';
        const name = nameOf({ kind, error, schemaKey: schemaOf.get(line.type) ?? '' });
        const objects = missed.get(name) ?? [];
        missed.set(name, objects);
        objects.push({ id: line.object, read });
      }
    }
    return missed;
  } catch (error) {
    if (error instanceof DamagedBackupError) return undefined;
    throw error;
  }
}
