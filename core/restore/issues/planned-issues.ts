import { createHash } from 'node:crypto';
import type { PlannedIssues, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { StoredIssueField } from '../../reading/stored-issue-links.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { ObjectDecision } from '../plan/plan-objects.ts';
import { type PlannedWrite, subjectOf } from '../plan/plan-writes.ts';
import type { RestoreContext } from '../restore-context.ts';
import { type HeldObjects, heldObjects } from './issue-batches.ts';
import { leftFields } from './issue-journal.ts';
import { whyNotLinked } from './why-not-linked.ts';

/** What a plan knows of the issues of a backup before it is judged. */
export interface IssueCandidates {
  readonly fields: readonly StoredIssueField[];
  readonly held: readonly HeldObjects[];
  /** Why none is linked. */
  readonly notLinked: string | null;
}

/** What a restore is to look at once its objects are made. */
export interface IssuesToLink {
  readonly fields: readonly StoredIssueField[];
  /** Fields that held something that is gone. */
  readonly held: readonly HeldObjects[];
  /** Those of them that will hold something made in its place. */
  readonly linked: readonly HeldObjects[];
  readonly writes: readonly PlannedWrite[];
  /** Whether something is, or will be, there in the place of an object. */
  isMade(objectId: string): boolean;
  readonly counted: PlannedIssues;
}

interface CandidatesInput extends Pick<RestoreContext, 'manifest' | 'sameSite' | 'choices' | 'journals'> {
  readonly services: Pick<Services, 'work'>;
  readonly source: BackupSource;
  readonly run: RestoreRun;
}

/** Undefined where it was not asked for. Throws DamagedBackupError, DamagedWorkFileError. */
export async function readIssueCandidates(input: CandidatesInput): Promise<IssueCandidates | undefined> {
  if (!input.choices.relinkIssues) return undefined;
  // The step goes by them once the objects are made: too late to find out that one is damaged.
  await leftFields(input.services.work, input.journals);
  const notLinked = whyNotLinked(input);
  const found = notLinked === null ? await heldObjects(input.source, () => true) : undefined;
  return { fields: [], held: [], ...found, notLinked };
}

interface Judged {
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly earlier: EarlierRestores;
  /** Subjects of writes that are left. */
  readonly left: ReadonlySet<string>;
}

/** Which issues are linked again, as far as the backup tells: what they hold today the step looks at. */
export function issuesToLink(
  { fields, held: all, notLinked }: IssueCandidates,
  { scan, decisions, earlier, left }: Judged,
): IssuesToLink {
  const decisionOf = (id: string) => decisions[scan.numberOf.get(id) ?? -1];
  const isMade = (id: string) => {
    const decision = decisionOf(id);
    if (decision?.target) return decision.target.id !== id;
    if (decision) return decision.action === 'create';
    return earlier.allMade(id).some(({ target }) => target !== id);
  };
  /** It is gone, and is not made: then its issues are named. */
  const isMissed = (id: string) => decisionOf(id)?.action === 'conflict' && decisionOf(id)?.target === undefined;
  const concerned = all.filter(({ before }) => before.some((id) => isMade(id) || isMissed(id)));
  const isLeft = (one: HeldObjects) => left.has(subjectOf(writeOf(one, isMade)));
  const held = concerned.filter((one) => !isLeft(one));
  const linked = held.filter(({ before }) => before.some(isMade));
  const byField = Map.groupBy(linked, ({ field }) => field);
  return {
    ...{ fields, held, linked, isMade },
    writes: linked.map((one) => writeOf(one, isMade)),
    counted: {
      issues: new Set(linked.map(({ issue }) => issue)).size,
      fields: [...byField].map(([id, list]) => ({ id, name: list[0]?.name ?? '', issues: list.length })),
      notLinked,
    },
  };
}

function writeOf({ issue, key, field, name, before }: HeldObjects, isMade: (id: string) => boolean): PlannedWrite {
  const sent = JSON.stringify(before.map((id) => [id, isMade(id)]));
  return {
    ...{ kind: 'issue', source: `${issue} ${field}`, action: 'update', target: issue },
    precondition: 'as the backup has it, but for what is gone',
    digest: createHash('sha256').update(sent).digest('hex').slice(0, 32),
    where: `${key} ${name}`,
  };
}
