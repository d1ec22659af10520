import {
  ExcessiveAnswerError,
  LoginRefusedError,
  NoAssetsError,
  SiteUnavailableError,
  UnexpectedAnswerError,
  WrongAddressError,
} from '../../core/errors.ts';
import type { LoginKind, Workspace } from '../../core/model/run.ts';
import type { Answer } from './answer.ts';
import { anyPageShape, jsonOf, tenantInfoShape, workspacePageShape } from './answer-shapes.ts';
import { tokenPage } from './api-token.ts';
import { type HttpClient, readRetries } from './http-client.ts';
import type { RetryLimits } from './request-failures.ts';
import type { SiteRequest } from './site-request.ts';
import type { SiteSettings } from './site-settings.ts';
import { path } from './web-address.ts';

/** A wrong address is likelier than a fault here, and somebody waits for the answer. */
export const discoveryRetries: RetryLimits = { ...readRetries, network: 1, answer: 1 };
export const discoveryTimeout = 20_000;

const workspacesPath = '/rest/servicedeskapi/assets/workspace';
/** Twenty full pages of workspaces are a server that repeats itself. */
const mostPages = 20;

/**
 * Finds out which login the site takes, and its workspace. A classic token works at the site; a scoped one only through
 * `{apiUrl}/ex/jira/{cloudId}`, and the site itself answers it 401; a service account's token is a bearer token and goes the same
 * way (reference, section 5). A site with several workspaces is not known; of several the first is taken.
 * Throws LoginRefusedError, NoAssetsError, WrongAddressError, SiteUnavailableError, RateLimitedError.
 */
export async function discover(client: HttpClient, settings: SiteSettings): Promise<Workspace> {
  const auth = settings.auth ?? (settings.username === undefined ? 'bearer' : undefined);
  if (auth === 'scoped' || auth === 'bearer') return throughGateway(client, settings, auth);
  try {
    return await atSite(client, settings);
  } catch (error) {
    if (auth === 'basic' || !(error instanceof LoginRefusedError)) throw error;
    return asScoped(client, settings, error);
  }
}

/**
 * Asks the Assets API for one schema: where `apiUrl` is wrong, nothing later could say it as clearly.
 * Throws WrongAddressError, NoAssetsError, LoginRefusedError, SiteUnavailableError.
 */
export async function checkAssets(client: HttpClient, { apiUrl }: SiteSettings, base: string): Promise<void> {
  await request(client, apiUrl, {
    url: `${base}/objectschema/list?startAt=0&maxResults=1`,
    read(answer) {
      if (answer.status === 403) throw new NoAssetsError(`${apiUrl} answers 403: this account may not use Assets.`);
      if (answer.status >= 400)
        throw wrongAddress(apiUrl, `it answers ${answer.status} where the Assets API should be`);
      return jsonOf(anyPageShape, answer);
    },
  });
}

/** The second try, with what the site said to the first. */
async function asScoped(client: HttpClient, settings: SiteSettings, refusal: LoginRefusedError): Promise<Workspace> {
  const cloudId = await cloudIdOf(client, settings.siteName).catch((error: unknown) => {
    // The site has answered before, so its address is right; it only has no gateway.
    throw error instanceof WrongAddressError ? refusal : error;
  });
  try {
    return await atGateway(client, settings, 'scoped', cloudId);
  } catch (error) {
    throw error instanceof LoginRefusedError ? refusedBothWays(settings, error) : error;
  }
}

async function atSite(client: HttpClient, settings: SiteSettings): Promise<Workspace> {
  const workspaceId = await firstWorkspace(client, settings.siteName);
  return { workspaceId, siteName: settings.siteName, apiUrl: settings.apiUrl, login: 'basic' };
}

async function throughGateway(
  client: HttpClient,
  settings: SiteSettings,
  login: Exclude<LoginKind, 'basic'>,
): Promise<Workspace> {
  return atGateway(client, settings, login, await cloudIdOf(client, settings.siteName));
}

async function atGateway(
  client: HttpClient,
  { siteName, apiUrl }: SiteSettings,
  login: Exclude<LoginKind, 'basic'>,
  cloudId: string,
): Promise<Workspace> {
  const workspaceId = await firstWorkspace(client, `${apiUrl}${path`/ex/jira/${cloudId}`}`);
  return { workspaceId, siteName, apiUrl, login, cloudId };
}

/** Anyone may ask for this, so no login is sent. Source: ORCA and HOLMES in the reference, section 0. */
function cloudIdOf(client: HttpClient, siteName: string): Promise<string> {
  const url = `${siteName}/_edge/tenant_info`;
  return request(client, siteName, {
    url,
    isAnonymous: true,
    read(answer) {
      if (answer.status >= 400)
        throw wrongAddress(siteName, `it answers ${answer.status} where a Jira Cloud site tells its id`);
      return jsonOf(tenantInfoShape, answer).cloudId;
    },
  });
}

async function firstWorkspace(client: HttpClient, base: string): Promise<string> {
  let start = 0;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await request(client, base, {
      url: `${base}${workspacesPath}${start === 0 ? '' : `?start=${start}`}`,
      read: (answer) => workspacePageOf(answer, base),
    });
    const [workspace] = page.values;
    if (workspace) return workspace.workspaceId;
    if (page.isLastPage ?? true) break;
    start += 50;
  }
  throw new NoAssetsError(
    `${base} has no Assets workspace that this account can see: either the plan of the site has no Assets, or the account needs access to it. Open Assets there as this account.`,
  );
}

function workspacePageOf(answer: Answer, base: string) {
  if (answer.status < 400) return jsonOf(workspacePageShape, answer);
  if (answer.isWebPage) throw wrongAddress(base, `it answers ${answer.status} with a web page`);
  throw new NoAssetsError(
    `${base} answers ${answer.status} when asked for its Assets workspace: Jira Service Management with Assets is missing there, or this account may not use it.`,
  );
}

/** Sends a request and turns what would be a fault of the site later into what it most likely is now: a wrong address. */
async function request<T>(
  client: HttpClient,
  address: string,
  { url, ...rest }: Pick<SiteRequest<T>, 'url' | 'isAnonymous' | 'read'>,
): Promise<T> {
  const { origin, pathname } = new URL(url);
  try {
    return await client.read({
      method: 'GET',
      url,
      path: `${origin}${pathname}`,
      endpointClass: 'configuration',
      alsoRead: [403, 404],
      ...rest,
    });
  } catch (error) {
    if (error instanceof UnexpectedAnswerError || error instanceof ExcessiveAnswerError) {
      throw wrongAddress(address, 'what it answers is not the JSON of a Jira Cloud site', error);
    }
    const reason = error instanceof SiteUnavailableError ? wrongAddressReason(error.cause) : undefined;
    if (reason !== undefined) throw wrongAddress(address, reason, error);
    throw error;
  }
}

function wrongAddress(address: string, reason: string, cause?: unknown): WrongAddressError {
  const sentence = `No Jira Cloud site answers at ${address}: ${reason}; correct "siteName" or "apiUrl" in the settings.`;
  return new WrongAddressError(sentence, { cause });
}

/**
 * What is wrong with an address, where an error or one of its causes says so: names that do not exist, closed ports,
 * certificates of others, servers that speak no HTTP. OpenSSL's texts have several lines.
 */
function wrongAddressReason(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (cause.name === 'HTTPParserError' || code.startsWith('HPE_')) return 'what answers there is no web server';
    if (/^(EPROTO|ERR_SSL_)/.test(code)) return 'what answers there does not speak https';
    if (cause.message === 'bad port' || addressCodes.test(code)) return cause.message.split('\n')[0];
  }
  return undefined;
}

const addressCodes =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ERR_TLS_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

function refusedBothWays({ siteName, apiUrl }: SiteSettings, cause: LoginRefusedError): LoginRefusedError {
  return new LoginRefusedError(
    `The login was refused (401) as a classic API token at ${siteName} and as a scoped one at ${apiUrl}: check the user name, or make a new token at ${tokenPage}.`,
    { cause },
  );
}
