import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { systemClock } from '../../../adapters/system-clock.ts';
import { defaultConcurrency } from '../../../core/model/concurrency.ts';
import { defaultLossAlarm } from '../../../core/model/loss-alarm.ts';
import { requestBudget } from '../../../core/model/request-budget.ts';
import type { Services } from '../../../core/ports/services.ts';
import { LocalRuns } from '../../../local/local-runs.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import type { Simulator } from '../../../simulator/start-simulator.ts';
import { RecordingReporter, settingsFor, testDirectory } from '../../end-to-end/local-run.ts';

/** Real stores in a folder, and the real client of a simulated site: what a function has on AWS, on this machine. */
export function operationServices(
  simulator: Simulator,
  {
    directory = testDirectory(),
    settings: more,
    ...others
  }: Partial<Services> & { directory?: string; settings?: object } = {},
) {
  const { backups, work } = openLocalStores(directory);
  const reporter = new RecordingReporter();
  const clock = others.clock ?? systemClock;
  const settings = settingsFor(simulator, more);
  const services: Services = {
    site: createAssetsSite({ settings, clock, reporter, timeoutMilliseconds: 5_000, random: () => 0 }),
    backups,
    work,
    clock,
    reporter,
    runs: new LocalRuns(work, clock),
    budget: requestBudget(settings.requestBudget),
    concurrency: defaultConcurrency,
    remainingMilliseconds: () => Number.POSITIVE_INFINITY,
    searchLagMilliseconds: 0,
    undoDays: 90,
    kept: null,
    activity: { activityMaxAgeDays: 14, activityFiles: 'object' },
    issueLinks: false,
    lossAlarm: defaultLossAlarm,
    drill: { sample: 200, inProduction: false },
    keep: null,
    timeZone: 'UTC',
    nextStart: () => undefined,
    watched: { alarmAfterHours: 30, objectSchemaKeys: null, tokenWarningDays: 14 },
    tokenExpires: settings.expires ?? null,
    version: '0.0.0',
    ...others,
  };
  return { services, reporter, directory };
}
