import { LoginRefusedError } from '../../core/errors.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import type { Offered } from '../../core/ports/assets-reader.ts';
import { jsonOf, mediaFileShape, recordShape } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { readOffered, writeOffered } from './read-offered.ts';

export interface IconAddresses {
  /** The address up to and with `/v1`. */
  readonly base: string;
  /** The media service's. */
  readonly mediaBase: string;
  readonly workspaceId: string;
}

/** What a site answers that does not have this, or not for this login. */
const notOffered: readonly number[] = [401, 403, 404, 405, 410, 501];
const tokenPath = '/icon/token-for-uploading-icon';
const mediaPath = '/file/binary';
const createPath = '/icon/create';

/**
 * Uploads an icon in three steps (Salto; undocumented): a token for the media service, the image to that service, the icon made of
 * it. The token opens the media service and nothing else; the site's own login is not sent there. A file that no icon was made of
 * does no harm: it is uploaded as deletable.
 */
export async function uploadIcon(
  client: HttpClient,
  addresses: IconAddresses,
  name: string,
  png: Uint8Array,
): Promise<Offered<ApiRecord>> {
  const token = await client.read({
    method: 'GET',
    url: `${addresses.base}${tokenPath}`,
    path: tokenPath,
    endpointClass: 'configuration',
    ...readOffered(`GET ${tokenPath}`, notOffered, (answer) => answer.mediaToken()),
  });
  if (!token.offered) return token;
  const mediaFileUuid = await uploadImage(client, addresses, { name, png, token: token.value });
  if (!mediaFileUuid.offered) return mediaFileUuid;
  return client.create({
    method: 'POST',
    url: `${addresses.base}${createPath}`,
    path: createPath,
    endpointClass: 'configuration',
    body: { name, mediaFileUuid: mediaFileUuid.value },
    ...writeOffered(`POST ${createPath}`, notOffered, (answer) => jsonOf(recordShape, answer)),
  });
}

async function uploadImage(
  client: HttpClient,
  { mediaBase, workspaceId }: IconAddresses,
  { name, png, token }: { name: string; png: Uint8Array; token: string },
): Promise<Offered<string>> {
  const query = new URLSearchParams({
    collection: `insight_${workspaceId}_icons`,
    name: `${name}.png`,
    deletable: 'true',
  });
  try {
    return await client.create({
      method: 'POST',
      url: `${mediaBase}${mediaPath}?${query}`,
      path: mediaPath,
      endpointClass: 'configuration',
      image: png,
      authorization: `Bearer ${token}`,
      ...writeOffered(`POST ${mediaPath}`, notOffered, (answer) => jsonOf(mediaFileShape, answer).data.id),
    });
  } catch (error) {
    // It says nothing about the site's login, which was not sent.
    if (!(error instanceof LoginRefusedError)) throw error;
    return {
      offered: false,
      reason: 'The media service answers 401: it does not take the token that the site gave for it.',
    };
  }
}
