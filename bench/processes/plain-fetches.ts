import { finish, inputOf, secondsSince } from './parent.ts';
import type { AskedRequest, SiteReady } from './site.ts';

export interface PlainFetchesInput {
  readonly site: Pick<SiteReady, 'url' | 'credentials'>;
  readonly requests: readonly AskedRequest[];
  /** Requests under way at once. */
  readonly atOnce: number;
}

export interface PlainFetchesReport {
  readonly seconds: number;
}

const { site, requests, atOnce } = await inputOf<PlainFetchesInput>();
const { username, apiToken } = site.credentials;
const authorization = `Basic ${Buffer.from(`${username}:${apiToken}`).toString('base64')}`;

const start = performance.now();
const queue = requests.values();
await Promise.all(Array.from({ length: atOnce }, fetchFromQueue));
const report: PlainFetchesReport = { seconds: secondsSince(start) };
await finish(report);

async function fetchFromQueue(): Promise<void> {
  for (const { method, path, body } of queue) {
    const response = await fetch(site.url + path, {
      method,
      headers: { authorization, accept: '*/*', 'content-type': 'application/json' },
      ...(body !== '' && { body }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}.`);
  }
}
