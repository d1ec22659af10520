import { demoSite } from '../../simulator/seeds/demo.ts';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { type LargeSiteOptions, largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import {
  type FaultRule,
  type RateLimitOptions,
  type Simulator,
  startSimulator,
} from '../../simulator/start-simulator.ts';
import { changeObjects } from '../seeds/change-objects.ts';
import { type OwnedOptions, Owners, ownedSite } from '../seeds/owned.ts';
import { type RingsOptions, ringsSite } from '../seeds/rings.ts';
import { inputOf, send } from './parent.ts';

export interface SiteInput {
  /** `empty` is another site than all the others, and its ids are others. */
  readonly seed: 'demo' | 'empty' | RingsOptions | OwnedOptions | LargeSiteOptions;
  readonly limits?: RateLimitOptions;
  /** How its answers are spoilt. */
  readonly faults?: readonly FaultRule[];
  /** How long each answer takes, in milliseconds. @default none */
  readonly latencyMs?: number;
}

/** Where the site is, and how much is on it. */
export interface SiteReady {
  readonly url: string;
  readonly credentials: { readonly username: string; readonly apiToken: string };
  readonly schemas: number;
  /** Objects of each type. */
  readonly types: readonly number[];
  /** Icons that types show. */
  readonly icons: number;
}

/** What the site has been asked so far, as the server counts. */
export interface SiteReport {
  readonly requests: number;
  /** Answered 429. */
  readonly rejected: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  /** Most requests to an endpoint within any 60 seconds. */
  readonly busiestMinute: Readonly<Record<string, number>>;
  /** Milliseconds since 1970, for each request. */
  readonly arrivals: Readonly<Record<string, readonly number[]>>;
  /** Every request in the order of arrival. */
  readonly asked: readonly AskedRequest[];
}

/** Objects of a large site that got another value, without a request. */
export interface Changed {
  readonly changed: number;
}

/** What was deleted from the site itself, without a request. */
export interface Deleted {
  /** Objects that are still there and refer to some that are not. */
  readonly referrers: number;
}

export interface ImportInput {
  readonly imported: number;
  readonly byHand: number;
}

export interface Imported {
  /** The account that did it. */
  readonly importer: string;
}

export type OwnersNow = Owners['now'];

export interface AskedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

const { seed, limits = {}, faults = [], latencyMs = 0 } = await inputOf<SiteInput>();
const site = siteOf(seed);
const simulator = await startSimulator({ site, limits, faults, latencyMs });
const asked: AskedRequest[] = [];
simulator.onRequest('*', ({ method, path, query, rawBody }) => {
  asked.push({ method, path: query.size > 0 ? `${path}?${query}` : path, body: rawBody.toString() });
});
let recorded = 0;
const owners = typeof seed === 'object' && 'owned' in seed ? new Owners(site) : undefined;
process.on(
  'message',
  (message: 'report' | 'newly asked' | 'owners' | Changed | { readonly deleted: number } | ImportInput) => {
    if (message === 'report') void send(report(simulator));
    else if (message === 'newly asked') void send(newlyAsked());
    else if (message === 'owners') void send(ownersOf().now);
    else if ('changed' in message) {
      changeObjects(site, message.changed);
      void send(message);
    } else if ('deleted' in message) void send(deleteObjects(message.deleted));
    else void send({ importer: ownersOf().import(message).accountId });
  },
);
await send(ready(simulator));

function ownersOf(): Owners {
  if (!owners) throw new Error('The objects of this site have no owners.');
  return owners;
}

function siteOf(seed: SiteInput['seed']): SimulatedSite {
  if (seed === 'demo') return demoSite();
  if (seed === 'empty') return emptySiteLike(emptySite());
  if ('owned' in seed) return ownedSite(seed);
  return 'rings' in seed ? ringsSite(seed) : largeSite(seed);
}

function ready({ url, credentials }: Simulator): SiteReady {
  const types = [...site.types.values()];
  return {
    url,
    credentials,
    schemas: site.schemas.size,
    types: types.map(({ id }) => site.objects.idsOfType(id).length),
    icons: iconsShown(site),
  };
}

/** Spread evenly over all types. */
function deleteObjects(count: number): Deleted {
  const all = [...site.objects.all()];
  const gone = Array.from({ length: count }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)]);
  const ids = new Set(gone.map((object) => String(object?.id)));
  for (const object of gone) if (object) site.deleteObject(object);
  const references = new Set(
    [...site.attributes.values()].filter(({ kind }) => kind === 'reference').map(({ id }) => id),
  );
  const referrers = [...site.objects.all()].filter(({ values }) =>
    [...values].some(([attribute, texts]) => references.has(attribute) && texts.some((text) => ids.has(text))),
  );
  return { referrers: referrers.length };
}

function newlyAsked(): readonly AskedRequest[] {
  const since = asked.slice(recorded);
  recorded = asked.length;
  return since;
}

function iconsShown({ types }: SimulatedSite): number {
  return new Set([...types.values()].map(({ iconId }) => iconId)).size;
}

function report({ requests }: Simulator): SiteReport {
  const endpoints = Object.keys(requests.byEndpoint) as (keyof typeof requests.byEndpoint)[];
  return {
    requests: requests.total,
    rejected: requests.rejected,
    byEndpoint: requests.byEndpoint,
    busiestMinute: Object.fromEntries(endpoints.map((name) => [name, requests.busiestWindow(name)])),
    arrivals: Object.fromEntries(endpoints.map((name) => [name, requests.arrivals(name)])),
    asked,
  };
}
