import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import { margin } from '../../core/runs/deadline.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import type { LocalOptions } from '../../local/local-execution.ts';
import { restoreLocally } from '../../local/local-restore.ts';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { assumedSeconds } from './assumed-seconds.ts';
import { CountedRun } from './counted-run.ts';
import type { CountedSite, RunCount, SiteCount } from './counts.ts';
import { SimulatedClock } from './simulated-clock.ts';
import type { SiteShape } from './site-shape.ts';

/** Backs a simulated site up, twice, and restores it, within the default budget and in simulated time. `directory` is a new folder. */
export async function countSite(counted: CountedSite, directory: string): Promise<SiteCount> {
  const site = siteOf(counted);
  // One clock, so that each run has a time of its own, which is its name.
  const clock = new SimulatedClock();
  const night = await countBackup(counted, directory, { site, clock });
  const bareNight = await countBackup(counted, directory, { site, clock, activity: false });
  const target = emptySiteLike(emptySite());
  const restore = await countRun(counted, { directory, clock, site: target }, async (options) => {
    const choices = parseRestoreInput({ folder: night.backup });
    const { outcome } = await restoreLocally({ ...options, choices });
    if (outcome !== 'restored') throw new Error(`The restore ended as ${outcome}.`);
    return { files: 0, bytes: 0 };
  });
  const runs = { night: night.count, 'bare night': bareNight.count, restore: restore.count };
  return { site: counted, shape: shapeOf(site), runs };
}

/** Backs it up once, and says what it is that was backed up. */
export async function countBackup(
  counted: CountedSite,
  directory: string,
  {
    site = siteOf(counted),
    clock = new SimulatedClock(),
    activity = true,
  }: { readonly site?: SimulatedSite; readonly clock?: SimulatedClock; readonly activity?: boolean } = {},
): Promise<{ readonly backup: string; readonly shape: SiteShape; readonly count: RunCount }> {
  const { result, count } = await countRun(counted, { directory, clock, site }, async (options) => {
    const { backup, status, counts } = await backUpLocally({ ...options, objectSchemaKeys: null, activity });
    if (status !== 'complete') throw new Error(`The backup is ${status}.`);
    return { backup, files: counts.files, bytes: counts.bytes };
  });
  return { backup: result.backup, shape: shapeOf(site), count };
}

/** Every object has a history of one change; two attributes of each type are restricted, which a restore sets with a request each. */
function siteOf(counted: CountedSite): SimulatedSite {
  const site = largeSite({ ...counted, historyEntries: 1 });
  for (const type of site.types.values()) {
    const own = site.typeAttributes(type.id).filter(({ role }) => !role);
    for (const attribute of own.slice(0, 2)) attribute.minimumCardinality = 1;
  }
  return site;
}

type RunOptions = Pick<LocalOptions, 'directory' | 'settings' | 'reporter' | 'clock' | 'decorate' | 'onState'>;

async function countRun<Result extends { readonly files: number; readonly bytes: number }>(
  { workSeconds }: CountedSite,
  {
    directory,
    clock,
    site,
  }: { readonly directory: string; readonly clock: SimulatedClock; readonly site: SimulatedSite },
  run: (options: RunOptions) => Promise<Result>,
): Promise<{ readonly result: Result; readonly count: RunCount }> {
  const simulator = await startSimulator({ site, clock });
  // A request is under way until its answer is read, but for the time that the site takes for it, which the clock sees.
  simulator.onRequest('*', async ({ endpoint }) => {
    const slept = clock.sleep(1000 * (endpoint === 'object-aql' ? assumedSeconds.page : assumedSeconds.answer));
    clock.busy(-1);
    await slept;
    clock.busy(1);
  });
  const [begun, ended] = [() => clock.busy(1), () => clock.busy(-1)];
  subscribe('undici:request:create', begun);
  subscribe('undici:request:trailers', ended);
  subscribe('undici:request:error', ended);
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
    unsubscribe('undici:request:create', begun);
    unsubscribe('undici:request:trailers', ended);
    unsubscribe('undici:request:error', ended);
    await simulator.close();
  }
}

/** Without what adding binary fractions leaves. */
const milliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;

function shapeOf(site: SimulatedSite): SiteShape {
  const types = [...site.types.values()];
  return {
    schemas: [...site.schemas.keys()].map((schema) =>
      types.filter(({ schemaId }) => schemaId === schema).map(({ id }) => site.objects.idsOfType(id).length),
    ),
    comments: [...site.objects.all()].filter(({ id }) => site.commentsOf(id).length > 0).length,
  };
}
