import { type ClientRequest, request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import type { JsonRecord } from '../../core/model/json.ts';
import { packings } from './unpacked.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly accept: string;
  readonly authorization: string | undefined;
  readonly body: JsonRecord | undefined;
  /** A PNG image as the body. */
  readonly image?: Uint8Array | undefined;
}

/**
 * Sends a request by Node's own agents: they keep connections for the requests that follow, trust what NODE_EXTRA_CA_CERTS names,
 * and pass through the proxy that NODE_USE_ENV_PROXY asks for. Throws TypeError for a header that cannot be one.
 */
export function send({ method, url, accept, authorization, body, image }: HttpRequest): ClientRequest {
  const content = body ? JSON.stringify(body) : image;
  const requestBy = url.protocol === 'https:' ? requestByHttps : requestByHttp;
  const sent = requestBy(url, {
    method,
    headers: {
      accept,
      'accept-encoding': packings,
      'user-agent': 'assets-backup',
      ...(authorization !== undefined && { authorization }),
      ...(content !== undefined && {
        'content-type': body ? 'application/json' : 'image/png',
        'content-length': Buffer.byteLength(content),
      }),
    },
  });
  // One write with the header, and no copy.
  return sent.end(content);
}
