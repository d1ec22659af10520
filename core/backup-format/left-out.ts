import { counted } from '../counted.ts';
import { type ApiRecord, isRecord } from '../model/json.ts';
import type { ManifestSchema } from './manifest.ts';

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

interface Named {
  readonly total: number;
  /** `Laptop 9, Phone 3`, most first; of types that share a name with the schema's key before it. */
  readonly types: string;
  /** Whether a type with objects does not say it. */
  readonly isUnsaid: boolean;
}

const shownTypes = 10;

function namedBy(kind: keyof LeftOut, schemas: readonly Pick<ManifestSchema, 'key' | 'objectTypes'>[]): Named {
  const all = schemas.flatMap(({ key, objectTypes }) => objectTypes.map((type) => ({ key, type })));
  const having = all
    .map(({ key, type }) => ({ key, name: type.name, count: type[kind] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
  const isTwice = (name: string) => all.filter(({ type }) => type.name === name).length > 1;
  const words = having.map(({ key, name, count }) => `${isTwice(name) ? `${key} / ` : ''}${name} ${count}`);
  const more = words.length - shownTypes;
  return {
    total: having.reduce((sum, { count }) => sum + count, 0),
    types: [...words.slice(0, shownTypes), ...(more > 0 ? [`${counted(more, 'type')} more`] : [])].join(', '),
    isUnsaid: all.some(({ type }) => type.stored > 0 && type[kind] === null),
  };
}

/**
 * What these schemas have on the site and the backup does not store, without an article and a full stop:
 * `12 avatars (Laptop 9, Phone 3), attachments of 3 objects (Laptop 3)`. Empty where every object says that it has none.
 */
export function leftOutWords(schemas: readonly Pick<ManifestSchema, 'key' | 'objectTypes'>[]): string {
  const avatars = namedBy('avatars', schemas);
  const attachments = namedBy('attachments', schemas);
  const unsaid = [...(avatars.isUnsaid ? ['avatars'] : []), ...(attachments.isUnsaid ? ['attachments'] : [])];
  return [
    ...(avatars.total > 0 ? [`${counted(avatars.total, 'avatar')} (${avatars.types})`] : []),
    ...(attachments.total > 0 ? [`attachments of ${counted(attachments.total, 'object')} (${attachments.types})`] : []),
    ...(unsaid.length > 0
      ? [`${unsaid.join(' and ')}, of which the site's lists do not say which objects have some`]
      : []),
  ].join(', ');
}
