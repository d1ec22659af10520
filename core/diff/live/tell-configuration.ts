import { configurationLines } from '../configuration-lines.ts';
import { NotCompared } from '../not-compared.ts';
import type { LiveComparison } from './live-comparison.ts';

const activity =
  'Comments and history are not compared with a site, as each object takes two requests: --object compares those of one.';

/** Tells what of the configuration is other, and what is not compared at all. */
export async function tellConfiguration(comparison: LiveComparison): Promise<void> {
  const { input, lines, progress } = comparison;
  const notCompared = new NotCompared();
  for (const line of configurationLines(input.left, input.right, input.chosen, notCompared)) await lines.add(line);
  progress.notCompared = [...notCompared.sentences, activity];
  progress.expected = [...comparison.swept]
    .map((id) => Number(comparison.rightTypes.get(id)?.record?.objectCount ?? 0))
    .reduce((sum, count) => sum + (Number.isFinite(count) ? count : 0), 0);
}
