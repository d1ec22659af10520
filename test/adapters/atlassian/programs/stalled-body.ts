/**
 * Reads the history of an object of a site that sends some of the body and then nothing more, while garbage is collected, and says
 * how it ended. Then nothing is left that would hold the process.
 * Arguments: the address, what ends the reading (`time-out` or `signal`), and what stands before `node:http` (`nothing`, or what tracers
 * do: `copies` or `listens`).
 */
import http, { type ClientRequest, type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { createAssetsSite } from '../../../../adapters/atlassian/assets-site.ts';
import { hasToken, parseSiteSettings } from '../../../../adapters/atlassian/site-settings.ts';
import type { Id } from '../../../../core/model/ids.ts';
import { requestBudget } from '../../../../core/model/request-budget.ts';

const [url = '', ending, before] = process.argv.slice(2);
if (!global.gc) throw new Error('Start it with --expose-gc.');

const { request } = http;
const tracers: Readonly<Record<string, (options: RequestOptions) => ClientRequest>> = {
  copies: ({ signal: _, ...options }) =>
    request({ ...options, headers: { ...(options.headers as object), traceparent: '00' } }),
  listens: (options) => {
    const sent = request(options);
    return sent.on('response', (response) => response.on('error', () => {})).on('error', () => {});
  },
};
const tracer = tracers[before ?? ''];
if (tracer) {
  http.request = tracer as typeof request;
  syncBuiltinESMExports();
}

const { settings } = parseSiteSettings({ siteName: url, apiUrl: url, apiToken: 'token' });
if (!hasToken(settings)) throw new Error('The token is missing.');
const run = new AbortController();
const site = createAssetsSite({
  settings,
  clock: { now: Date.now, sleep: async () => {} },
  reporter: { planned() {}, advanced() {}, requested() {}, event() {} },
  signal: run.signal,
  timeoutMilliseconds: ending === 'time-out' ? 400 : 600_000,
});
if (ending === 'signal') setTimeout(() => run.abort(), 600);
const collecting = setInterval(() => global.gc?.(), 50);
const workspace = { workspaceId: 'ws-1', siteName: url, apiUrl: url, login: 'bearer', cloudId: 'cloud-1' } as const;
const failure = await site
  .reader(workspace, requestBudget())
  .history('1' as Id<'object'>)
  .catch((error: unknown) => error);
clearInterval(collecting);
process.stdout.write(`${failure instanceof Error ? failure.name : 'No error'}\n`);
