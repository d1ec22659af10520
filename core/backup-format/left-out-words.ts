import { counted, readableCount } from '../counted.ts';
import type { LeftOut } from './left-out.ts';
import type { ManifestSchema } from './manifest.ts';

/** What there is of a kind. */
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
  const named = Map.groupBy(all, ({ type }) => type.name);
  const words = having.map(({ key, name, count }) => {
    const isTwice = (named.get(name)?.length ?? 0) > 1;
    return `${isTwice ? `${key} / ` : ''}${name} ${readableCount(count)}`;
  });
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
  const unsaid = [...unsaidOf('avatars', avatars), ...unsaidOf('attachments', attachments)];
  return [
    ...(avatars.total > 0 ? [`${counted(avatars.total, 'avatar')} (${avatars.types})`] : []),
    ...(attachments.total > 0 ? [`attachments of ${counted(attachments.total, 'object')} (${attachments.types})`] : []),
    ...(unsaid.length > 0 ? [`${unsaid.join(' and ')}, of which the site has not said how many there are`] : []),
  ].join(', ');
}

function unsaidOf(kind: keyof LeftOut, { isUnsaid, total }: Named): string[] {
  return isUnsaid ? [total > 0 ? `other ${kind}` : kind] : [];
}
