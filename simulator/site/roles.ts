import type { ObjectType, Schema, StoredObject } from './records.ts';

/**
 * What the login may not see or manage. Roles of an object type override the schema's, so that a type, or objects, can be hidden from an
 * account that has the schema (support page on roles). What is hidden is answered like what is not there; which counts still
 * count it is not documented (the quirk `hiddenCountedBy`). References to hidden objects are shown. May be changed at any time.
 */
export class Roles {
  readonly #types = new Set<number>();
  readonly #objectsOf = new Set<number>();
  readonly #objects = new Set<number>();
  readonly #unmanaged = new Set<number>();

  /** A type with all its objects: neither is listed nor answered by id. */
  hideType({ id }: ObjectType): void {
    this.#types.add(id);
  }

  /** All objects of a type that itself stays visible, later ones too. */
  hideObjectsOf({ id }: ObjectType): void {
    this.#objectsOf.add(id);
  }

  hideObject({ id }: StoredObject): void {
    this.#objects.add(id);
  }

  /** A schema in which the login has a role below manager: user, say. Its objects can be written, its configuration cannot. */
  takeManagementOf({ id }: Schema): void {
    this.#unmanaged.add(id);
  }

  manages({ id }: Schema): boolean {
    return !this.#unmanaged.has(id);
  }

  /** Gives the login every role. */
  showAll(): void {
    for (const taken of [this.#types, this.#objectsOf, this.#objects, this.#unmanaged]) taken.clear();
  }

  get hidesObjects(): boolean {
    return this.#types.size + this.#objectsOf.size + this.#objects.size > 0;
  }

  seesType({ id }: ObjectType): boolean {
    return !this.#types.has(id);
  }

  seesObject({ id, typeId }: StoredObject): boolean {
    return !this.#types.has(typeId) && !this.#objectsOf.has(typeId) && !this.#objects.has(id);
  }
}
