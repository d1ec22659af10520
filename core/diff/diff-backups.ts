import type { Manifest } from '../backup-format/manifest.ts';
import { WrongInputError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { sayActivityNotCompared } from './activity-not-compared.ts';
import { BackupAbsences } from './backup-absences.ts';
import { chosenByFilters } from './chosen.ts';
import { configurationLines } from './configuration-lines.ts';
import type { Change, DiffFilters, DiffLine, DiffSummary } from './diff-lines.ts';
import { issueLinksDiffer } from './issue-links-differ.ts';
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
  if (Object.values(chosen).every((part) => part === undefined)) {
    for (const sentence of issueLinksDiffer(sources.left, sources.right)) notCompared.say(sentence);
  }
  for (const change of ['added', 'removed'] as const) {
    if (objects.counts.every((type) => type[change] === 0)) continue;
    const lacking = change === 'added' ? absences.left : absences.right;
    for (const sentence of lacking.whereItMayBe(change)) notCompared.say(sentence);
  }
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
