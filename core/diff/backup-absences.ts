import type { Manifest } from '../backup-format/manifest.ts';
import { isUsageKnown } from '../backup-format/usage-known.ts';
import { counted } from '../counted.ts';
import { type Gap, isEssential } from '../model/outcome.ts';
import type { Absences, SideType } from './side.ts';

/** Gaps that are named one by one. */
const mostPlaces = 5;

/**
 * What a backup does not have and the site may have had: schemas that it was not made of, what failed, and what its account does not
 * see. Where both backups hide the same number and somebody has accepted it, nothing has come to be hidden between them.
 */
export class BackupAbsences implements Absences {
  readonly #manifest: Manifest;
  readonly #other: Manifest;

  /** @param other the other side */
  constructor(manifest: Manifest, other: Manifest) {
    this.#manifest = manifest;
    this.#other = other;
  }

  ofSchema({ id, key }: { readonly id: string; readonly key: string }): string | undefined {
    const { name, options, notices, gaps } = this.#manifest;
    const { objectSchemaKeys: keys } = options;
    if (keys && !keys.includes(key)) return `${name} was made of ${keys.join(', ')} only`;
    const hidden = notices.filter((notice) => notice.kind === 'schema-not-visible');
    const mayBe = ({ schemaId = id, message }: (typeof hidden)[number]) => schemaId === id && !this.#isOnOther(message);
    if (hidden.some(mayBe)) return `the site has a schema that the account of ${name} did not see`;
    const gap = gaps.find(({ kind, schemaKey }) => isEssential(kind) && schemaKey === undefined);
    if (gap) return this.#hasGap(gap);
    return isUsageKnown(this.#manifest)
      ? undefined
      : `${name} does not know whether the site had schemas that its account did not see`;
  }

  ofConfiguration({ id }: { readonly id: string }): string | undefined {
    const key = this.#keyOf(id);
    return (
      this.#gap(({ kind, schemaKey, objectTypeId, hidden }) => {
        if (schemaKey !== key || objectTypeId !== undefined) return false;
        return kind === 'configuration' || hidden?.of === 'object-types';
      }) ?? this.#accepted(key, undefined)
    );
  }

  ofObjects({ id, schema }: SideType): string | undefined {
    const key = this.#keyOf(schema.id);
    if (key === undefined) return this.ofSchema(schema);
    const isOfObjects = ({ kind, hidden }: Gap) => kind === 'objects' || kind === 'counts' || hidden?.of === 'objects';
    return (
      this.ofConfiguration(schema) ??
      this.#gap((gap) => {
        const { schemaKey, objectTypeId, objectId, objects, objectIds } = gap;
        if (schemaKey !== key || !isOfObjects(gap) || objectId !== undefined) return false;
        // Those that it names are known one by one; more than it names may be any.
        if (objects !== undefined) return objects > (objectIds?.length ?? 0);
        return objectTypeId === undefined || objectTypeId === id;
      }) ??
      this.#accepted(key, id)
    );
  }

  ofObject(id: string): string | undefined {
    return this.#gap(({ kind, objectId, objectIds }) => {
      return kind === 'objects' && (objectId === id || objectIds?.includes(id) === true);
    });
  }

  /** Sentences on where this backup may have had, under another type, what it lacks where it was looked for. */
  whereItMayBe(change: 'added' | 'removed'): string[] {
    const { name, options } = this.#manifest;
    const keys = options.objectSchemaKeys;
    const [elsewhere, there] =
      change === 'added'
        ? ['came there from another schema', 'came from there to another type']
        : ['went from there to another schema', 'went there from another type'];
    const places = [...new Set(this.#unreadPlaces)];
    const more = places.length - mostPlaces;
    return [
      ...(keys ? [`${name} was made of ${keys.join(', ')} only: what ${elsewhere} counts as ${change}.`] : []),
      ...places.slice(0, mostPlaces).map((place) => `As ${place}, what ${there} counts as ${change}.`),
      ...(more > 0 ? [`${name} has ${counted(more, 'gap')} more like these (assets-backup show).`] : []),
    ];
  }

  /** What a gap names object by object is known. */
  get #unreadPlaces(): string[] {
    const { gaps, notices, schemas } = this.#manifest;
    const unread = gaps.filter(({ kind, objectId, objects, objectIds, objectTypeId }) => {
      if (kind === 'configuration') return objectTypeId === undefined;
      if (kind !== 'objects' && kind !== 'counts' && kind !== 'not-visible') return false;
      return objectId === undefined && (objects === undefined || objects > (objectIds?.length ?? 0));
    });
    const accepted = notices.filter(({ kind, message }) => kind === 'accepted' && !this.#isOnOther(message));
    const isThere = (key: string | undefined) => schemas.some((schema) => schema.key === key);
    return [
      ...unread.map((gap) => this.#hasGap(gap)),
      ...accepted.flatMap(({ schemaKey }) => (isThere(schemaKey) ? [this.#hides(schemaKey)] : [])),
    ];
  }

  /** Of this backup; undefined where it has no such schema. */
  #keyOf(schemaId: string): string | undefined {
    return this.#manifest.schemas.find(({ id }) => id === schemaId)?.key;
  }

  #gap(isIt: (gap: Gap) => boolean): string | undefined {
    const gap = this.#manifest.gaps.find(isIt);
    return gap && this.#hasGap(gap);
  }

  #hasGap({ kind, what }: Gap): string {
    const { name } = this.#manifest;
    return kind === 'not-visible' ? `the account of ${name} did not see all (${what})` : `${name} has a gap (${what})`;
  }

  #accepted(schemaKey: string | undefined, typeId: string | undefined): string | undefined {
    const more = this.#manifest.notices.some(
      (notice) =>
        notice.kind === 'accepted' &&
        notice.schemaKey === schemaKey &&
        (notice.objectTypeId === undefined || notice.objectTypeId === typeId) &&
        !this.#isOnOther(notice.message),
    );
    return more ? this.#hides(schemaKey) : undefined;
  }

  #hides(schemaKey: string | undefined): string {
    return `the account of ${this.#manifest.name} did not see all of ${schemaKey}, as somebody has accepted`;
  }

  #isOnOther(message: string): boolean {
    return this.#other.notices.some((notice) => notice.message === message);
  }
}
