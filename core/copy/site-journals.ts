import { acceptedKey } from '../backup/acceptances.ts';
import { CopyRefusedError, DamagedWorkFileError, KeyExistsError, VersionConflictError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';
import type { ConfigurationIntents } from '../restore/id-map/configuration-journal.ts';
import { checkJournals } from '../restore/id-map/journal-files.ts';
import { journalKeys, journalsOf, restoreKeys } from '../restore/restore-keys.ts';
import { checkNoRestore } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { missingFile, needJson } from '../work-store/json-file.ts';
import { type CarriedJournals, digestOf, writtenMeanwhile } from './carried-journals.ts';
import type { CopyPlace } from './copy-place.ts';

const filesAtOnce = 8;

/** Files of the work store that tell what restores of a site have made, and what was accepted of it. */
export interface SiteJournals {
  /** Those that the destination does not have, in the order in which they are to be written. */
  readonly lacking: readonly JournalFile[];
  /** Those that it has as they are. */
  readonly same: readonly JournalFile[];
  /** Those that it has otherwise. */
  readonly other: readonly OtherFile[];
}

interface JournalFile {
  readonly key: string;
  /** SHA-256 of what the source has. */
  readonly digest: string;
}

interface OtherFile extends JournalFile {
  /** Of what the destination has, and the version that goes with it. */
  readonly digestThere: string;
  readonly version: string;
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
  const lacking: JournalFile[] = [];
  const same: JournalFile[] = [];
  const other: OtherFile[] = [];
  for await (const key of journalFiles(source, workspaceId)) {
    const there = await destination.read(key);
    const digest = digestOf(await textOf(source, key));
    if (!there) lacking.push({ key, digest });
    else if (digestOf(there.text) === digest) same.push({ key, digest });
    else other.push({ key, digest, digestThere: digestOf(there.text), version: there.version });
  }
  return { lacking, same, other };
}

/** Two places, and whose journals are meant. */
export interface JournalCopy {
  readonly source: CopyPlace;
  readonly destination: CopyPlace;
  readonly workspaceId: string;
  readonly journals: SiteJournals;
}

/**
 * Looks whether journals may be carried: whole at the source, written by no restore at either end, and those that the destination has
 * otherwise still as they were carried there. Throws DamagedWorkFileError, RunInProgressError, CopyRefusedError.
 */
export async function checkCarriable(carried: CarriedJournals, copy: JournalCopy): Promise<void> {
  const { source, destination, workspaceId, journals } = copy;
  const targets = await targetsOf(source.work, workspaceId);
  for (const place of [source, destination]) await checkNoRestore(place, targets);
  for (const target of targets) await checkJournals(source.work, journalKeys(workspaceId, target));
  const [first, ...others] = journals.other.filter(
    ({ key, digest, digestThere }) => !carried.hasGoneOn(key, { from: digestThere, to: digest }),
  );
  if (first === undefined) return;
  const more = others.length > 0 ? `, and ${others.length} more,` : '';
  throw new CopyRefusedError(
    `${destination.work.addressOf(first.key)}${more} is not what ${source.name} has, nor what was carried from there last: restores or acceptances have gone on in ${destination.name} itself, or it knows of later ones, and which place knows more of what was made nobody can tell. Nothing was copied. Where nobody restores from ${destination.name}, remove what it has of these (${journalsOf(workspaceId)} and ${acceptedKey(workspaceId)} in its work store), and start again; otherwise leave out --with-journals.`,
  );
}

/** Notes what is carried before it is, so that it is known for that whenever this is broken off. Throws CopyRefusedError where somebody has written one of them meanwhile. */
export async function carryJournals(
  carried: CarriedJournals,
  { source, destination, journals }: JournalCopy,
  begins: () => void,
): Promise<void> {
  const { lacking, same, other } = journals;
  await carried.note([...lacking, ...same, ...other]);
  const versions = new Map(other.map(({ key, version }) => [key, version]));
  const files = [...lacking, ...other];
  const isNaming = ({ key }: JournalFile) => partsOf(key).kind === 'configuration';
  // Journals before what names them.
  for (const some of [files.filter((file) => !isNaming(file)), files.filter(isNaming)]) {
    await sideBySide(some, filesAtOnce, async ({ key, digest }) => {
      begins();
      const text = await textOf(source.work, key);
      if (digestOf(text) !== digest) throw writtenMeanwhile(source.work, key);
      await send(destination.work, key, { text, version: versions.get(key) });
    });
  }
}

async function send(
  work: WorkStore,
  key: string,
  { text, version }: { readonly text: string; readonly version: string | undefined },
): Promise<void> {
  try {
    if (version === undefined) await work.create(key, text);
    else await work.replace(key, text, version);
  } catch (error) {
    if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
    if ((await work.read(key))?.text !== text) throw writtenMeanwhile(work, key, error);
  }
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
