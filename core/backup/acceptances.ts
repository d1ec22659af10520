import type { Manifest } from '../backup-format/manifest.ts';
import { WrongInputError } from '../errors.ts';
import type { Gap, HiddenThings, Notice } from '../model/outcome.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, readVersionedJson, swapJson } from '../work-store/json-file.ts';

/** A person has said that something is meant so, and no gap, for as long as its number stays. */
export interface Acceptance {
  readonly kind: 'not-visible';
  readonly schemaKey: string;
  /** Null where the schema as a whole tells it. */
  readonly objectTypeId: string | null;
  readonly of: HiddenThings['of'];
  readonly number: number;
  readonly because: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** The backup that showed it. */
  readonly backup: string;
}

interface AcceptedFile {
  readonly accepted: readonly Acceptance[];
}

/** One file for each site, which no step of a run writes. */
export const acceptedKey = (workspaceId: string) => `accepted/${workspaceId}.json`;

/**
 * Notes that what a backup's account does not see is meant so: of one object type, or all that it does not see. Gives what was
 * accepted. Throws WrongInputError where the backup has no such gap.
 */
export async function accept(
  work: WorkStore,
  { name, site, gaps, notices }: Manifest,
  { typeId, ...said }: { readonly typeId: string | undefined } & Pick<Acceptance, 'because' | 'by' | 'at'>,
): Promise<readonly Acceptance[]> {
  const hidden = gaps.flatMap((gap) => acceptanceOf(gap, { ...said, backup: name }) ?? []);
  const chosen = hidden.filter(({ objectTypeId }) => typeId === undefined || objectTypeId === typeId);
  if (chosen.length === 0) {
    const types = hidden.flatMap(({ objectTypeId }) => objectTypeId ?? []);
    const isAccepted = notices.some(
      ({ kind, objectTypeId }) => kind === 'accepted' && (typeId === undefined || objectTypeId === typeId),
    );
    const others = types.length > 0 ? ` It has gaps of that kind in the object types ${types.join(', ')}.` : '';
    const instead = isAccepted ? ' It is accepted already, and stands in a notice (assets-backup show).' : others;
    const ofWhat = typeId === undefined ? '' : ` of the object type ${typeId}`;
    throw new WrongInputError(
      `There is nothing to accept: the backup ${name} has no gap "not-visible"${ofWhat}.${instead}`,
    );
  }
  const key = acceptedKey(site.workspaceId);
  const there = await readVersionedJson<AcceptedFile>(work, key);
  const others = there?.value.accepted.filter((one) => !chosen.some((other) => isSamePlace(one, other))) ?? [];
  await swapJson<AcceptedFile>(work, key, { accepted: [...others, ...chosen] }, there?.version);
  return chosen;
}

/** Of the gaps those that nobody has accepted, and a notice of each that somebody has. */
export async function withoutAccepted(
  work: WorkStore,
  workspaceId: string,
  gaps: readonly Gap[],
): Promise<{ readonly gaps: readonly Gap[]; readonly notices: readonly Notice[] }> {
  const { accepted } = (await readJson<AcceptedFile>(work, acceptedKey(workspaceId))) ?? { accepted: [] };
  const left: Gap[] = [];
  const notices: Notice[] = [];
  for (const gap of gaps) {
    const place = acceptanceOf(gap, { because: '', by: '', at: '', backup: '' });
    const acceptance = place && accepted.find((one) => isSamePlace(one, place) && one.number === place.number);
    if (!acceptance) {
      left.push(gap);
      continue;
    }
    const { schemaKey, objectTypeId, by, at, because } = acceptance;
    const message = `${schemaKey}: ${gap.what} are not visible to this account. ${by} accepted that on ${at.slice(0, 10)}: ${because}`;
    notices.push({ kind: 'accepted', message, schemaKey, ...(objectTypeId !== null && { objectTypeId }) });
  }
  return { gaps: left, notices };
}

function acceptanceOf(
  { kind, schemaKey, objectTypeId, hidden }: Gap,
  said: Pick<Acceptance, 'because' | 'by' | 'at' | 'backup'>,
): Acceptance | undefined {
  if (kind !== 'not-visible' || schemaKey === undefined || !hidden) return undefined;
  return { kind, schemaKey, objectTypeId: objectTypeId ?? null, ...hidden, ...said };
}

function isSamePlace(one: Acceptance, other: Acceptance): boolean {
  return (
    one.kind === other.kind &&
    one.schemaKey === other.schemaKey &&
    one.objectTypeId === other.objectTypeId &&
    one.of === other.of
  );
}
