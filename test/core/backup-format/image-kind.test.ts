import { describe, expect, it } from 'vitest';
import { imageKindOf } from '../../../core/backup-format/image-kind.ts';
import { drawIcon } from '../../../simulator/site/icon-image.ts';

const ofText = (text: string) => new TextEncoder().encode(text);
const ofHex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));

describe('The kind of an image is told by its bytes', () => {
  it.each([
    ['png', drawIcon(1, 16)],
    ['gif', ofText('GIF89a and more')],
    ['gif', ofText('GIF87a')],
    ['jpg', ofHex('ffd8ffe000104a464946')],
    ['webp', ofText('RIFF\x01\x02\x03\x04WEBPVP8 ')],
    ['svg', ofText('<svg xmlns="http://www.w3.org/2000/svg"></svg>')],
    [
      'svg',
      ofText(
        '\ufeff<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg/>',
      ),
    ],
    ['svg', ofText('<!DOCTYPE svg [<!ENTITY a "b">]><svg:svg/>')],
    ['bin', ofText('<!DOCTYPE html><svg/>')],
    ['bin', ofText('<html><svg/></html>')],
    ['bin', ofText('<svgs/>')],
    ['bin', ofText('RIFF1234WAVE')],
    ['bin', ofText('')],
    ['bin', ofHex('89504e47')],
  ] as const)('%s (%#)', (kind, bytes) => {
    expect(imageKindOf(bytes)).toBe(kind);
  });

  it('in no time, however much of it looks like the beginning of an SVG', () => {
    expect(imageKindOf(ofText('<!--'.repeat(5_000)))).toBe('bin');
    expect(imageKindOf(ofText('<?a>  '.repeat(5_000)))).toBe('bin');
  });
});
