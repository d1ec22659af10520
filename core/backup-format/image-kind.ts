/** The kinds of images that an icon may be of, by which its file ends; `bin` for any other. */
export const imageKinds = ['png', 'svg', 'gif', 'jpg', 'webp', 'bin'] as const;
export type ImageKind = (typeof imageKinds)[number];

/** By its first bytes, whatever it is called: a site names each of them `icon.png`. */
export function imageKindOf(bytes: Uint8Array): ImageKind {
  const start = Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const known = signatures.find(([, signature]) => signature.test(start));
  if (known) return known[0];
  return isSvg(bytes) ? 'svg' : 'bin';
}

/** Of the first bytes as hexadecimal digits. */
const signatures: readonly (readonly [ImageKind, RegExp])[] = [
  ['png', /^89504e470d0a1a0a/],
  ['gif', /^474946383[79]61/],
  ['jpg', /^ffd8ff/],
  ['webp', /^52494646.{8}57454250/],
];

/** Its first element is `svg`; before it may stand a declaration, comments, a document type, and white space. */
function isSvg(bytes: Uint8Array): boolean {
  return svg.test(new TextDecoder().decode(bytes.subarray(0, 4096)));
}

const svg =
  /^\s*(?:<\?[^>]*>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE\s+svg\b[^[>]*(?:\[[^\]]*\])?[^>]*>\s*)*<(?:\w+:)?svg[\s>/]/i;
