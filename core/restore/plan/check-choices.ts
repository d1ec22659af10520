import type { ManifestSchema } from '../../backup-format/manifest.ts';
import { WrongInputError } from '../../errors.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { StoredConfiguration } from '../../reading/stored-configuration.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';

/** Names of a restore's choices that lead to nothing would restore nothing without a word. Throws WrongInputError. */
export function checkChosenObjects(
  { include: { objectTypes, objects } }: RestoreChoices,
  { backup, schemas, scan }: { backup: string; schemas: readonly ManifestSchema[]; scan: StoredObjects },
): void {
  const types = new Set(schemas.flatMap((schema) => schema.objectTypes.flatMap(({ id, name }) => [id, name])));
  const known = new Set([...scan.ids, ...scan.keys]);
  refuse(backup, [
    ...objectTypes.filter((name) => !types.has(name)).map((name) => `object type ${name}`),
    ...objects.filter((name) => !known.has(name)).map((name) => `object ${name}`),
  ]);
}

/** Throws WrongInputError. */
export function checkChosenAttributes(
  { include }: RestoreChoices,
  { backup, configuration }: { backup: string; configuration: StoredConfiguration },
): void {
  const attributes = configuration.schemas.flatMap(({ types }) => types.flatMap((type) => type.attributes));
  const known = new Set(attributes.flatMap(({ id, name }) => [id, name]));
  refuse(
    backup,
    include.attributes.filter((name) => !known.has(name)).map((name) => `attribute ${name}`),
  );
}

function refuse(backup: string, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new WrongInputError(`The chosen schemas of the backup ${backup} have no ${unknown.slice(0, 5).join(', no ')}.`);
}
