import { acceptedKey } from '../backup/acceptances.ts';
import { CopyRefusedError, DamagedWorkFileError, KeyExistsError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';
import type { ConfigurationIntents } from '../restore/id-map/configuration-journal.ts';
import { checkJournals } from '../restore/id-map/journal-files.ts';
import { journalKeys, journalsOf, restoreKeys } from '../restore/restore-keys.ts';
import { checkNoRestore } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { missingFile, needJson } from '../work-store/json-file.ts';
import type { CopyPlace } from './copy-place.ts';

const filesAtOnce = 8;

/** Files of the work store that tell what restores of a site have made, and what was accepted of it. */
export interface SiteJournals {
  /** Keys of those that the destination does not have, in the order in which they are to be written. */
  readonly lacking: readonly string[];
  /** How many it has as they are. */
  readonly same: number;
  /** Keys of those that it has otherwise. */
  readonly other: readonly string[];
}

/**
 * What a site's restores have left at the source that restores elsewhere go by, held against what the destination has: all
 * journals of the site, by which nothing is made twice; of a restore that has not come to its end also what was there before it,
 * by which what it was making is told; and what was accepted. Changes nothing. Throws DamagedWorkFileError.
 */
export async function compareJournals(
  source: WorkStore,
  destination: WorkStore,
  workspaceId: string,
): Promise<SiteJournals> {
  const lacking: string[] = [];
  const other: string[] = [];
  let same = 0;
  for await (const key of journalFiles(source, workspaceId)) {
    const there = await destination.read(key);
    if (!there) lacking.push(key);
    else if (there.text === (await textOf(source, key))) same += 1;
    else other.push(key);
  }
  return { lacking, same, other };
}

/**
 * Looks whether journals may be carried: whole at the source, written by nobody at either end, and not other than those of the
 * destination. Throws DamagedWorkFileError, RunInProgressError, CopyRefusedError.
 */
export async function checkCarriable(
  source: CopyPlace,
  destination: CopyPlace,
  { workspaceId, journals }: { readonly workspaceId: string; readonly journals: SiteJournals },
): Promise<void> {
  const targets = await targetsOf(source.work, workspaceId);
  for (const place of [source, destination]) await checkNoRestore(place, targets);
  for (const target of targets) await checkJournals(source.work, journalKeys(workspaceId, target));
  const [first] = journals.other;
  if (first === undefined) return;
  const more = journals.other.length > 1 ? `, and ${journals.other.length - 1} more,` : '';
  throw new CopyRefusedError(
    `${destination.work.addressOf(first)}${more} is not what ${source.name} has: restores have gone on in one of the two places since, and which knows more of what was made nobody can tell. Nothing was copied. Where nobody restores from ${destination.name}, remove what it has of these (${journalsOf(workspaceId)} and ${acceptedKey(workspaceId)} in its work store), and start again; otherwise leave out --with-journals.`,
  );
}

/** Throws CopyRefusedError where somebody has written one of them meanwhile. */
export async function carryJournals(
  source: WorkStore,
  destination: WorkStore,
  keys: readonly string[],
  begins: () => void,
): Promise<void> {
  await sideBySide(keys, filesAtOnce, async (key) => {
    begins();
    const text = await textOf(source, key);
    try {
      await destination.create(key, text);
    } catch (error) {
      if (!(error instanceof KeyExistsError)) throw error;
      if ((await destination.read(key))?.text === text) return;
      throw new CopyRefusedError(`${destination.addressOf(key)} was written by somebody else meanwhile. Start again.`, {
        cause: error,
      });
    }
  });
}

/** Journals before what names them: a restore that finds some of them without the others says so, and makes nothing. */
async function* journalFiles(work: WorkStore, workspaceId: string): AsyncGenerator<string> {
  const configurations: string[] = [];
  for await (const key of work.list(journalsOf(workspaceId))) {
    if (partsOf(key).kind === 'configuration') configurations.push(key);
    else yield key;
  }
  for (const key of configurations) {
    if (await isFinished(work, key)) continue;
    yield* work.list(restoreKeys(partsOf(key).file.replace(/\.json$/, '')).allBefore);
  }
  yield* configurations;
  const accepted = acceptedKey(workspaceId);
  if (await work.read(accepted)) yield accepted;
}

/** What cannot be read is told where journals are carried; it is no matter of the backup. */
async function isFinished(work: WorkStore, key: string): Promise<boolean> {
  try {
    const { schemaKeys, finishedKeys } = await needJson<ConfigurationIntents>(work, key);
    return schemaKeys.every((schema) => finishedKeys.includes(schema));
  } catch (error) {
    if (error instanceof DamagedWorkFileError) return false;
    throw error;
  }
}

async function targetsOf(work: WorkStore, workspaceId: string): Promise<ReadonlySet<string>> {
  const targets = new Set<string>();
  for await (const key of work.list(journalsOf(workspaceId))) targets.add(partsOf(key).target);
  return targets;
}

/** `journals/<source>/<target>/<kind>/<file>` */
function partsOf(key: string): { readonly target: string; readonly kind: string; readonly file: string } {
  const [, , target = '', kind = '', file = ''] = key.split('/');
  return { target, kind, file };
}

async function textOf(work: WorkStore, key: string): Promise<string> {
  const there = await work.read(key);
  if (!there) throw missingFile(work, key);
  return there.text;
}
