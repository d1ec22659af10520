import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib';

/** How a body may be packed, as `accept-encoding` says it. */
export const packings = 'gzip, br';

/**
 * The bytes of a body, unpacked as they are read, so that what is not read takes no memory. What is said to be `deflate`
 * is unpacked unasked. Packed in another way, or more than once, they are given as they came, and will not be what was expected.
 */
export function unpacked(response: IncomingMessage): Readable {
  const unpacking = unpackingOf(response.headers['content-encoding']?.trim().toLowerCase());
  // It takes a fault over to what it gives, which tells of it.
  return unpacking ? pipeline(response, unpacking, () => undefined) : response;
}

/** Lenient at the end, as fetch and browsers are: what is empty may be said to be packed, and JSON shows by itself that it is cut. */
function unpackingOf(packing: string | undefined) {
  switch (packing) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip({ finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}
