import type { JsonRecord } from '../../core/model/json.ts';
import type { EndpointClass } from '../../core/model/request-budget.ts';
import type { Answer } from './answer.ts';

/** One request to the site, and what becomes of its answer. */
export interface SiteRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** What errors and logs call it: the path, without query values. */
  readonly path: string;
  readonly endpointClass: EndpointClass;
  readonly body?: JsonRecord;
  /** A body that is a PNG image. */
  readonly image?: Uint8Array;
  /** `application/json` unless told. */
  readonly accept?: string;
  /** For what answers anyone: no login is sent. */
  readonly isAnonymous?: boolean;
  /** An Authorization header in place of the login's, for another service. */
  readonly authorization?: string;
  /** Statuses besides 2xx that mean something here, for which `read` is called as well. */
  readonly alsoRead?: readonly number[];
  /** Makes a value of the answer. Throws WrongAnswer for an answer that is none, or any error to give up at once. */
  read(answer: Answer): T;
}

export function placeOf({ method, path }: Pick<SiteRequest<unknown>, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
