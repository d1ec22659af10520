import { hiddenObjects } from './absence.ts';
import { leavePart, readLeft } from './backup-objects.ts';
import type { LiveComparison } from './live-comparison.ts';
import type { Phase } from './live-progress.ts';
import { askForUnseen, sweepSite } from './sweep-site.ts';
import { tellConfiguration } from './tell-configuration.ts';
import { tellAdded, tellDiffering } from './value-lines.ts';

/** What is done in each phase; true at its end. */
export const carryOut: Readonly<Record<Phase, (comparison: LiveComparison) => Promise<boolean>>> = {
  async configuration(comparison) {
    await tellConfiguration(comparison);
    return true;
  },
  backup: readBackup,
  async objects(comparison) {
    const isAll = await sweepSite(comparison);
    if (isAll) comparison.forgetNewcomers();
    return isAll;
  },
  async missing(comparison) {
    if (!(await askForUnseen(comparison))) return false;
    await doubtAbsences(comparison);
    return true;
  },
  values: tellDiffering,
  added: tellAdded,
};

async function readBackup(comparison: LiveComparison): Promise<boolean> {
  const { input, progress, shards } = comparison;
  const { services, source, deadline, keys } = input;
  const { reporter, work } = services;
  if (progress.at === 0) reporter.planned('planning', comparison.objectsInBackup);
  const next = await readLeft(
    { source, shards, digestOf: (object, typeId) => comparison.digestOf(object, typeId) },
    {
      from: progress.at,
      mayGoOn: () => deadline.mayBegin(),
      onShard: (objects) => reporter.advanced('planning', objects),
    },
    async (part) => {
      progress.parts += 1;
      await leavePart(work, keys, progress.parts, part);
    },
  );
  if (next !== null) {
    progress.at = next;
    return false;
  }
  reporter.planned('comparison', progress.expected);
  return true;
}

/** Where objects of the backup are not shown, the site's own counts say whether some are hidden there. */
async function doubtAbsences(comparison: LiveComparison): Promise<void> {
  const { input, progress, shards } = comparison;
  const left = await comparison.left();
  const schemaIds = new Set<string>();
  for (const [shard, { schemaId, typeId }] of shards.entries()) {
    if (schemaIds.has(schemaId) || !comparison.isAskedFor(typeId)) continue;
    const ids = await left.ofShard(shard);
    if (ids.some(([id]) => left.expected.seen(id) === 'unseen')) schemaIds.add(schemaId);
  }
  const swept = new Set(comparison.swept);
  const seen = (typeId: string) => progress.seen[typeId] ?? 0;
  progress.doubts = await hiddenObjects(input.reader, input.live, { schemaIds, swept, seen });
}
