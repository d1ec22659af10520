import type { Notice } from '../model/outcome.ts';

/** What no backup of the original scripts holds, whatever its version. */
const never: readonly string[] = [
  'Images of icons: an icon that the target does not have by its name is not made.',
  'Attachments and avatars of objects.',
  'Which issues hold which objects.',
  'How many objects the site had: what the scripts did not get, nobody can tell from their files.',
  'Checksums: what was changed since, and still is JSON, nobody can tell.',
  'History as it stood: the scripts asked for it in the short form, in which long values may be cut.',
  "Its name as a time of UTC: it is the local time of the scripts' machine.",
];

export function neverHeld(): Notice[] {
  return never.map((message) => ({ kind: 'not-held', message }));
}
