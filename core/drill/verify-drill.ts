import type { DrillRun } from '../model/drill.ts';
import type { Difference } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { ActivityReader } from '../reading/stored-activity.ts';
import { restoredRemarks } from '../restore/activity/remarks.ts';
import { KnownObjects } from '../restore/id-map/known-objects.ts';
import type { CommentBatch, ObjectPlan } from '../restore/plan-files.ts';
import { verifyRestore } from '../restore/proof/verify-restore.ts';
import { openSource } from '../restore/restore-context.ts';
import { Deadline } from '../runs/deadline.ts';
import { sideBySide } from '../side-by-side.ts';
import { needJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { type ComparedComments, compareComments } from './compare-comments.ts';
import { drillKeys } from './drill-keys.ts';

/** From here on `from` counts batches of comments; before it is the restore's own cursor. */
const firstOfComments = 1_000_000;
const atOnce = 16;

/** What a batch of comments came to. */
export interface CommentsCompared {
  readonly compared: number;
  /** Objects of which the site did not list any comments, since it does not offer them. */
  readonly notOffered: number;
  readonly differences: readonly Difference[];
}

/**
 * The proof of a restore, and of the comments besides, which a restore does not read back. Changes nothing. Goes on where `from` says;
 * hands back where to go on, or null.
 */
export async function verifyDrill(
  services: Services,
  { run, from }: { run: DrillRun; from: number },
): Promise<{ next: number | null }> {
  if (from < firstOfComments) {
    const { next } = await verifyRestore(services, { run, from });
    return { next: next ?? firstOfComments };
  }
  const { work, site, budget } = services;
  const { keys, journals, source, manifest } = await openSource(services, run);
  const plan = await needJson<ObjectPlan>(work, keys.objectPlan);
  const known = await KnownObjects.read(work, plan, keys, { keys: journals, restore: run.restore });
  const reader = site.reader(run.workspace, budget);
  const stored = new ActivityReader(source);
  const deadline = new Deadline(services);
  for (let number = from - firstOfComments; number < plan.commentBatches; number += 1) {
    if (!deadline.mayBegin()) return { next: firstOfComments + number };
    const { objects } = await needJson<CommentBatch>(work, keys.commentBatch(number));
    const found: ComparedComments[] = [];
    await sideBySide(objects, atOnce, async (object) => {
      const target = known.get(object.source)?.id;
      if (target === undefined) return;
      const remarks = await restoredRemarks({ stored, sourceWorkspaceId: manifest.site.workspaceId }, object);
      found.push(await compareComments(reader, { source: object.source, key: object.key, target }, remarks));
    });
    await writeJson<CommentsCompared>(work, drillKeys.comments(number), {
      compared: found.reduce((sum, { compared }) => sum + compared, 0),
      notOffered: found.filter(({ offered }) => !offered).length,
      differences: found.flatMap(({ differences }) => differences),
    });
  }
  await recordRequests(work, keys.allRequests, reader);
  return { next: null };
}
