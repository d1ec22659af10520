import type { BackupContents } from '../../core/contents/backup-contents.ts';
import { type HeldObject, heldValues } from '../../core/contents/held-object.ts';
import type { ActivityKind } from '../../core/model/activity.ts';
import { type JsonRecord, textOf } from '../../core/model/json.ts';
import { oldestFirst } from '../../core/reading/history-entry.ts';
import type { ActivityShown, ObjectAnswer, Referrer } from '../../pages/answers.ts';
import { NothingThere } from '../faults.ts';
import type { ReadyIndex } from '../index/backup-index.ts';
import type { OpenedBackup } from '../opened-backups.ts';
import { asked } from '../query.ts';
import { shownComment, shownEntry } from './shown-activity.ts';
import { shownValue } from './shown-values.ts';

/** As many of those that refer to an object are named. */
const mostReferrers = 1_000;

/** All about one object. Throws NothingThere. */
export async function objectAnswer({ contents, index }: OpenedBackup, query: URLSearchParams): Promise<ObjectAnswer> {
  const named = asked(query, 'object');
  const object = await contents.object(named);
  if (!object) throw new NothingThere(`${contents.manifest.name} has no such object.`);
  const { id, record, type } = object;
  const ready = index.ready;
  const { listed, damage } = await contents.attributes(type);
  const values = heldValues(record, listed);
  const isHere = ready && ((other: string) => ready.objects.mayHold(other));
  return {
    backup: contents.manifest.name,
    ...{ id, key: textOf(record.objectKey) ?? '', label: textOf(record.label) ?? '' },
    schema: { id: type.schema.id, key: type.schema.key, name: type.schema.name },
    type: { id: type.id, path: type.path, icon: type.iconId ?? null },
    created: textOf(record.created) ?? null,
    updated: textOf(record.updated) ?? null,
    damage: [
      ...new Set([...contents.damage, ...object.damage, ...[type.schema.damage, damage].filter((one) => one !== null)]),
    ],
    attributes: values.map(({ attribute, values: shown }) => ({
      id: attribute.id,
      name: attribute.name,
      values: shown.map((value) => shownValue(value, isHere)),
    })),
    referrers: ready ? await referrersOf(contents, ready, id) : null,
    comments: await activityOf(contents, 'comments', object, shownComment),
    history: await activityOf(contents, 'history', object, shownEntry),
  };
}

async function referrersOf(contents: BackupContents, { objects }: ReadyIndex, id: string) {
  const { total, shown } = objects.referrers(id, mostReferrers);
  const referrers: Referrer[] = [];
  for (const { number, attribute } of shown) {
    const [from] = objects.objects([number]);
    const type = from && contents.type(from.type);
    if (!type) continue;
    const name = (await contents.attributes(type)).listed.find((one) => one.id === attribute)?.name ?? attribute;
    referrers.push({ id: from.id, key: from.key, label: from.label, attribute: name });
  }
  return { total, shown: referrers, notSearched: [...contents.damage, ...objects.damage] };
}

async function activityOf<Shown>(
  contents: BackupContents,
  kind: ActivityKind,
  object: HeldObject,
  shown: (record: JsonRecord) => Shown,
): Promise<ActivityShown<Shown>> {
  const { readAt, why, records } = await contents.activity(kind, object);
  return { readAt, why, records: records && oldestFirst(records).map(shown) };
}
