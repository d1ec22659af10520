import type { IncomingHttpHeaders } from 'node:http';
import type { EndpointName } from './endpoint.ts';

/** A request as routes, fault rules and hooks see it. */
export interface SimulatedRequest {
  endpoint: EndpointName;
  method: string;
  /** The path as sent, without the query. */
  path: string;
  /** Values of the route's placeholders, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body parsed as JSON; undefined when there is none or it is no JSON. */
  body: unknown;
  rawBody: Buffer;
  /** How many requests to the same endpoint came before. */
  index: number;
}
