import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Quirks } from '../site/quirks.ts';
import { Refusal } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { type Address, readAddress } from './address.ts';
import { type Answer, errorAnswer, htmlPage, noSuchRoute, refusalAnswer } from './answer.ts';
import { acceptedBody } from './documented-bodies.ts';
import { type EndpointName, isWrite } from './endpoint.ts';
import type { Fault, Faults } from './faults.ts';
import { type JiraLimits, limitedAnswer } from './jira-limits.ts';
import type { Login } from './login.ts';
import { isOffered } from './offered.ts';
import type { RateLimits } from './rate-limits.ts';
import type { SimulatedRequest } from './request.ts';
import type { RequestCounters } from './request-counters.ts';
import { type Route, RouteTable } from './route.ts';
import {
  changeList,
  endlessPage,
  endlessRequest,
  heavyJson,
  losesTrueAnswer,
  nestedJson,
  packed,
  replacementAnswer,
  withField,
} from './spoil-answer.ts';

/** Called before a request is answered; `request.index` counts the requests to its endpoint from 0. */
export type RequestHook = (request: SimulatedRequest) => void | Promise<void>;

export interface SiteServerParts {
  site: SimulatedSite;
  quirks: Quirks;
  clock: { now(): number };
  login: Login;
  faults: Faults;
  requests: RequestCounters;
  limits: RateLimits;
  jiraLimits: JiraLimits;
  latencyMs: (endpoint: EndpointName) => number;
  assetsRoutes: readonly Route[];
  jiraRoutes: readonly Route[];
}

/** One request under way: what came in, and where its answer goes. */
interface Exchange {
  request: SimulatedRequest;
  route: Route | undefined;
  address: Address;
  response: ServerResponse;
  /** Notes the end of the exchange, once; status 0 means that no answer was given. */
  finished(status: number): void;
}

/** The HTTP side of the simulator: counts, asks login, limits and faults, and lets a route answer. */
export class SiteServer {
  readonly #parts: SiteServerParts;
  readonly #assets: RouteTable;
  readonly #jira: RouteTable;
  readonly #server: Server;
  readonly #hooks = new Map<EndpointName | '*', Set<RequestHook>>();

  constructor(parts: SiteServerParts) {
    this.#parts = parts;
    this.#assets = new RouteTable(parts.assetsRoutes);
    this.#jira = new RouteTable(parts.jiraRoutes);
    this.#server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // A client that goes away in the middle of its own request is its own affair; all else is our mistake.
        if (request.destroyed && !response.headersSent) return;
        console.error('The simulator failed:', error);
        response.destroy();
      });
    });
  }

  onRequest(endpoint: EndpointName | '*', hook: RequestHook): () => void {
    const hooks = this.#hooks.get(endpoint) ?? new Set();
    this.#hooks.set(endpoint, hooks);
    hooks.add(hook);
    return () => hooks.delete(hook);
  }

  /** Starts listening and gives the address. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(`http://${host}:${typeof address === 'object' && address ? address.port : port}`);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = await this.#open(incoming, response);
    const { request } = exchange;
    for (const key of [request.endpoint, '*'] as const)
      for (const hook of this.#hooks.get(key) ?? []) await hook(request);
    const latencyMs = this.#parts.latencyMs(request.endpoint);
    if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
    const refusal = this.#refuse(exchange);
    if (refusal) return this.#send(exchange, refusal);
    const rule = this.#parts.faults.strike(request);
    if (!rule) return this.#send(exchange, this.#answer(exchange));
    if (rule.workDone && losesTrueAnswer(rule.fault)) this.#answer(exchange);
    return this.#spoil(exchange, rule.fault);
  }

  async #open(incoming: IncomingMessage, response: ServerResponse): Promise<Exchange> {
    const { clock, requests } = this.#parts;
    const url = new URL(incoming.url ?? '/', 'http://simulator');
    const method = incoming.method ?? 'GET';
    const address = readAddress(url.pathname);
    const found = (address.kind === 'assets' ? this.#assets : this.#jira).find(method, address.path);
    const endpoint = found?.route.name ?? 'unknown';
    const atMs = clock.now();
    const index = requests.arrived(endpoint, atMs);
    let isFinished = false;
    const finished = (status: number): void => {
      if (isFinished) return;
      isFinished = true;
      requests.answered({ endpoint, method, path: url.pathname, status, atMs });
    };
    response.once('close', () => finished(0));
    const rawBody = await readBody(incoming);
    const { pathname: path, searchParams: query } = url;
    const params = found?.params ?? {};
    const { headers } = incoming;
    const request = { endpoint, method, path, params, query, headers, body: parseJson(rawBody), rawBody, index };
    return { request, route: found?.route, address, response, finished };
  }

  /** Login first, then the limit of the endpoint, as a key has to be known before its requests are counted. */
  #refuse({ request, route, address }: Exchange): Answer | undefined {
    const { site, login, limits, clock, requests, quirks } = this.#parts;
    if (!route?.isPublic) {
      const mayLackScope = quirks.internalEndpointsForScopedTokens === 'answered' || route === undefined;
      const refused = login.refuse(request.headers.authorization, address.door, {
        scope: route?.scope,
        mayLackScope,
        isWrite: isWrite(request.endpoint, request.method),
        isDelete: request.method === 'DELETE',
      });
      if (refused) return refused;
    }
    if (address.cloudId !== undefined && address.cloudId !== site.cloudId) {
      return errorAnswer(404, [`No site was found with cloud id ${address.cloudId}`]);
    }
    if (address.kind === 'assets' && (!site.hasAssets || address.workspaceId !== site.workspaceId)) {
      return errorAnswer(404, [`No workspace was found with id ${address.workspaceId}`]);
    }
    const nowMs = clock.now();
    const waitMs = limits.admit(request.endpoint, nowMs);
    if (waitMs === undefined) {
      const written =
        request.endpoint === 'issue-update' ? site.issues.find(request.params.issueIdOrKey ?? '') : undefined;
      const refused = this.#parts.jiraLimits.admit(request.endpoint, request.method, written, nowMs);
      if (refused) requests.rejectedByLimit(request.endpoint);
      return refused && limitedAnswer(refused, { nowMs, hasRetryAfter: quirks.retryAfter });
    }
    requests.rejectedByLimit(request.endpoint);
    const retryAfter: Record<string, string> = quirks.retryAfter
      ? { 'Retry-After': String(Math.ceil(waitMs / 1000)) }
      : {};
    return { ...errorAnswer(429, ['Rate limit exceeded']), headers: retryAfter };
  }

  /** The true answer. */
  #answer({ request, route, address }: Exchange): Answer {
    const { site, quirks } = this.#parts;
    if (!route || !isOffered(request.endpoint, quirks)) {
      if (quirks.unknownRoute === 'html') return htmlPage(404, 'Not Found');
      return address.kind === 'assets'
        ? noSuchRoute(address.path)
        : errorAnswer(404, [`null for uri: ${address.path}`]);
    }
    const { headers, rawBody } = request;
    if (address.kind === 'assets' && rawBody.length > 0 && !headers['content-type']?.includes('application/json')) {
      return errorAnswer(415, ['Unsupported Media Type']);
    }
    try {
      return route.handle(site, { ...request, body: acceptedBody(request.endpoint, request.body, quirks) });
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error);
      throw error;
    }
  }

  async #spoil(exchange: Exchange, fault: Fault): Promise<void> {
    const replacement = replacementAnswer(fault);
    if (replacement) return this.#send(exchange, replacement);
    switch (fault.kind) {
      case 'close':
        exchange.response.socket?.destroy();
        return;
      case 'hang':
        return;
      case 'delay':
        await sleep(fault.ms, undefined, { ref: false });
        return this.#send(exchange, this.#answer(exchange));
      case 'drop-item':
      case 'repeat-item': {
        const answer = this.#answer(exchange);
        return this.#send(exchange, { ...answer, json: changeList(answer.json, fault.index, fault.kind) });
      }
      case 'packed': {
        const { bytes, headers, ...answer } = encoded(this.#answer(exchange));
        const encoding = { ...headers, 'Content-Encoding': 'gzip' };
        return this.#send(exchange, { ...answer, bytes: packed(bytes, fault.bytes), headers: encoding });
      }
      case 'heavy':
      case 'nested': {
        const value = fault.kind === 'heavy' ? heavyJson(fault.bytesEach) : nestedJson(fault.depth);
        const { json, ...answer } = this.#answer(exchange);
        return this.#sendPieces(exchange, encoded(answer), withField(json, value, fault.id));
      }
      case 'endless': {
        const { first, startAt, maxResults } = endlessRequest(exchange.request, this.#parts.quirks);
        const answer = this.#answer({ ...exchange, request: first });
        return this.#send(exchange, { ...answer, json: endlessPage(answer.json, startAt, maxResults) });
      }
      case 'truncated': {
        const { bytes, ...answer } = encoded(this.#answer(exchange));
        return this.#send(exchange, { ...answer, bytes: bytes.subarray(0, bytes.length >> 1) });
      }
      case 'cut':
      case 'stall': {
        const { bytes, ...answer } = encoded(this.#answer(exchange));
        const { response, finished } = exchange;
        finished(answer.status);
        response.writeHead(answer.status, { 'Content-Type': answer.contentType, 'Content-Length': bytes.length });
        response.write(bytes.subarray(0, bytes.length >> 1), () => {
          if (fault.kind === 'cut') response.socket?.destroy();
        });
      }
    }
  }

  #sendPieces({ response, finished }: Exchange, { status, contentType }: Encoded, pieces: readonly Buffer[]): void {
    finished(status);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': length });
    for (const piece of pieces) response.write(piece);
    response.end();
  }

  #send({ response, finished }: Exchange, answer: Answer): void {
    const { bytes, contentType, status, headers } = encoded(answer);
    finished(status);
    if (response.destroyed) return;
    const type = bytes.length > 0 || answer.json !== undefined ? { 'Content-Type': contentType } : {};
    response.writeHead(status, { ...type, 'Content-Length': bytes.length, ...headers });
    response.end(bytes);
  }
}

type Encoded = Answer & { bytes: Buffer; contentType: string };

function encoded(answer: Answer): Encoded {
  const contentType = answer.contentType ?? 'application/json;charset=UTF-8';
  const text = answer.json === undefined ? '' : JSON.stringify(answer.json);
  return { ...answer, bytes: answer.bytes ?? Buffer.from(text), contentType };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
