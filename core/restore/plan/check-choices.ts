import type { ManifestSchema } from '../../backup-format/manifest.ts';
import { WrongInputError } from '../../errors.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import { didYouMean } from '../../near-names.ts';
import type { StoredConfiguration } from '../../reading/stored-configuration.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';

/** Names of a restore's choices that lead to nothing would restore nothing without a word. Throws WrongInputError. */
export function checkChosenObjects(
  { include: { objectTypes, objects } }: RestoreChoices,
  { backup, schemas, scan }: { backup: string; schemas: readonly ManifestSchema[]; scan: StoredObjects },
): void {
  const types = schemas.flatMap((schema) => schema.objectTypes);
  const known = new Set([...scan.ids, ...scan.keys]);
  refuse(backup, [
    ...unknownOf('object type', objectTypes, types),
    ...objects.filter((name) => !known.has(name)).map((name) => ({ what: `object ${name}`, near: '' })),
  ]);
}

/** Throws WrongInputError. */
export function checkChosenAttributes(
  { include }: RestoreChoices,
  { backup, configuration }: { backup: string; configuration: StoredConfiguration },
): void {
  const attributes = configuration.schemas.flatMap(({ types }) => types.flatMap((type) => type.attributes));
  refuse(backup, unknownOf('attribute', include.attributes, attributes));
}

interface Unknown {
  readonly what: string;
  /** A sentence about what may be meant, or nothing. */
  readonly near: string;
}

function unknownOf(
  kind: string,
  chosen: readonly string[],
  things: readonly { readonly id: string; readonly name: string }[],
): Unknown[] {
  const names = new Set(things.map(({ name }) => name));
  const known = new Set([...names, ...things.map(({ id }) => id)]);
  return chosen
    .filter((text) => !known.has(text))
    .map((text) => ({ what: `${kind} ${text}`, near: didYouMean(text, names) }));
}

function refuse(backup: string, all: readonly Unknown[]): void {
  if (all.length === 0) return;
  const unknown = all.slice(0, 5);
  throw new WrongInputError(
    `The chosen schemas of the backup ${backup} have no ${unknown.map(({ what }) => what).join(', no ')}.${unknown.map(({ near }) => near).join('')}`,
  );
}
