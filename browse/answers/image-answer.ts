import type { ImageKind } from '../../core/backup-format/image-kind.ts';

const types: Readonly<Record<ImageKind, string>> = {
  png: 'image/png',
  svg: 'image/svg+xml',
  gif: 'image/gif',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  bin: 'application/octet-stream',
};

/** An image of a backup. Whoever opens one by itself gets a picture in a box of its own, whatever an SVG may hold. */
export class ImageAnswer {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

  constructor(bytes: Uint8Array, kind: ImageKind) {
    this.bytes = bytes;
    this.type = types[kind];
  }
}
