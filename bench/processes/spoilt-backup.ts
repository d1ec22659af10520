import { setTimeout as sleep } from 'node:timers/promises';
import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { unlimitedBudget } from '../budgets.ts';
import { finish, inputOf, peakMegabytes, setFunctionEnvironment } from './parent.ts';
import { RequestTimes } from './request-times.ts';
import { silentReporter } from './silent-reporter.ts';
import type { SiteReady } from './site.ts';

export interface SpoiltBackupInput {
  readonly directory: string;
  readonly site: Pick<SiteReady, 'url' | 'credentials'>;
  readonly activity: boolean;
}

export interface SpoiltBackupReport {
  readonly status: string;
  readonly peakMegabytes: number;
  readonly mostInFlight: number;
  /** What would have been stored, had there been a place for it. */
  readonly bytes: number;
}

/** Files up to this size are stored, because later steps may read them. */
const smallFile = 1_000_000;

// What a function has loaded before it is called takes memory as well.
setFunctionEnvironment();
await import('../../functions/runtime/aws-services.ts');

const { directory, site, activity } = await inputOf<SpoiltBackupInput>();
const { settings } = parseSiteSettings({
  siteName: site.url,
  apiUrl: site.url,
  ...site.credentials,
  requestBudget: unlimitedBudget,
});
if (!hasToken(settings)) throw new Error('The site gave no token.');

const times = new RequestTimes();
const large = new Map<string, number>();
const result = await backUpLocally({
  directory,
  settings,
  objectSchemaKeys: null,
  activity,
  reporter: silentReporter,
  decorate: (services) => ({ ...services, backups: withoutLargeFiles(services.backups) }),
});
const report: SpoiltBackupReport = {
  status: result.status,
  peakMegabytes: peakMegabytes(),
  mostInFlight: times.most,
  bytes: [...large.values()].reduce((sum, size) => sum + size, 0),
};
await finish(report);

/** Holds what is large as long as an upload takes, and keeps only its name and size: it is some gigabytes. */
function withoutLargeFiles(backups: BackupStore): BackupStore {
  return {
    create: (key, file) => (file.length > smallFile ? uploaded(key, file.length) : backups.create(key, file)),
    copy: (from, key) => {
      const size = large.get(from.key);
      return size === undefined ? backups.copy(from, key) : uploaded(key, size);
    },
    read: (key) => backups.read(key),
    stream: (key) => backups.stream(key),
    async *list(prefix) {
      const all = [...large].map(([key, size]) => ({ key, bytes: size })).filter(({ key }) => key.startsWith(prefix));
      for await (const file of backups.list(prefix)) all.push(file);
      yield* all.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    folders: () => backups.folders(),
    addressOf: (key) => backups.addressOf(key),
  };
}

async function uploaded(key: string, bytes: number): Promise<void> {
  large.set(key, bytes);
  await sleep(200 + bytes / 100_000);
}
