const illegal = /[<>:"/\\|?*%\p{Cc}]/gu;
const reservedDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *$/i;

/**
 * File systems count the 255 of a segment in bytes, so a name of three- or four-byte characters is cut sooner. Whatever follows a
 * name (an id, `.00001.try-2.json`) fits behind it, and three such segments into the 1,024 bytes of a key on S3.
 */
const mostBytes = 120;

/**
 * A name as one segment of a key that S3, Windows, macOS and Linux all take: never empty, never `.` or `..`, at most 120 bytes.
 * Not unique, and not to be read back: callers add the id, and readers go by the manifest.
 */
export function safeName(name: string): string {
  // One byte is for the `_` in front of a device's name.
  const kept = cut(name.toWellFormed().normalize('NFC').replace(illegal, '_'), mostBytes - 1);
  const ended = kept
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length))
    .replace(/^ +/, (start) => '_'.repeat(start.length));
  const stem = ended.split('.')[0] ?? '';
  return reservedDevice.test(stem) ? `_${ended}` : ended || '_';
}

/** Made for the first name that is too long: it takes longer than all else that a short command does. */
let characters: Intl.Segmenter | undefined;

/** Cut between two characters as people see them; between two code points where the first of those is too long already. */
function cut(name: string, bytes: number): string {
  if (sizeOf(name) <= bytes) return name;
  characters ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  const seen = Array.from(characters.segment(name), ({ segment }) => segment);
  return asManyAsFit(seen, bytes) || asManyAsFit([...name], bytes);
}

function asManyAsFit(parts: readonly string[], bytes: number): string {
  let left = bytes;
  const end = parts.findIndex((part) => {
    left -= sizeOf(part);
    return left < 0;
  });
  return parts.slice(0, end).join('');
}

const encoder = new TextEncoder();
const sizeOf = (text: string) => encoder.encode(text).length;
