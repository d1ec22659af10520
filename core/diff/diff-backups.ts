import type { Manifest } from '../backup-format/manifest.ts';
import { counted } from '../counted.ts';
import { WrongInputError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { sayActivityNotCompared } from './activity-not-compared.ts';
import { BackupAbsences } from './backup-absences.ts';
import { chosenByFilters } from './chosen.ts';
import { configurationLines } from './configuration-lines.ts';
import type { Change, DiffFilters, DiffLine, DiffSummary, TypeCounts } from './diff-lines.ts';
import { NotCompared } from './not-compared.ts';
import { StoredObjectsDiff } from './stored-objects-diff.ts';
import { type SharedFiles, storedSide } from './stored-side.ts';

export interface DiffOptions {
  readonly filters: DiffFilters;
  /**
   * By the id of an object that a restore has made the one of what it was made of (`madeAgain`): it is the same thing, where the right has
   * that one no more.
   */
  readonly madeOf?: ReadonlyMap<string, string>;
  /** Lines of configuration first, then objects type by type, removed ones last. */
  onLine(line: DiffLine): Promise<void> | void;
}

/**
 * Compares two backups of one site. Throws WrongInputError where they are of two sites or a filter names nothing, DamagedBackupError.
 */
export async function diffBackups(
  services: { readonly backups: BackupStore; readonly reporter: Reporter },
  left: Manifest,
  right: Manifest,
  options: DiffOptions,
): Promise<DiffSummary> {
  if (left.site.workspaceId !== right.site.workspaceId) {
    throw new WrongInputError(
      `${left.name} is a backup of ${left.site.siteName}, and ${right.name} of ${right.site.siteName}: backups of two sites (Assets workspaces ${left.site.workspaceId} and ${right.site.workspaceId}) cannot be compared, since their ids mean different things.`,
    );
  }
  const sources = {
    left: await BackupSource.open(services.backups, left),
    right: await BackupSource.open(services.backups, right),
  };
  const shared: SharedFiles = new Map();
  const absences = { left: new BackupAbsences(left, right), right: new BackupAbsences(right, left) };
  const sides = {
    left: await storedSide(sources.left, absences.left, shared),
    right: await storedSide(sources.right, absences.right, shared),
  };
  const chosen = chosenByFilters(options.filters, sides.left, sides.right);
  const notCompared = new NotCompared();
  const configuration: Record<Change, number> = { added: 0, removed: 0, changed: 0 };
  for (const line of configurationLines(sides.left, sides.right, chosen, notCompared)) {
    configuration[line.change] += 1;
    await options.onLine(line);
  }
  const objects = new StoredObjectsDiff({ ...services, sources, sides, chosen, notCompared, ...options });
  await objects.run();
  if (!chosen.attributes)
    for (const source of [sources.left, sources.right]) sayActivityNotCompared(source, notCompared);
  sayWhatMayHaveMoved({ left, right }, absences, objects.counts, notCompared);
  const counts = [
    ...Object.values(configuration),
    ...objects.counts.flatMap(({ added, removed, changed }) => [added, removed, changed]),
  ];
  return {
    left: left.name,
    right: right.name,
    isEqual: counts.every((count) => count === 0),
    configuration,
    objects: objects.counts,
    notCompared: notCompared.sentences,
  };
}

/** Gaps that are named one by one. */
const mostPlaces = 5;

/** What a backup does not have of one type, or one schema, may have gone to another that it does not know. */
function sayWhatMayHaveMoved(
  { left, right }: { readonly left: Manifest; readonly right: Manifest },
  absences: { readonly left: BackupAbsences; readonly right: BackupAbsences },
  counts: readonly TypeCounts[],
  notCompared: NotCompared,
): void {
  for (const [{ name, options }, { unreadPlaces }, change, way] of [
    [left, absences.left, 'added', 'came there from'],
    [right, absences.right, 'removed', 'went from there to'],
  ] as const) {
    if (!counts.some((type) => type[change] > 0)) continue;
    const keys = options.objectSchemaKeys;
    if (keys)
      notCompared.say(`${name} was made of ${keys.join(', ')} only: what ${way} another schema counts as ${change}.`);
    const moved = change === 'added' ? 'came from there to another type' : 'went there from another type';
    const places = [...new Set(unreadPlaces)];
    for (const place of places.slice(0, mostPlaces)) notCompared.say(`As ${place}, what ${moved} counts as ${change}.`);
    const more = places.length - mostPlaces;
    if (more > 0) notCompared.say(`${name} has ${counted(more, 'gap')} more like these (assets-backup show).`);
  }
}
