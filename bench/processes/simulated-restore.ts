import { endpointClasses, requestBudget } from '../../core/model/request-budget.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { restoreLocally } from '../../local/local-restore.ts';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { countRun } from '../cost/count-run.ts';
import { requestsOf } from '../cost/run-totals.ts';
import { SimulatedClock } from '../cost/simulated-clock.ts';
import { finish, inputOf } from './parent.ts';
import type { StoredBackup } from './verify.ts';

/** In simulated time. */
export interface SimulatedRestore {
  readonly seconds: number;
  readonly requests: number;
  /** What the busiest class of requests takes at its budget: nothing else can take longer than it has to. */
  readonly floorSeconds: number;
}

const { directory, backup } = await inputOf<StoredBackup>();
const clock = new SimulatedClock();
// The backup must not lie in the future.
clock.pass(Math.max(0, Date.now() - clock.now()));
const site = emptySiteLike(emptySite());
// Answers take no time, so that what is left is what the budget makes of the requests.
const place = { directory, clock, site, answerSeconds: { page: 0, answer: 0 } };
const { count } = await countRun({ workSeconds: 480 }, place, async (options) => {
  const { outcome } = await restoreLocally({ ...options, choices: parseRestoreInput({ folder: backup }) });
  if (outcome !== 'restored') throw new Error(`The restore ended as ${outcome}.`);
  return { files: 0, bytes: 0 };
});
const { total, byClass } = requestBudget();
const asked = endpointClasses.map((name) => [name, requestsOf(name, count)] as const);
const requests = asked.reduce((sum, [, number]) => sum + number, 0);
const minutes = Math.max(requests / total, ...asked.map(([name, number]) => number / byClass[name]));
const report: SimulatedRestore = { seconds: count.seconds, requests, floorSeconds: 60 * minutes };
await finish(report);
