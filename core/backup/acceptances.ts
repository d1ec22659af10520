import { identityOf, type Manifest } from '../backup-format/manifest.ts';
import { WrongInputError } from '../errors.ts';
import type { Gap, HiddenThings, Notice } from '../model/outcome.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, readVersionedJson, swapJson } from '../work-store/json-file.ts';
import { isSamePlace as isSameLoss, type LossAcceptance, withoutAcceptedLosses } from './loss-alarm/accepted-losses.ts';

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
  /** What was suspicious; of 0.1.0 there is none. */
  readonly losses?: readonly LossAcceptance[];
}

/** One file for each site, which no step of a run writes. */
export const acceptedKey = (workspaceId: string) => `accepted/${workspaceId}.json`;

/** What is suspicious about backups of a site and was accepted. */
export async function readAcceptedLosses(work: WorkStore, workspaceId: string): Promise<readonly LossAcceptance[]> {
  return (await readJson<AcceptedFile>(work, acceptedKey(workspaceId)))?.losses ?? [];
}

/**
 * Notes that what a backup's account does not see, and what is suspicious about it, is meant so: of one object type, or all. Gives
 * what was accepted. Throws WrongInputError where the backup has nothing of the kind.
 */
export async function accept(
  work: WorkStore,
  manifest: Manifest,
  { typeId, ...said }: { readonly typeId: string | undefined } & Pick<Acceptance, 'because' | 'by' | 'at'>,
): Promise<readonly (Acceptance | LossAcceptance)[]> {
  const backup = identityOf(manifest);
  const key = acceptedKey(manifest.site.workspaceId);
  const there = await readVersionedJson<AcceptedFile>(work, key);
  const { accepted = [], losses = [] } = there?.value ?? {};
  const hidden = manifest.gaps.flatMap((gap) => acceptanceOf(gap, { ...said, backup }) ?? []);
  const suspicious = withoutAcceptedLosses(backup, manifest.suspicions, losses).map(
    ({ kind, schemaId, schemaKey, objectTypeId, attributeId, objectSchemaKeys, now }): LossAcceptance => ({
      ...{ kind, schemaId, schemaKey, objectTypeId, attributeId, objectSchemaKeys, number: now, ...said, backup },
    }),
  );
  const isChosen = (one: Acceptance | LossAcceptance) => typeId === undefined || one.objectTypeId === typeId;
  const [chosenHidden, chosenLosses] = [hidden.filter(isChosen), suspicious.filter(isChosen)];
  const chosen = [...chosenHidden, ...chosenLosses];
  if (chosen.length === 0) throw nothingToAccept(manifest, typeId, [...hidden, ...suspicious]);
  const others = accepted.filter((one) => !chosenHidden.some((other) => isSamePlace(one, other)));
  const isAnew = (one: LossAcceptance) =>
    chosenLosses.some((other) => one.backup === other.backup && isSameLoss(one, other));
  await swapJson<AcceptedFile>(
    work,
    key,
    { accepted: [...others, ...chosenHidden], losses: [...losses.filter((one) => !isAnew(one)), ...chosenLosses] },
    there?.version,
  );
  return chosen;
}

function nothingToAccept(
  { name, notices, suspicions }: Manifest,
  typeId: string | undefined,
  others: readonly { readonly objectTypeId?: string | null | undefined }[],
): WrongInputError {
  const types = [...new Set(others.flatMap(({ objectTypeId }) => objectTypeId ?? []))];
  const isOfType = (objectTypeId: string | undefined) => typeId === undefined || objectTypeId === typeId;
  const isAccepted =
    notices.some(({ kind, objectTypeId }) => kind === 'accepted' && isOfType(objectTypeId)) ||
    suspicions.some(({ objectTypeId }) => isOfType(objectTypeId));
  const elsewhere =
    types.length > 0
      ? ` It has such in the object types ${types.join(', ')}.`
      : others.length > 0
        ? ' It has such, but not of one object type: leave out --type.'
        : '';
  const instead = isAccepted ? ' It is accepted already (assets-backup show).' : elsewhere;
  const ofWhat = typeId === undefined ? '' : ` of the object type ${typeId}`;
  return new WrongInputError(
    `There is nothing to accept: the backup ${name} has no gap "not-visible"${ofWhat}, and nothing suspicious.${instead}`,
  );
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
    const told = acceptanceOf(gap, { because: '', by: '', at: '', backup: '' });
    const acceptance = told && accepted.find((one) => isSamePlace(one, told) && one.number === told.number);
    if (!acceptance) {
      left.push(gap);
      continue;
    }
    const { schemaKey, objectTypeId, by, at, because } = acceptance;
    const message = `${schemaKey}: ${gap.what} are not visible to this account. ${by} accepted that on ${at.slice(0, 10)}: ${because}`;
    const { number, of } = acceptance;
    const place = { schemaKey, ...(objectTypeId !== null && { objectTypeId }), hidden: { number, of } };
    notices.push({ kind: 'accepted', message, ...place });
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
