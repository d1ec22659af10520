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

/**
 * Where objects of the backup are not shown, the site's own counts say whether some are hidden: there, or wherever else they may have
 * gone.
 */
async function doubtAbsences(comparison: LiveComparison): Promise<void> {
  const { input, progress, shards } = comparison;
  const left = await comparison.left();
  let isAnyUnseen = false;
  for (const [shard, { typeId }] of shards.entries()) {
    if (isAnyUnseen || !comparison.isAskedFor(typeId)) continue;
    isAnyUnseen = (await left.ofShard(shard)).some(([id]) => left.expected.seen(id) === 'unseen');
  }
  const swept = new Set(comparison.swept);
  const sweptSchemas = [...swept].flatMap((id) => comparison.rightTypes.get(id)?.schema.id ?? []);
  const schemaIds = new Set(isAnyUnseen ? sweptSchemas : []);
  const seen = (typeId: string) => progress.seen[typeId] ?? 0;
  progress.doubts = await hiddenObjects(input.reader, input.live, { schemaIds, swept, seen });
}
