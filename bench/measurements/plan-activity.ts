import { functionNeeds } from '../../functions/function-needs.ts';
import type { Bench } from '../bench.ts';
import { measuredBytes } from '../cost/measured-bytes.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { PlannedNightInput, PlannedNightReport } from '../processes/planned-night.ts';

/** What the plan of a second night's history and comments keeps in memory: it is made in one invocation. */
export async function measurePlanActivity({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const objects = sizes.plannedObjects;
  progress(`plan of the second night of ${objects} objects`);
  const site = await PretendSite.start(workshop, { seed: { objects, types: 100, schemas: 10 } });
  const input = { directory: workshop.folder(), site: site.ready };
  const night = (isStopped: boolean) =>
    workshop.run<PlannedNightReport>('planned-night', { ...input, isStopped } satisfies PlannedNightInput);
  await night(false);
  const { planBytes, planSeconds } = await night(true);
  await site.stop();
  const { memoryMegabytes, minutes } = functionNeeds['plan-activity'];
  return {
    heading: `plan-activity: plan of the history and comments of ${objects.toLocaleString('en-US')} objects, a file an object, upon the night before`,
    figures: [
      {
        what: 'memory of the plan, an object',
        measured: planBytes / objects,
        unit: units.bytes,
        bound: { kind: 'at most', value: measuredBytes.plannedObject },
      },
      {
        what: 'time, this machine',
        measured: planSeconds,
        unit: units.seconds,
        bound: { kind: 'at most', value: 60 * minutes },
      },
    ],
    notes: [
      "memory: what is alive in V8's heap when the first batch is written, beyond what was there before the plan",
      `its function has ${memoryMegabytes} MB, of which V8 takes half for its heap: docs/cost-and-limits.md says how many objects that is`,
    ],
  };
}
