import { compareWithSite } from '../../comparison/compare-with-site.ts';
import { idOf, type ObjectId, typeIdOf } from '../../model/ids.ts';
import { countIn } from '../../model/json.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { LiveComparison } from './live-comparison.ts';

const inFlight = 16;
/** Objects that are asked for before the time is looked at again. */
const askedAtOnce = 200;

/** Lets the site's objects stream past, and puts away those that are new or not as the backup has them. True at the end. */
export async function sweepSite(comparison: LiveComparison): Promise<boolean> {
  const { input, differing, newcomers, progress } = comparison;
  const { services, reader, deadline } = input;
  const left = await comparison.left();
  progress.comparison = await compareWithSite(
    reader,
    {
      typeIds: comparison.swept,
      expected: left.expected,
      objectsIn: (typeId) => countIn(comparison.rightTypes.get(typeId)?.record?.objectCount),
      digestOf: (object, typeId) => comparison.digestOf(object, typeIdOf(object) ?? typeId),
      proves: true,
      onObject: ({ object, number, seen }) => {
        progress.compared += 1;
        services.reporter.advanced('comparison', 1);
        if (seen === 'differs' && number !== undefined) differing.add(left.shardOf(number), number, object);
        // One that was moved meanwhile is shown in both types.
        else if (!seen && newcomers.add(idOf(object)) !== undefined) differing.addUnplaced(object);
      },
      afterPage: () => differing.putAway(),
      onType: async (typeId, ids) => {
        progress.seen = { ...progress.seen, [typeId]: ids.length };
      },
    },
    progress.comparison && { ...progress.comparison, sight: left.expected.sight },
    () => deadline.mayBegin(),
  );
  if (progress.comparison) return false;
  await differing.putAway({ all: true });
  return true;
}

/**
 * Asks for each object by its id that the site's pages have not shown: things move meanwhile, and a search lags. True at the end,
 * when those that are still unseen are not there, as far as the site tells this login.
 */
export async function askForUnseen(comparison: LiveComparison): Promise<boolean> {
  const { input, differing, progress } = comparison;
  const { reader, deadline, services } = input;
  const left = await comparison.left();
  const ask = async (id: string, number: number) => {
    const object = await reader.object(id as ObjectId);
    if (!object) return;
    const typeId = typeIdOf(object) ?? '';
    progress.seen = { ...progress.seen, [typeId]: (progress.seen[typeId] ?? 0) + 1 };
    const seen = left.expected.see(id, comparison.digestOf(object, typeId));
    if (seen === 'differs') differing.add(left.shardOf(number), number, object);
  };
  for (const [shard, { typeId }] of comparison.shards.entries()) {
    if (!comparison.isAskedFor(typeId) || left.endOf(shard) <= progress.at) continue;
    const all = await left.ofShard(shard);
    const unseen = all.filter(([id, number]) => number >= progress.at && left.expected.seen(id) === 'unseen');
    for (let from = 0; from < unseen.length; from += askedAtOnce) {
      const part = unseen.slice(from, from + askedAtOnce);
      progress.at = part[0]?.[1] ?? 0;
      if (!deadline.mayBegin()) return false;
      await sideBySide(part, inFlight, ([id, number]) => ask(id, number));
      services.reporter.advanced('comparison', part.length);
      await differing.putAway();
    }
  }
  await differing.putAway({ all: true });
  return true;
}
