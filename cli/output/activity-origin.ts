import type { ActivityCounts, Manifest } from '../../core/backup-format/manifest.ts';
import { counted } from '../../core/counted.ts';
import { type ActivityKind, activityKinds } from '../../core/model/activity.ts';
import { section } from './section.ts';

const millisecondsADay = 86_400_000;

/** Where a backup's history and comments come from: what the site was asked for, what was carried over from which backup, and how old the oldest is. */
export function activityFacts({ activity, schemas, startedAt }: Manifest): (readonly [string, string])[] {
  const read = ofObjects(activity, 'read');
  const carried = ofObjects(activity, 'carried');
  const missing = ofObjects(activity, 'missing');
  const oldest = oldestActivity(activity);
  return [
    ...(read === '' ? [] : [['Read', read] as const]),
    ...(carried === '' ? [] : [['Carried over', `${carried}, from ${basesOf(schemas)}`] as const]),
    ...(missing === '' ? [] : [['Not read yet', `${missing}; the next night does that first`] as const]),
    ...(oldest === undefined || carried === '' ? [] : [['Oldest', ageOf(oldest, startedAt)] as const]),
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

/** When the oldest history or comments of a backup were read (ISO 8601); undefined where it has none. */
export function oldestActivity(activity: Manifest['activity']): string | undefined {
  return activityKinds.flatMap((kind) => activity[kind].oldest ?? []).sort()[0];
}

/** `history of 1,204 objects, comments of 1,204 objects`; empty where there are none. */
function ofObjects(activity: Readonly<Record<ActivityKind, ActivityCounts>>, what: 'read' | 'carried' | 'missing') {
  return activityKinds
    .filter((kind) => activity[kind][what] > 0)
    .map((kind) => `${kind} of ${counted(activity[kind][what], 'object')}`)
    .join(', ');
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

function ageOf(oldest: string, startedAt: string): string {
  const days = Math.floor((Date.parse(startedAt) - Date.parse(oldest)) / millisecondsADay);
  return `read on ${oldest.slice(0, 10)}, ${days < 1 ? 'less than a day' : counted(days, 'day')} before this backup`;
}
