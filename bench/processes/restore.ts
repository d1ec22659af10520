import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import type { BudgetSettings } from '../../core/model/request-budget.ts';
import type { RestoreOutcome } from '../../core/model/restore.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { restoreLocally } from '../../local/local-restore.ts';
import { finish, inputOf, peakMegabytes, secondsSince } from './parent.ts';
import { RequestTimes } from './request-times.ts';
import { silentReporter } from './silent-reporter.ts';
import type { SiteReady } from './site.ts';

export interface RestoreInput {
  readonly directory: string;
  readonly backup: string;
  /** The target. */
  readonly site: Pick<SiteReady, 'url' | 'credentials'>;
  readonly budget: BudgetSettings;
  /** Ends after the plan. */
  readonly dryRun: boolean;
  /** Fields of the input besides. */
  readonly input?: object;
}

export interface RestoreMeasured {
  readonly outcome: RestoreOutcome;
  readonly hash: string;
  readonly created: number;
  /** Comments, and parts of a history, which become comments as well. */
  readonly comments: number;
  /** From the call to its result; without the start of the process. */
  readonly seconds: number;
  /** Of these, those in which no request was under way. */
  readonly secondsWithoutRequest: number;
  /** Of all threads of the process, so it may be more than `seconds`. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly mostInFlight: number;
}

const { directory, backup, site, budget, dryRun, input } = await inputOf<RestoreInput>();
const { settings } = parseSiteSettings({
  siteName: site.url,
  apiUrl: site.url,
  ...site.credentials,
  requestBudget: budget,
});
if (!hasToken(settings)) throw new Error('The site gave no token.');

const times = new RequestTimes();
const start = performance.now();
const cpuStart = process.cpuUsage();
const idleStart = times.idleSeconds;
const choices = parseRestoreInput({ folder: backup, dryRun, ...input });
const result = await restoreLocally({ directory, settings, choices, reporter: silentReporter });
const cpu = process.cpuUsage(cpuStart);
const measured: RestoreMeasured = {
  outcome: result.outcome,
  hash: result.hash,
  created: result.created,
  comments: result.comments,
  seconds: secondsSince(start),
  secondsWithoutRequest: times.idleSeconds - idleStart,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakMegabytes: peakMegabytes(),
  mostInFlight: times.most,
};
await finish(measured);
