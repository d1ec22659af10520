import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import { InterruptedError } from '../../core/errors.ts';
import type { AssetsReader } from '../../core/ports/assets-reader.ts';
import type { Services } from '../../core/ports/services.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { unlimitedBudget } from '../budgets.ts';
import { finish, inputOf } from './parent.ts';
import { silentReporter } from './silent-reporter.ts';
import type { SiteReady } from './site.ts';

export interface PlannedNightInput {
  readonly directory: string;
  readonly site: Pick<SiteReady, 'url' | 'credentials'>;
  /** Whether the night is stopped when its activity is planned. */
  readonly isStopped: boolean;
}

export interface PlannedNightReport {
  /** What is alive in V8's heap when the first batch is written, all being planned, beyond what was there before; 0 for a whole night. */
  readonly planBytes: number;
  /** Of the plan, from its start to its end. */
  readonly planSeconds: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const stop = new AbortController();
let [before, planBytes, startedAt, planSeconds] = [0, 0, 0, 0];

const { directory, site, isStopped } = await inputOf<PlannedNightInput>();
const { settings } = parseSiteSettings({
  ...{ siteName: site.url, apiUrl: site.url, ...site.credentials },
  requestBudget: unlimitedBudget,
});
if (!hasToken(settings)) throw new Error('The site gave no token.');
const night = backUpLocally({
  ...{ directory, settings, objectSchemaKeys: null, activity: true, reporter: silentReporter },
  decorate: (services) => (isStopped ? weighed(withoutAsking(services)) : withoutAsking(services)),
  signal: stop.signal,
});
await night.catch((error: unknown) => {
  if (!(isStopped && error instanceof InterruptedError)) throw error;
});
const report: PlannedNightReport = { planBytes, planSeconds };
await finish(report);

/** Each object has one entry in its history, and no comment, without a request: what is looked at is the plan. */
function withoutAsking(services: Services): Services {
  return {
    ...services,
    site: {
      ...services.site,
      reader: (...of) => answering(services.site.reader(...of)),
    },
  };
}

function answering(reader: AssetsReader): AssetsReader {
  const own: Partial<AssetsReader> = {
    history: async (id) => [{ id: `${id}1`, type: 0, created: '2026-01-01T00:00:00.000Z' }],
    comments: async () => ({ offered: true, value: [] }),
  };
  return new Proxy(reader, {
    get(target, name) {
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function weighed(services: Services): Services {
  const { work } = services;
  return {
    ...services,
    reporter: {
      ...services.reporter,
      event: (_level, name, { step }) => {
        if (step !== 'PlanActivity') return;
        if (name === 'step.started') [before, startedAt] = [alive(), performance.now()];
        if (name !== 'step.completed') return;
        planSeconds += (performance.now() - startedAt) / 1000;
        stop.abort();
      },
    },
    work: {
      read: (key) => work.read(key),
      list: (prefix) => work.list(prefix),
      create: (key, text) => work.create(key, text),
      replace: (key, text, version) => work.replace(key, text, version),
      addressOf: (key) => work.addressOf(key),
      write: (key, text) => {
        if (planBytes === 0 && /\/activity\/1\.json$/.test(key)) planBytes = weightOf(() => alive() - before);
        return work.write(key, text);
      },
    },
  };
}

/** Weighing takes time that is not the plan's. */
function weightOf(weigh: () => number): number {
  const begun = performance.now();
  const weight = weigh();
  planSeconds -= (performance.now() - begun) / 1000;
  return weight;
}

function alive(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
