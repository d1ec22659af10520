import { comparableValues, kindsOf, labelDigest, objectDigest } from '../../comparison/object-values.ts';
import { NotFoundError, SiteUnavailableError } from '../../errors.ts';
import { idOf, type ObjectId, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { readObjects } from '../../reading/read-objects.ts';
import { sayWaiting } from '../../waiting.ts';
import type { OpenEntry } from '../id-map/object-journal.ts';

/** What became of a create whose answer is not known. */
export type Settled =
  | { readonly state: 'created'; readonly target: string; readonly key: string }
  | { readonly state: 'absent' }
  | { readonly state: 'ambiguous'; readonly candidates: readonly string[] };

export interface OpenCreates {
  readonly open: ReadonlyMap<string, OpenEntry>;
  /** Objects of the target that are known to be something else: what was there before, and what has been created. */
  isClaimed(targetId: string, typeId: string): boolean;
  /** The newest object that is known to have been created: when a search finds it, the index has come so far. */
  readonly newest: string | undefined;
}

interface Candidate {
  readonly id: string;
  readonly key: string;
  readonly digest: string;
  readonly label: string;
}

const pollMilliseconds = 5_000;
/** A search that does not find an object after so long will not find others either. */
const longestPolls = 120;

/**
 * Finds out what became of creates whose answers were lost. Waits until a search would find them, then holds the objects
 * that nobody claims against what was sent: as many look-alikes as were sent, or fewer, are ours; where there are more,
 * or one has our label and other values, nobody can tell, and nothing is created.
 */
export async function settleObjects(
  services: Pick<Services, 'clock' | 'reporter' | 'searchLagMilliseconds'>,
  reader: AssetsReader,
  creates: OpenCreates,
): Promise<Map<string, Settled>> {
  const settled = new Map<string, Settled>();
  if (creates.open.size === 0) return settled;
  await waitForSearch(services, reader, creates.newest);
  const byType = Map.groupBy(creates.open, ([, { type }]) => type);
  for (const [typeId, intents] of byType) {
    const candidates = await unclaimedObjects(reader, typeId as ObjectTypeId, creates);
    for (const [source, outcome] of match(intents, candidates)) settled.set(source, outcome);
  }
  const count = (state: Settled['state']) =>
    settled
      .values()
      .filter((outcome) => outcome.state === state)
      .toArray().length;
  services.reporter.event('info', 'restore.settled', {
    created: count('created'),
    absent: count('absent'),
    ambiguous: count('ambiguous'),
  });
  return settled;
}

async function waitForSearch(
  services: Pick<Services, 'clock' | 'reporter' | 'searchLagMilliseconds'>,
  reader: AssetsReader,
  newest: string | undefined,
): Promise<void> {
  const { clock, searchLagMilliseconds } = services;
  const wait = {
    what: 'for the search of the target to show new objects (what became of creates without an answer is being settled)',
    milliseconds: searchLagMilliseconds,
  };
  await sayWaiting(services, wait, () => clock.sleep(searchLagMilliseconds));
  if (newest === undefined || (await isInSight(reader, newest))) return;
  const longer = {
    what: 'at most for the search of the target, which does not show the newest object yet',
    milliseconds: longestPolls * pollMilliseconds,
  };
  const isFound = await sayWaiting(services, longer, async () => {
    for (let polls = 0; polls < longestPolls; polls += 1) {
      await clock.sleep(pollMilliseconds);
      if (await isInSight(reader, newest)) return true;
    }
    return false;
  });
  if (isFound) return;
  throw new SiteUnavailableError(
    'The search of the target does not find objects that were created ten minutes ago, so nobody can tell what became of those whose answers were lost. Start the restore again later: it goes on where it stopped.',
  );
}

/** One that was deleted meanwhile is never found. */
async function isInSight(reader: AssetsReader, newest: string): Promise<boolean> {
  const id = newest as ObjectId;
  return (await reader.isFoundBySearch(id)) || (await reader.object(id)) === undefined;
}

async function unclaimedObjects(
  reader: AssetsReader,
  typeId: ObjectTypeId,
  { isClaimed }: OpenCreates,
): Promise<Candidate[]> {
  const attributes = await attributesOf(reader, typeId);
  // A type that was deleted meanwhile took its objects along.
  if (!attributes) return [];
  const kinds = kindsOf(attributes);
  const candidates: Candidate[] = [];
  const { isProven } = await readObjects(reader, typeId, (object) => {
    if (isClaimed(idOf(object), typeId)) return;
    candidates.push({
      id: idOf(object),
      key: textOf(object.objectKey) ?? '',
      digest: objectDigest(comparableValues(object, kinds)),
      label: labelDigest(textOf(object.label) ?? ''),
    });
  });
  if (!isProven) {
    throw new SiteUnavailableError(
      'Objects of a type come and go while what became of lost answers is found out. Start the restore again when the target is quieter: it goes on where it stopped.',
    );
  }
  return candidates.toSorted((a, b) => Number(a.id) - Number(b.id));
}

async function attributesOf(reader: AssetsReader, typeId: ObjectTypeId): Promise<readonly ApiRecord[] | undefined> {
  try {
    return await reader.attributes(typeId);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

function* match(
  intents: readonly (readonly [string, OpenEntry])[],
  candidates: readonly Candidate[],
): Generator<[string, Settled]> {
  const free = new Set(candidates);
  const left: (readonly [string, OpenEntry])[] = [];
  for (const [digest, alike] of Map.groupBy(intents, ([, intent]) => intent.digest)) {
    const found = candidates.filter((candidate) => candidate.digest === digest);
    for (const candidate of found) free.delete(candidate);
    if (found.length > alike.length) {
      const ids = found.map(({ id }) => id);
      for (const [source] of alike) yield [source, { state: 'ambiguous', candidates: ids }];
      continue;
    }
    for (const [index, intent] of alike.entries()) {
      const candidate = found[index];
      if (candidate) yield [intent[0], { state: 'created', target: candidate.id, key: candidate.key }];
      else left.push(intent);
    }
  }
  for (const [source, { label }] of left) {
    const similar = [...free].filter((candidate) => candidate.label === label).map(({ id }) => id);
    yield [source, similar.length > 0 ? { state: 'ambiguous', candidates: similar } : { state: 'absent' }];
  }
}
