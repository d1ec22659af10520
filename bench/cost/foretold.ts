import { margin } from '../../core/runs/deadline.ts';
import { assumedSeconds } from './assumed-seconds.ts';
import counted from './counted.json' with { type: 'json' };
import { fittedSites } from './counted-sites.ts';
import { type RunCount, type RunKind, runKinds, type SiteCount } from './counts.ts';
import { type Functions, foretell, type Model, modelOf } from './model.ts';
import type { SiteShape } from './site-shape.ts';

/** As `node bench/cost/count.ts` wrote them. */
const counts: readonly SiteCount[] = counted;
export const fittedCounts = counts.slice(0, fittedSites.length);
export const heldOutCounts = counts.slice(fittedSites.length);

export const models = Object.fromEntries(runKinds.map((kind) => [kind, modelOf(kind, fittedCounts)])) as Record<
  RunKind,
  Model
>;

/** Functions of 15 minutes. */
const onAws: Functions = { workSeconds: 15 * 60 - margin / 1000, planObjectSeconds: assumedSeconds.planObject };

/** What a run takes on such a site, by the runs that were counted. */
export function foretold(kind: RunKind, shape: SiteShape, functions = onAws): RunCount {
  return foretell(models[kind], shape, functions);
}
