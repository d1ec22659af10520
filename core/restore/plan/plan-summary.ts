import type { Manifest } from '../../backup-format/manifest.ts';
import { counted, readableCount } from '../../counted.ts';
import { type EndpointClass, endpointClasses, minutesInTurn, type RequestBudget } from '../../model/request-budget.ts';
import type {
  CameLater,
  ChangedValues,
  ItemAction,
  LeftByApproval,
  PlanSummary,
  RestoreRun,
} from '../../model/restore.ts';
import type { Offered, Usage } from '../../ports/assets-reader.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { approvalNotices } from '../approval-notices.ts';
import { notOfferedNotices, referrerNotices } from '../backup-losses.ts';
import { managed } from '../configuration/planning.ts';
import { lookRequests } from '../issues/issue-batches.ts';
import type { IssuesToLink } from '../issues/planned-issues.ts';
import type { LackingFile } from '../lacking-files.ts';
import { type ConfigurationPlan, type OutsideTarget, schemasWritten } from '../plan-files.ts';
import { overwrittenTitle } from '../survivor-lines.ts';
import type { PlannedComments } from './comment-batches.ts';
import type { ForeseenLosses } from './foreseen-losses.ts';
import type { LinksAgain } from './links-again.ts';
import type { MissingPeople } from './missing-people.ts';
import { noCounts, type PlanItems } from './plan-items.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { PlanWrites } from './plan-writes.ts';

interface SummaryInput {
  readonly run: RestoreRun;
  readonly budget: RequestBudget;
  readonly setsRestrictions: boolean;
  readonly manifest: Manifest;
  readonly notStored: string;
  readonly items: Pick<PlanItems, 'counts' | 'files'>;
  readonly plan: ConfigurationPlan;
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly outside: ReadonlyMap<string, OutsideTarget>;
  readonly batches: { readonly creates: number; readonly links: number };
  readonly comments: PlannedComments;
  readonly writes: Pick<PlanWrites, 'hash' | 'size'>;
  readonly left: LeftByApproval;
  readonly losses: ForeseenLosses;
  readonly links: LinksAgain;
  readonly changed: ChangedValues;
  readonly changedFiles: readonly string[];
  readonly overwritten: ChangedValues;
  readonly overwrittenFiles: readonly string[];
  readonly clashes: ChangedValues;
  readonly cameLater: CameLater;
  /** Histories that were read. */
  readonly histories: number;
  /** What to warn of after that. */
  readonly ofHistories: readonly string[];
  readonly approvals: readonly string[];
  /** Undefined where no issues were to be linked. */
  readonly issues: IssuesToLink | undefined;
  /** What to warn of in them, before all else. */
  readonly ofIssues: readonly string[];
  readonly missing: MissingPeople;
  readonly usage: Offered<Usage>;
  readonly lacking: readonly LackingFile[];
}

/** Objects that Premium and Enterprise include, by the English page; others are bought (reference, section 6). */
const includedObjects = 50_000;

export function summarise(input: SummaryInput): PlanSummary {
  const { run, items, writes, losses, approvals, missing, usage, batches, budget } = input;
  const requests = requestsOf(input);
  const objectsNow = usage.offered ? usage.value.objects : null;
  const references = [...input.outside.values()];
  const lostOutside = references.filter((found) => 'lost' in found).length;
  return {
    restore: run.restore,
    backup: run.backup,
    target: run.workspace.siteName,
    hash: writes.hash,
    ...input.left,
    schemas: schemasOf(input),
    counts: items.counts,
    writes: writes.size,
    requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
    minutes: Math.ceil(minutesOf(requests, budget)),
    missingAccounts: missing.accounts,
    missingGroups: missing.groups,
    outsideKept: references.length - lostOutside,
    outsideLost: lostOutside,
    objectsNow,
    objectsAfterwards: objectsNow === null ? null : objectsNow + batches.creates,
    losses: losses.first,
    lossCount: losses.count,
    lossGroups: losses.groups,
    linked: input.links.counted,
    issues: input.issues?.counted ?? null,
    changed: input.changed,
    overwritten: input.overwritten,
    clashes: input.clashes,
    cameLater: input.cameLater,
    approvals: [
      ...(input.overwritten.attributes > 0 ? [overwrittenTitle(input.overwritten, 'would')] : []),
      ...approvals,
    ],
    warnings: warningsOf(input, objectsNow),
    notStored: input.notStored,
    itemFiles: items.files,
    lossFiles: losses.files,
    linkFiles: input.links.files,
    changedFiles: input.changedFiles,
    overwrittenFiles: input.overwrittenFiles,
    usersTemplate: missing.usersTemplate,
  };
}

/** The stages follow one another, so their times add up; but comments go on beside the writes to objects. */
function minutesOf(requests: Readonly<Record<EndpointClass, number>>, budget: RequestBudget): number {
  const { comments, 'object-create': creates, 'object-update': updates, ...others } = requests;
  const beside = Math.max(
    minutesInTurn({ 'object-create': creates, 'object-update': updates }, budget),
    minutesInTurn({ comments }, budget),
    (creates + updates + comments) / budget.total,
  );
  return minutesInTurn(others, budget) + beside;
}

function schemasOf({ plan, scan, decisions }: SummaryInput): PlanSummary['schemas'] {
  const ofType = new Map<string, Record<ItemAction, number>>();
  for (const [number, decision] of decisions.entries()) {
    const typeId = scan.shards[scan.shardOf[number] ?? -1]?.typeId ?? '';
    const counts = ofType.get(typeId) ?? noCounts();
    if (decision && (!decision.refersBy || decision.action === 'update')) counts[decision.action] += 1;
    ofType.set(typeId, counts);
  }
  return plan.schemas.flatMap(({ source, sourceKey, key, name, action, reason, isReferrer }) => {
    const types = plan.types
      .filter(({ schema }) => schema === source)
      .map((type) => ({ name: type.path.join(' / '), objects: ofType.get(type.source) ?? noCounts() }));
    const objects = noCounts();
    for (const type of types) {
      for (const [name, count] of Object.entries(type.objects)) objects[name as ItemAction] += count;
    }
    if (isReferrer && objects.update === 0) return [];
    return [{ from: sourceKey, to: key, name, action, reason, objects, types }];
  });
}

/** An estimate: refusals, retries and reads of types that change come on top. */
function requestsOf({
  plan,
  batches,
  comments,
  scan,
  decisions,
  histories,
  setsRestrictions,
  issues,
}: SummaryInput): Record<EndpointClass, number> {
  const made = (list: readonly { readonly action: ItemAction }[]) =>
    list.filter(({ action }) => action === 'create').length;
  const finished = plan.attributes.filter(({ finish, restrictions }) => {
    const { minimumCardinality, maximumCardinality, uniqueAttribute, regexValidation, qlQuery } = restrictions;
    const isPlain =
      minimumCardinality === 0 && maximumCardinality === 1 && !uniqueAttribute && !regexValidation && !qlQuery;
    return finish && setsRestrictions && !isPlain;
  }).length;
  const types = new Set(
    decisions.flatMap((decision, number) => (decision ? [scan.shards[scan.shardOf[number] ?? -1]?.typeId] : [])),
  );
  const objects = decisions.filter((decision) => decision !== undefined).length;
  const requests = Object.fromEntries(endpointClasses.map((name) => [name, 0])) as Record<EndpointClass, number>;
  requests.configuration =
    2 * made(plan.schemas) +
    made(plan.statusTypes) +
    made(plan.referenceTypes) +
    3 * made(plan.icons) +
    made(plan.types) +
    made(plan.attributes) +
    finished +
    2 * plan.relaxed.length;
  // For the plan, for the constraints, and of what is made for the proof of its order.
  requests['object-type-attributes'] =
    2 * plan.types.length + plan.types.filter(({ finish }) => finish).length + 2 * plan.relaxed.length;
  requests['object-create'] = batches.creates;
  requests['object-update'] = batches.links;
  // What is there is looked at just before it is written to, and just before something is made in its stead.
  requests.object =
    decisions.filter((decision) => decision?.action === 'update').length +
    decisions.reduce((sum, decision) => sum + (decision?.asks?.length ?? 0), 0);
  if (issues) {
    const held = new Set(issues.held.map(({ issue }) => issue)).size;
    requests.issue = lookRequests(held, new Set(issues.linked.map(({ issue }) => issue)).size);
    requests['issue-update'] = issues.linked.length;
    // What they held, and what stands in its place.
    requests.object += 2 * new Set(issues.held.flatMap(({ before }) => before)).size;
  }
  requests.history = histories;
  requests.comments = comments.comments + comments.historyComments;
  // The comparison reads every type of the target once, in pages of 400.
  requests['object-aql'] = types.size + Math.ceil(objects / 400);
  requests['object-count'] = types.size;
  return requests;
}

function warningsOf(
  { run, plan, batches, decisions, manifest, missing, lacking, left, overwritten, ofHistories, ofIssues }: SummaryInput,
  objectsNow: number | null,
): string[] {
  const conflicts = decisions.filter((decision) => decision?.action === 'conflict').length;
  const skipped = plan.schemas
    .filter(({ action, reason }) => action === 'skip' && reason === managed)
    .map(({ key }) => key);
  const unmanageable = schemasWritten(plan).filter(({ isManaged, isUnmanageable }) => isUnmanageable && !isManaged);
  const after = (objectsNow ?? 0) + batches.creates;
  const fired = [
    ...(batches.creates > 0 ? ['that is made'] : []),
    ...(overwritten.objects > 0 ? ['in which values are overwritten'] : []),
  ];
  return [
    ...ofIssues,
    ...(run.suspicions ?? []),
    ...approvalNotices(left),
    ...ofHistories,
    ...(fired.length > 0
      ? [
          `Jira automation rules that watch objects may fire for each object ${fired.join(' or ')}: switch them off for the time of the restore.`,
        ]
      : []),
    ...(skipped.length > 0
      ? [`Atlassian manages ${skipped.join(', ')}: such a schema cannot be made, and is skipped.`]
      : []),
    ...(unmanageable.length > 0
      ? [
          `The site says of ${unmanageable.map(({ key }) => key).join(', ')}: this account may not manage it. Its objects are written all the same; what its configuration lacks may be refused. Where that matters, give the account the role Object schema manager there first.`,
        ]
      : []),
    ...(conflicts > 0
      ? [`${counted(conflicts, 'object is', 'objects are')} in conflict with what is on the target, and left alone.`]
      : []),
    ...(objectsNow !== null && after > includedObjects
      ? [
          `The target would have ${counted(after, 'object')}; ${readableCount(includedObjects)} are included in a plan unless more were bought.`,
        ]
      : []),
    ...(missing.accounts === null
      ? ['The login may not list the users of the target, so users it lacks show only when they are written.']
      : []),
    ...(missing.groups === null
      ? ['The login may not list the groups of the target, so groups it lacks show only when they are written.']
      : []),
    ...notOfferedNotices(manifest),
    ...referrerNotices(lacking),
  ];
}
