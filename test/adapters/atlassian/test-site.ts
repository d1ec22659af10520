import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { hasToken, parseSiteSettings } from '../../../adapters/atlassian/site-settings.ts';
import { type EndpointClass, endpointClasses, type RequestBudget } from '../../../core/model/request-budget.ts';
import type { Workspace } from '../../../core/model/run.ts';
import type { AssetsReader } from '../../../core/ports/assets-reader.ts';
import type { AssetsSite } from '../../../core/ports/assets-site.ts';
import type { AssetsWriter } from '../../../core/ports/assets-writer.ts';
import type { EventFields, Reporter } from '../../../core/ports/reporter.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { type HttpSite, type Responder, startHttpSite } from './http-site.ts';

/** A token that would be recognised anywhere. */
export const token = 'ATATT3xFfGF0-very-secret-token';

/** Time enough between starts that pacing is no matter. */
export const ample = budgetOf(6_000_000);

export function budgetOf(requestsPerMinute: number): RequestBudget {
  const byClass = Object.fromEntries(endpointClasses.map((name) => [name, requestsPerMinute])) as Record<
    EndpointClass,
    number
  >;
  return { total: requestsPerMinute, byClass };
}

export class RecordingReporter implements Reporter {
  readonly requests: EndpointClass[] = [];
  readonly events: { level: string; name: string; fields: EventFields }[] = [];
  planned(): void {}
  advanced(): void {}
  requested(endpointClass: EndpointClass): void {
    this.requests.push(endpointClass);
  }
  event(level: string, name: string, fields: EventFields): void {
    this.events.push({ level, name, fields });
  }
}

export interface TestSite {
  readonly http: HttpSite;
  readonly site: AssetsSite;
  /** Made when it is first asked for, since it does not fit settings of another site. */
  readonly reader: AssetsReader;
  /** The same. */
  readonly writer: AssetsWriter;
  readonly clock: VirtualClock;
  readonly reporter: RecordingReporter;
}

export interface TestSiteOptions {
  readonly settings?: object;
  readonly budget?: RequestBudget;
  readonly signal?: AbortSignal;
  readonly timeoutMilliseconds?: number;
}

/** Our client of a real HTTP server that answers as told, in time that passes at once. */
export async function testSite(responders: Responder[], options: TestSiteOptions = {}): Promise<TestSite> {
  const { settings: more, budget = ample, ...others } = options;
  const http = await startHttpSite(...responders);
  const clock = new VirtualClock({ runs: true });
  const reporter = new RecordingReporter();
  const settings = loginSettings({ siteName: http.url, apiUrl: http.url, ...more });
  const site = createAssetsSite({ settings, clock, reporter, random: () => 0.5, ...others });
  let reader: AssetsReader | undefined;
  let writer: AssetsWriter | undefined;
  return {
    http,
    site,
    clock,
    reporter,
    get reader() {
      reader ??= site.reader(workspaceAt(http.url), budget);
      return reader;
    },
    get writer() {
      writer ??= site.writer(workspaceAt(http.url), budget);
      return writer;
    },
  };
}

export function loginSettings(json: object) {
  const { settings } = parseSiteSettings({ username: 'backup@example.com', apiToken: token, ...json });
  if (!hasToken(settings)) throw new Error('The test gave no token.');
  return settings;
}

export function workspaceAt(url: string): Workspace {
  return { workspaceId: 'ws-1', siteName: url, apiUrl: url, login: 'basic' };
}

export const basicHeader = `Basic ${Buffer.from(`backup@example.com:${token}`).toString('base64')}`;

/** The error of a promise that should fail. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => new Error('It did not fail.'),
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error('It threw no error.');
  return outcome;
}
