import type { Manifest } from '../backup-format/manifest.ts';
import { isUsageKnown } from '../backup-format/usage-known.ts';
import { isEssential } from '../model/outcome.ts';

/** Why a backup says nothing about what is missing in it: of a schema, or of one of its types. */
export type Silence = 'not made of it' | 'partial' | 'hidden' | 'damaged';

/** A type of a site, as some night has it. */
export interface TypePlace {
  readonly schemaId: string;
  readonly typeId: string;
}

/** A finished backup, as a night of its site. */
export class Night {
  readonly manifest: Manifest;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** By schema: whether its objects are all here, or why nobody can tell. */
  readonly #schemas = new Map<string, Silence>();
  readonly #types = new Map<string, Silence>();
  readonly #ids: ReadonlySet<string>;
  /** What is hidden and somebody has accepted: of one type, or of a schema. */
  readonly #accepted: readonly { readonly schemaId: string; readonly typeId?: string; readonly message: string }[];
  #isUnreadable = false;

  constructor(manifest: Manifest) {
    this.manifest = manifest;
    this.startedAt = Date.parse(manifest.startedAt);
    this.#ids = new Set(manifest.schemas.map(({ id }) => id));
    this.#accepted = manifest.notices.flatMap(({ kind, message, schemaKey, objectTypeId, hidden }) =>
      kind !== 'accepted'
        ? []
        : manifest.schemas
            .filter(({ key }) => key === schemaKey)
            .map(({ id: schemaId }) => ({
              ...{ schemaId, message },
              ...(objectTypeId !== undefined && hidden?.of !== 'object-types' && { typeId: objectTypeId }),
            })),
    );
    for (const { kind, schemaKey, objectTypeId, hidden } of manifest.gaps) {
      if (!isEssential(kind) && kind !== 'not-visible') continue;
      const why = kind === 'not-visible' ? 'hidden' : 'partial';
      // Of a type that is hidden as a whole only its objects are not known; what is lacking otherwise may be any of a schema's.
      if (why === 'hidden' && objectTypeId !== undefined && hidden?.of === 'objects')
        this.#types.set(objectTypeId, why);
      else {
        for (const { id, key } of manifest.schemas) if ((schemaKey ?? key) === key) this.#schemas.set(id, why);
      }
    }
  }

  get name(): string {
    return this.manifest.name;
  }

  get places(): TypePlace[] {
    return this.manifest.schemas.flatMap(({ id: schemaId, objectTypes }) =>
      objectTypes.map(({ id: typeId }) => ({ schemaId, typeId })),
    );
  }

  has(schemaId: string): boolean {
    return this.#ids.has(schemaId);
  }

  /** Whether it is silent on a schema, and not only on some of its types. */
  isSilentOnAll(schemaId: string): boolean {
    return this.#schemas.has(schemaId) || !this.has(schemaId);
  }

  hasAccepted(message: string): boolean {
    return this.#accepted.some((one) => one.message === message);
  }

  /** Says that objects of a type turned out not to be readable. */
  damaged({ schemaId }: TypePlace): void {
    this.#schemas.set(schemaId, 'damaged');
  }

  /** The same of the whole night. */
  unreadable(): void {
    this.#isUnreadable = true;
  }

  /**
   * Why it cannot be told from this night that an object of a type is not there; undefined where it can.
   * @param other a night that has it: what both hide, and somebody has accepted, has not come to be hidden between them
   */
  silenceOn({ schemaId, typeId }: TypePlace, other?: Night): Silence | undefined {
    if (this.#isUnreadable) return 'damaged';
    const told = this.#schemas.get(schemaId) ?? this.#types.get(typeId);
    if (told !== undefined) return told;
    const isHidden = this.#accepted.some(
      (one) =>
        one.schemaId === schemaId && (one.typeId ?? typeId) === typeId && other?.hasAccepted(one.message) !== true,
    );
    if (isHidden) return 'hidden';
    if (this.has(schemaId)) return undefined;
    const { options, status, notices } = this.manifest;
    if (options.objectSchemaKeys !== null) return 'not made of it';
    if (status === 'partial') return 'partial';
    // A backup of all schemas that lacks this one: it is gone, where the site says that it hides none.
    const mayBeHidden = !isUsageKnown(this.manifest) || notices.some(({ kind }) => kind === 'schema-not-visible');
    return mayBeHidden ? 'hidden' : undefined;
  }
}
