import type { ActivityCounts, Manifest } from '../../core/backup-format/manifest.ts';
import { oldestActivity } from '../../core/backup-format/oldest-activity.ts';
import { counted } from '../../core/counted.ts';
import { type ActivityKind, activityKinds } from '../../core/model/activity.ts';
import { oldestFact } from './oldest-fact.ts';
import { section } from './section.ts';

/** Where a backup's history and comments come from: what the site was asked for, what was carried over from which backup, and how old it is. */
export function activityFacts(manifest: Manifest): (readonly [string, string])[] {
  const { activity, schemas } = manifest;
  const read = ofObjects(activity, 'read');
  const carried = ofObjects(activity, 'carried');
  const missing = ofObjects(activity, 'missing');
  return [
    ...(read === '' ? [] : [['Read', read] as const]),
    ...(carried === '' ? [] : [['Carried over', `${carried}, from ${basesOf(schemas)}`] as const]),
    ...(missing === '' ? [] : [['Not read yet', `${missing}; the next night asks for that`] as const]),
    ...(carried === '' ? [] : oldestFact(oldestActivity(manifest))),
  ];
}

/** Newer backups that this one was not built upon, with the reason; nothing where there are none. */
export function passedOver({ schemas }: Manifest): string {
  const keysOf = new Map<string, string[]>();
  for (const { key, base } of schemas) {
    for (const { backup, reason } of base.passedOver) {
      const line = `${backup}: ${reason}`;
      keysOf.set(line, [...(keysOf.get(line) ?? []), key]);
    }
  }
  const lines = [...keysOf].map(([line, keys]) =>
    keys.length === schemas.length ? line : `${keys.join(', ')}: ${line}`,
  );
  return section('Newer backups from which nothing was carried over', lines, {
    shown: 10,
    rest: 'which the manifest names',
  });
}

/** `history of 12 objects, comments of 1,204 objects`, `history and comments of 1,204 objects`; empty where there are none. */
function ofObjects(activity: Readonly<Record<ActivityKind, ActivityCounts>>, what: 'read' | 'carried' | 'missing') {
  const byCount = Map.groupBy(
    activityKinds.filter((kind) => activity[kind][what] > 0),
    (kind) => activity[kind][what],
  );
  return [...byCount].map(([count, kinds]) => `${kinds.join(' and ')} of ${counted(count, 'object')}`).join(', ');
}

/** The one name where all have the same; otherwise each with its schemas. */
function basesOf(schemas: Manifest['schemas']): string {
  const keysOf = Map.groupBy(
    schemas.filter(({ base }) => base.backup !== null),
    ({ base }) => base.backup,
  );
  if (keysOf.size === 1) return [...keysOf.keys()].join();
  return [...keysOf].map(([backup, of]) => `${backup} (${of.map(({ key }) => key).join(', ')})`).join(' and ');
}
