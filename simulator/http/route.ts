import type { SimulatedSite } from '../site/simulated-site.ts';
import type { Answer } from './answer.ts';
import type { EndpointName } from './endpoint.ts';
import type { SimulatedRequest } from './request.ts';

/** One method and path. Routes translate HTTP; what is allowed is decided by the site. */
export interface Route {
  name: EndpointName;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base; `{id}` stands for one part. */
  path: string;
  /** What a scoped token needs; undocumented endpoints have no scope. */
  scope?: string;
  /** Asks for no login. */
  isPublic?: boolean;
  handle(site: SimulatedSite, request: SimulatedRequest): Answer;
}

interface CompiledRoute {
  route: Route;
  parts: readonly string[];
}

export interface RouteMatch {
  route: Route;
  params: Record<string, string>;
}

/** Finds the route of a request; fixed parts win over placeholders by coming first in the table. */
export class RouteTable {
  readonly #routes: readonly CompiledRoute[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, parts: route.path.split('/') }));
  }

  find(method: string, path: string): RouteMatch | undefined {
    const parts = path.split('/');
    for (const { route, parts: wanted } of this.#routes) {
      const params = route.method === method ? matchParts(wanted, parts) : undefined;
      if (params) return { route, params };
    }
    return undefined;
  }
}

function matchParts(wanted: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, pattern] of wanted.entries()) {
    const part = parts[index] ?? '';
    if (pattern.startsWith('{')) {
      if (part === '') return undefined;
      params[pattern.slice(1, -1)] = decodePart(part);
    } else if (pattern !== part) {
      return undefined;
    }
  }
  return params;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
