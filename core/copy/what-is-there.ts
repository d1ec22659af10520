import { copiedHere } from '../backup/copied-records.ts';
import { finishedBy } from '../backup/finish-records.ts';
import { workKeys } from '../backup/work-files.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { type ListedBackup, openListed } from '../backup-format/open-backup.ts';
import { CopyRefusedError, NoSuchBackupError } from '../errors.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import { readJson } from '../work-store/json-file.ts';
import type { CopyPlace } from './copy-place.ts';

/**
 * What a place has of a backup that is to be copied there. `nothing`: no manifest, though perhaps files. `made`: it was made
 * there. `copied`: it was copied there. `unrecorded`: it lies there, and no record says how it came.
 */
export type WhatIsThere = 'nothing' | 'made' | 'copied' | 'unrecorded';

/** Throws CopyRefusedError where another backup has the name, or a run of that place is making one. */
export async function whatIsThere(place: CopyPlace, manifest: Manifest): Promise<WhatIsThere> {
  const listed = await listedThere(place, manifest.name);
  if (listed === undefined || listed.state === 'unfinished') {
    await checkNotBeingMade(place, manifest.name);
    return 'nothing';
  }
  const here = place.backups.addressOf(manifest.name);
  if (listed.state === 'original-scripts') {
    throw new CopyRefusedError(
      `${here} is a backup of the original scripts: a copy of that name has no room beside it. Nothing was copied. Copy into another folder.`,
    );
  }
  if (listed.state !== 'finished') {
    throw new CopyRefusedError(
      `${here} cannot be believed: ${listed.reason} Nothing was copied. Move that folder away, then start again.`,
    );
  }
  if (listed.manifest.seal !== manifest.seal) {
    throw new CopyRefusedError(
      `${here} is another backup than ${manifest.name}: it has another seal. Nothing was copied, and nothing is ever written over. Copy into another place.`,
    );
  }
  if (await copiedHere(place.work, listed.manifest)) return 'copied';
  return (await finishedBy(place.work, listed)) === undefined ? 'unrecorded' : 'made';
}

async function listedThere({ backups }: CopyPlace, name: string): Promise<ListedBackup | undefined> {
  try {
    return await openListed(backups, name);
  } catch (error) {
    if (error instanceof NoSuchBackupError) return undefined;
    throw error;
  }
}

/** A name belongs to the run that took it. What one that has ended left there is held against the files to be copied. */
async function checkNotBeingMade({ backups, work, runs }: CopyPlace, name: string): Promise<void> {
  const owner = await readJson<RunHolder>(work, workKeys(name).owner);
  if (!owner || (await runs.hasEnded(owner))) return;
  throw new CopyRefusedError(
    `${backups.addressOf(name)} is being made by a backup that runs there (${owner.executionId}). Nothing was copied.`,
  );
}
