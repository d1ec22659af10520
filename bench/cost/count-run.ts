import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import { margin } from '../../core/runs/deadline.ts';
import type { LocalOptions } from '../../local/local-execution.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { assumedSeconds } from './assumed-seconds.ts';
import { CountedRun } from './counted-run.ts';
import type { CountedSite, RunCount } from './counts.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Where and when runs are counted. */
export interface CountedPlace {
  readonly directory: string;
  /** One for all runs of a folder, so that each has a time of its own, which is its name. */
  readonly clock: SimulatedClock;
  readonly site: SimulatedSite;
  /** How long the site takes for a page of objects, and for any other answer. @default those that the page assumes */
  readonly answerSeconds?: AnswerSeconds;
}

export type AnswerSeconds = { readonly [Answer in 'page' | 'answer']: number };

type RunOptions = Pick<LocalOptions, 'directory' | 'settings' | 'reporter' | 'clock' | 'decorate' | 'onState'>;

/** Counts a run within the default budget and in simulated time, product and simulator in this process. */
export async function countRun<Result extends { readonly files: number; readonly bytes: number }>(
  { workSeconds }: Pick<CountedSite, 'workSeconds'>,
  { directory, clock, site, answerSeconds = assumedSeconds }: CountedPlace,
  run: (options: RunOptions) => Promise<Result>,
): Promise<{ readonly result: Result; readonly count: RunCount }> {
  const simulator = await startSimulator({ site, clock });
  // A request is under way until its answer is read, but for the time that the site takes for it, which the clock sees.
  simulator.onRequest('*', async ({ endpoint }) => {
    const seconds = endpoint === 'object-aql' ? answerSeconds.page : answerSeconds.answer;
    if (seconds === 0) return;
    const slept = clock.sleep(1000 * seconds);
    clock.busy(-1);
    await slept;
    clock.busy(1);
  });
  let underWay = 0;
  const say = (count: 1 | -1) => {
    underWay += count;
    clock.busy(count);
  };
  // Node documents what this channel says: each message holds the request that it is about.
  const begun = (message: unknown) => {
    say(1);
    (message as { readonly request: ClientRequest }).request.once('close', () => isOver || say(-1));
  };
  let isOver = false;
  subscribe('http.client.request.start', begun);
  try {
    const { url, credentials } = simulator;
    const { settings } = parseSiteSettings({ siteName: url, apiUrl: url, ...credentials });
    if (!hasToken(settings)) throw new Error('The site gave no token.');
    const counted = new CountedRun(clock, margin / 1000 + workSeconds);
    const startedAt = clock.now();
    const result = await run({ directory, settings, ...counted.options });
    const { files, bytes } = result;
    const seconds = (clock.now() - startedAt) / 1000;
    const steps = [...counted.steps].map(([name, step]) => [name, { ...step, seconds: milliseconds(step.seconds) }]);
    return {
      result,
      count: { steps: Object.fromEntries(steps), transitions: counted.transitions, seconds, files, bytes },
    };
  } finally {
    unsubscribe('http.client.request.start', begun);
    isOver = true;
    // Nobody waits for the answer of a request that a run has given up, and the next run has the same clock.
    for (; underWay > 0; underWay -= 1) clock.busy(-1);
    await simulator.close();
  }
}

/** Without what adding binary fractions leaves. */
const milliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;
