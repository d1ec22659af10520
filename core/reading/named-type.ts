import { DamagedBackupError, WrongInputError } from '../errors.ts';
import { didYouMean, type Named } from '../near-names.ts';

/** What tells an object type from others. */
export interface NamedType {
  readonly id: string;
  readonly name: string;
  /** `Hardware/Laptop`. */
  readonly path: string;
  readonly schema: { readonly key: string };
}

/** `ASSETS/Hardware/Laptop`. */
export const fullPath = ({ schema, path }: NamedType) => `${schema.key}/${path}`;

/** Who is asked for a type, and what else is to be said where it has none of that name. */
export interface TypeOwner {
  /** To begin a sentence: `2026-11-23_02-00-00 has no`. */
  readonly hasNo: string;
  /** What may have been meant besides. */
  readonly others?: readonly Named[];
  /** Sentences about lists of types that cannot be read, and may name it. */
  readonly damage?: readonly string[];
}

/**
 * The id of the type that a person means by an id, else by a path with the schema's key, else by a path or a name, else by a name with
 * the schema's key. Throws WrongInputError where it is none, or several; DamagedBackupError where nobody can tell.
 */
export function typeNamed(text: string, types: readonly NamedType[], owner: TypeOwner): string {
  const ways: readonly ((type: NamedType) => boolean)[] = [
    ({ id }) => id === text,
    (type) => fullPath(type) === text,
    ({ path, name }) => path === text || name === text,
    ({ schema, name }) => `${schema.key}/${name}` === text,
  ];
  for (const isNamed of ways) {
    const found = new Map(types.filter(isNamed).map((type) => [type.id, type]));
    const [first, second] = found.keys();
    if (second !== undefined) {
      const paths = [...found.values()].map((type) => `${fullPath(type)} (id ${type.id})`).join(', ');
      throw new WrongInputError(`Several object types are called ${text}: ${paths}. Name one by its path or its id.`);
    }
    if (first !== undefined) return first;
  }
  const { hasNo, others = [], damage = [] } = owner;
  const near = didYouMean(text, [...others, ...types.map(namedByPath)]);
  if (damage.length > 0)
    throw new DamagedBackupError(
      `${hasNo} object type ${text} among those that can be read.${near} ${damage.join(' ')}`,
    );
  throw new WrongInputError(
    `${hasNo} object type ${text}: it takes a name, a path or an id.${near || ' `assets-backup ls` lists those of a backup.'}`,
  );
}

const namedByPath = (type: NamedType): Named => ({
  shown: fullPath(type),
  names: [type.name, type.path, fullPath(type), `${type.schema.key}/${type.name}`],
});
