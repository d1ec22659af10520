import { WrongInputError } from '../errors.ts';

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

/**
 * The id of the type that a person means by an id, else by a path with the schema's key, else by a path or a name, else by a name with
 * the schema's key. Throws WrongInputError where it is none, or several.
 * @param nobody who has no such type, to begin a sentence: `2026-11-23_02-00-00 has no`
 */
export function typeNamed(text: string, types: readonly NamedType[], nobody: string): string {
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
  throw new WrongInputError(`${nobody} object type ${text}: it takes a name, a path or an id.`);
}
