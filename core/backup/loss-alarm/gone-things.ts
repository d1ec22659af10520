import type { Manifest, ManifestObjectType, ManifestSchema } from '../../backup-format/manifest.ts';
import { counted } from '../../counted.ts';
import type { Suspicion } from '../../model/loss-alarm.ts';
import { acceptedSince } from './accepted-losses.ts';
import type { AgainstMeasure } from './against-measure.ts';
import type { ComparedSchema, JudgedNight } from './compared-schemas.ts';
import { hiddenSince } from './hidden-since.ts';

/** Schemas and object types of a measure that this night has not. */
export function goneThings(held: AgainstMeasure): Suspicion[] {
  const { measure, against, schemas, night, acceptances } = held;
  return schemas
    .flatMap((schema) =>
      'now' in schema ? goneTypes(schema, night, against) : goneSchema(schema, night, against.name),
    )
    .map((gone): Suspicion => ({ ...gone, measure, against: against.name, now: 0 }))
    .filter((suspicion) => !acceptedSince(acceptances, suspicion, against.name));
}

type Gone = Omit<Suspicion, 'measure' | 'against' | 'now'>;

function goneSchema(
  { before, absence }: Extract<ComparedSchema, { absence: unknown }>,
  night: JudgedNight,
  against: string,
): Gone[] {
  const { id, key, name } = before;
  const place = { schemaId: id, schemaKey: key, before: objectsOf(before.objectTypes) };
  const what = `The schema ${key} (${name}, ${counted(place.before, 'object')} in ${against})`;
  const other = night.schemas.find((schema) => schema.key === key);
  const another = other ? ` Another schema (${other.name}) has the key ${key} by now.` : '';
  switch (absence.state) {
    case 'gone':
      return [{ kind: 'schema-gone', ...place, message: `${what} is not on the site any more.${another}` }];
    case 'not-visible':
      return [
        {
          ...{ kind: 'schema-not-visible', ...place },
          message: `${what} is not visible to this account any more, and the site still has it: a right was lost, nothing was deleted.${another}`,
        },
      ];
    case 'not-found':
      return [
        {
          ...{ kind: 'schema-not-visible', ...place },
          message: `${what} is not found any more: it was deleted, or is not visible to this account, and without /usage nobody can tell which.${another}`,
        },
      ];
    case 'unknown':
      return [
        {
          ...{ kind: 'schema-not-visible', ...place },
          message: `${what} is not in the site's list of schemas any more, and the site would not say whether it was deleted or is not visible to this account.${another}`,
        },
      ];
    case 'rekeyed':
      return [
        {
          ...{ kind: 'schema-rekeyed', ...place },
          message: `${what} is not in this backup, which is of chosen keys: it has the key ${absence.key} by now.${another}`,
        },
      ];
    case 'unlisted':
      return []; // A gap says so.
  }
}

function goneTypes(
  { before, now, types }: Extract<ComparedSchema, { now: ManifestSchema }>,
  night: JudgedNight,
  against: Manifest,
): Gone[] {
  const hidden = hiddenSince(against, night, { before, now }, 'object-types');
  return types.flatMap((type): Gone[] => {
    if (type.now) return [];
    const { id, name, stored } = type.before;
    const place = { schemaId: now.id, schemaKey: now.key, objectTypeId: id, before: stored };
    const what = `The object type ${name} of ${now.key} (${counted(stored, 'object')} in ${against.name})`;
    if (hidden === 0) {
      return [
        {
          kind: 'object-type-gone',
          ...place,
          message: `${what} is not on the site any more, by its list and its count of object types.`,
        },
      ];
    }
    const more = `the schema counts ${counted(hidden, 'object type')} more than it shows, and did not then`;
    const message = `${what} is not visible to this account any more, or was deleted: ${more}.`;
    return [{ kind: 'object-type-not-visible', ...place, message }];
  });
}

const objectsOf = (types: readonly ManifestObjectType[]) => types.reduce((sum, { stored }) => sum + stored, 0);
