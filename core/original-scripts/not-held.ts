import type { Notice } from '../model/outcome.ts';

/** What no backup of the original scripts holds, whatever its version. */
const never: readonly string[] = [
  'It holds no images of icons: an icon that the target does not have by its name is not made.',
  'It holds no attachments and no avatars of objects.',
  'It does not say which issues hold which objects.',
  'It does not say how many objects the site had: what the scripts did not get, nobody can tell from their files.',
  'It has no checksums: what was changed since, and still is JSON, nobody can tell.',
  'Its history may be cut: the scripts asked for the short form, in which long values end early.',
];

export function neverHeld(): Notice[] {
  return never.map((message) => ({ kind: 'not-held', message }));
}
