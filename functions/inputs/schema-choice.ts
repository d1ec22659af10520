import * as v from 'valibot';
import type { SchemaChoice } from '../../core/model/restore.ts';
import { filledText, inputFields } from './input-messages.ts';

/** Which schemas are restored, and as what: as an input says it, and as one text each, `OLD=NEW:Name`. */

const entry = v.pipe(
  inputFields('restore', {
    oldObjectSchemaKey: filledText,
    newObjectSchemaKey: v.optional(v.nullable(filledText), null),
    newObjectSchemaName: v.optional(v.nullable(filledText), null),
  }),
  v.transform(
    (schema): SchemaChoice => ({
      ...schema,
      newObjectSchemaKey: schema.newObjectSchemaKey ?? schema.oldObjectSchemaKey,
    }),
  ),
);

type KeyField = 'oldObjectSchemaKey' | 'newObjectSchemaKey';

/** No two schemas may have the same key: the message counts from 1, as people do. */
function eachOnce(field: KeyField, why: string) {
  return v.check<SchemaChoice[], (issue: v.CheckIssue<SchemaChoice[]>) => string>(
    (schemas) => twins(schemas, field) === undefined,
    ({ input }) => `has the same ${field} in its entries ${twins(input, field)?.join(' and ')}, and ${why}`,
  );
}

function twins(schemas: readonly SchemaChoice[], field: KeyField): [number, number] | undefined {
  const keys = schemas.map((schema) => schema[field]);
  const second = keys.findIndex((key, index) => keys.indexOf(key) < index);
  const key = keys[second];
  return key === undefined ? undefined : [keys.indexOf(key) + 1, second + 1];
}

/** Null: every schema. */
export const schemaChoices = v.pipe(
  v.nullable(
    v.pipe(
      v.array(entry, 'must be a list, [ ... ]'),
      eachOnce('oldObjectSchemaKey', 'one run restores a schema once'),
      eachOnce(
        'newObjectSchemaKey',
        'two schemas cannot become one (without a newObjectSchemaKey, the old one is kept)',
      ),
    ),
  ),
  v.transform((schemas) => (schemas?.length ? schemas : null)),
);

/** What is wrong with the last of these, which did not pass. */
export function schemaRefusal(schemas: readonly SchemaChoice[]): string {
  const last = schemas.at(-1);
  return twins(schemas, 'oldObjectSchemaKey')
    ? `The schema ${last?.oldObjectSchemaKey} is named twice.`
    : `Two schemas cannot both become ${last?.newObjectSchemaKey}.`;
}

/** Atlassian documents no rule for the Cloud; what its keys never hold is kept out, the rest is the site's to judge. */
const schemaKey = /^\p{L}[\p{L}\p{N}_-]*$/u;

/** Of `KEY`, `OLD=NEW` or `OLD=NEW:Name`; undefined of anything else. A name may hold `=` and `:`. */
export function schemaOf(text: string): SchemaChoice | undefined {
  const [, oldKey = '', newKey = oldKey, newName] = /^([^=:]*)(?:=([^:]*)(?::(.*))?)?$/s.exec(text) ?? [];
  if (!schemaKey.test(oldKey) || !schemaKey.test(newKey) || newName?.trim() === '') return undefined;
  return { oldObjectSchemaKey: oldKey, newObjectSchemaKey: newKey, newObjectSchemaName: newName?.trim() ?? null };
}

export function textOfSchema({ oldObjectSchemaKey, newObjectSchemaKey, newObjectSchemaName }: SchemaChoice): string {
  if (newObjectSchemaName !== null) return `${oldObjectSchemaKey}=${newObjectSchemaKey}:${newObjectSchemaName}`;
  return oldObjectSchemaKey === newObjectSchemaKey ? oldObjectSchemaKey : `${oldObjectSchemaKey}=${newObjectSchemaKey}`;
}
