const illegal = /[<>:"/\\|?*%\p{Cc}]/gu;
const reservedDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** Code points of a name that are kept: with schema folder, id and `.00001.json` a key stays far below 1,024 bytes. */
const longest = 80;

/**
 * A name as one segment of a key that S3, Windows, macOS and Linux all take: never empty, never `.` or `..`.
 * Not unique, and not to be read back: callers add the id, and readers go by the manifest.
 */
export function safeName(name: string): string {
  const kept = [...name.toWellFormed().normalize('NFC').replace(illegal, '_')].slice(0, longest).join('');
  const ended = kept
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length))
    .replace(/^ +/, (start) => '_'.repeat(start.length));
  const stem = ended.split('.')[0] ?? '';
  return reservedDevice.test(stem) ? `_${ended}` : ended || '_';
}
