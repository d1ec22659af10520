import { WrongInputError } from '../../core/errors.ts';
import { type RequestBudget, requestBudget } from '../../core/model/request-budget.ts';
import type { LoginKind, Workspace } from '../../core/model/run.ts';
import type { AssetsSite } from '../../core/ports/assets-site.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import { AtlassianAssetsReader } from './assets-reader.ts';
import { AtlassianAssetsWriter } from './assets-writer.ts';
import { BudgetLimiter } from './budget-limiter.ts';
import { checkAssets, discover, discoveryRetries, discoveryTimeout } from './discover.ts';
import { HttpClient, type HttpClientOptions } from './http-client.ts';
import { IssuePacing } from './issue-pacing.ts';
import { AtlassianIssuesReader } from './issues-reader.ts';
import { AtlassianIssuesWriter } from './issues-writer.ts';
import { defaultApiUrl, type LoginSettings, type SiteSettings } from './site-settings.ts';
import { path } from './web-address.ts';

export interface AssetsSiteOptions {
  readonly settings: LoginSettings;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Ends waits and requests with InterruptedError. */
  readonly signal?: AbortSignal;
  /** For each attempt, from connecting to the last byte. @default 60_000 */
  readonly timeoutMilliseconds?: number;
  /** For the jitter of retries: 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/** A site of Atlassian Cloud, over HTTP. Neither it nor its readers and writers show the token when printed. */
export function createAssetsSite(options: AssetsSiteOptions): AssetsSite {
  const { settings, clock, reporter, signal, timeoutMilliseconds, random } = options;

  function client(
    login: LoginKind,
    own: Pick<HttpClientOptions, 'limiter' | 'retries' | 'timeoutMilliseconds'>,
  ): HttpClient {
    const authorization = settings.apiToken.authorization(login === 'bearer' ? undefined : settings.username);
    return new HttpClient({ authorization, clock, reporter, signal, timeoutMilliseconds, random, ...own });
  }

  // What one worker reads and writes counts together: its budget is the site's, whoever spends it.
  const limiters = new WeakMap<RequestBudget, BudgetLimiter>();
  function limiterOf(budget: RequestBudget): BudgetLimiter {
    const limiter = limiters.get(budget) ?? new BudgetLimiter(budget, clock, signal);
    limiters.set(budget, limiter);
    return limiter;
  }

  return {
    async discover() {
      const login = settings.auth ?? (settings.username === undefined ? 'bearer' : 'basic');
      const own = {
        limiter: limiterOf(requestBudget(settings.requestBudget)),
        retries: discoveryRetries,
        timeoutMilliseconds: Math.min(timeoutMilliseconds ?? discoveryTimeout, discoveryTimeout),
      };
      const workspace = await discover(client(login, own), settings);
      await checkAssets(client(workspace.login, own), settings, assetsBase(workspace));
      return workspace;
    },
    reader(workspace, budget) {
      checkSameSite(workspace, settings);
      const limiter = limiterOf(budget);
      return new AtlassianAssetsReader(
        client(workspace.login, { limiter }),
        assetsBase(workspace),
        jiraBase(workspace),
      );
    },
    writer(workspace, budget) {
      checkSameSite(workspace, settings);
      const limiter = limiterOf(budget);
      return new AtlassianAssetsWriter(client(workspace.login, { limiter }), {
        base: assetsBase(workspace),
        mediaBase: mediaBase(workspace),
        workspaceId: workspace.workspaceId,
      });
    },
    issuesReader(workspace, budget) {
      checkSameSite(workspace, settings);
      const limiter = limiterOf(budget);
      return new AtlassianIssuesReader(client(workspace.login, { limiter }), jiraBase(workspace));
    },
    issuesWriter(workspace, budget) {
      checkSameSite(workspace, settings);
      const limiter = limiterOf(budget);
      return new AtlassianIssuesWriter(client(workspace.login, { limiter }), {
        base: jiraBase(workspace),
        workspaceId: workspace.workspaceId,
        pacing: new IssuePacing(clock, signal),
      });
    },
  };
}

/** Source: reference, section 0. Scoped and bearer tokens work only through `/ex/jira`. */
function assetsBase({ apiUrl, cloudId, workspaceId }: Workspace): string {
  const gateway = cloudId === undefined ? '' : path`/ex/jira/${cloudId}`;
  return `${apiUrl}${gateway}${path`/jsm/assets/workspace/${workspaceId}/v1`}`;
}

/** Where the Jira API of the site is: classic tokens work at the site itself, the others only through `/ex/jira`. */
function jiraBase({ siteName, apiUrl, cloudId }: Workspace): string {
  return cloudId === undefined ? siteName : `${apiUrl}${path`/ex/jira/${cloudId}`}`;
}

/** The media service has an address of its own (Salto). Where another `apiUrl` is set, what stands there takes its place. */
function mediaBase({ apiUrl }: Workspace): string {
  return apiUrl === defaultApiUrl ? 'https://api.media.atlassian.com' : apiUrl;
}

/** The workspace travels through state, which is no place to say where the token is sent: the settings say that. */
function checkSameSite(workspace: Workspace, settings: SiteSettings): void {
  if (workspace.siteName !== settings.siteName || workspace.apiUrl !== settings.apiUrl) {
    throw new WrongInputError(
      `The run was started for ${workspace.siteName}, but the settings now name ${settings.siteName}: start a new run.`,
    );
  }
  if ((workspace.login === 'basic') !== (workspace.cloudId === undefined)) {
    throw new WrongInputError(`The run's workspace does not fit its ${workspace.login} login: start a new run.`);
  }
  if (workspace.login !== 'bearer' && settings.username === undefined) {
    throw new WrongInputError(
      `The run was started with a ${workspace.login} login, but the settings hold no "username".`,
    );
  }
}
