import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import type { BudgetSettings } from '../../core/model/request-budget.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { finish, inputOf, peakMegabytes, secondsSince } from './parent.ts';
import { RequestTimes } from './request-times.ts';
import { silentReporter } from './silent-reporter.ts';
import type { SiteReady } from './site.ts';

export interface BackupInput {
  readonly directory: string;
  readonly site: Pick<SiteReady, 'url' | 'credentials'>;
  readonly budget: BudgetSettings;
  readonly activity: boolean;
}

export interface BackupReport {
  readonly backup: string;
  readonly status: string;
  readonly objects: number;
  /** From the call to its result; without the start of the process. */
  readonly seconds: number;
  /** Of these, those in which no request was under way. */
  readonly secondsWithoutRequest: number;
  /** Of all threads of the process, so it may be more than `seconds`. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly mostInFlight: number;
}

const { directory, site, budget, activity } = await inputOf<BackupInput>();
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
const result = await backUpLocally({ directory, settings, objectSchemaKeys: null, activity, reporter: silentReporter });
const cpu = process.cpuUsage(cpuStart);
const report: BackupReport = {
  backup: result.backup,
  status: result.status,
  objects: result.counts.objects,
  seconds: secondsSince(start),
  secondsWithoutRequest: times.idleSeconds - idleStart,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakMegabytes: peakMegabytes(),
  mostInFlight: times.most,
};
await finish(report);
