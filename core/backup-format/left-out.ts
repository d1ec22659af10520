import { type ApiRecord, isRecord } from '../model/json.ts';

/**
 * How many objects have what no backup stores, because nothing documented reads it; null where not every object says whether it
 * has some, so that a number would be too small.
 */
export interface LeftOut {
  /** By `hasAvatar`, which the specification has on every object. */
  readonly avatars: number | null;
  /** Objects with attachments, by `extendedInfo.attachmentsExists`, which is documented where one object is asked for, and not of lists. */
  readonly attachments: number | null;
}

export const leftOutOfNone: LeftOut = { avatars: 0, attachments: 0 };
export const leftOutUncounted: LeftOut = { avatars: null, attachments: null };

/** Of one object. */
export function leftOutOf({ hasAvatar, extendedInfo }: ApiRecord): LeftOut {
  const hasAttachments = isRecord(extendedInfo) ? extendedInfo.attachmentsExists : undefined;
  return { avatars: countOf(hasAvatar), attachments: countOf(hasAttachments) };
}

function countOf(says: unknown): number | null {
  return typeof says === 'boolean' ? Number(says) : null;
}

export function leftOutTogether(all: Iterable<LeftOut>): LeftOut {
  let { avatars, attachments } = leftOutOfNone;
  for (const each of all) {
    avatars = sumOf(avatars, each.avatars);
    attachments = sumOf(attachments, each.attachments);
  }
  return { avatars, attachments };
}

function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
