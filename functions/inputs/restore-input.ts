import * as v from 'valibot';
import { isBackupName } from '../../core/backup-format/keys.ts';
import type { RestoreChoices, SchemaChoice } from '../../core/model/restore.ts';
import { objectMessage, refuseLogin, wrongInput, yesOrNo } from './input-messages.ts';

/** What a person gives a restore: the import config of the original scripts without its login, and choices. */

/** A restore's input with every default filled in. Throws WrongInputError with all that is wrong, in one sentence. */
export function parseRestoreInput(input: unknown): RestoreChoices {
  refuseLogin('restore', input);
  const parsed = v.safeParse(restoreInput, input);
  if (parsed.success) return parsed.output;
  throw wrongInput('restore', parsed.issues);
}

/** `parseRestoreInput` gives back the choices of which this makes an input. */
export { restoreInputOf } from '../../core/model/restore.ts';

const text = v.pipe(
  v.string('must be text'),
  v.trim(),
  v.nonEmpty('is empty'),
  v.check((value) => !/^<.*>$/.test(value), 'still holds the placeholder of the template'),
);

const names = v.optional(v.array(v.pipe(v.string('must be text'), v.nonEmpty('is empty')), 'must be a list'), []);

/** Also as a path, because local backups are folders and shells complete them with a slash. */
const folder = v.pipe(
  text,
  v.transform((path) => path.split(/[/\\]/).findLast((segment) => segment !== '') ?? ''),
  v.check(isBackupName, 'must be the name of a backup, as in 2026-11-23_02-00-00, or a path that ends with one'),
);

const schemaChoice = v.pipe(
  v.strictObject(
    {
      oldObjectSchemaKey: text,
      newObjectSchemaKey: v.optional(v.nullable(text), null),
      newObjectSchemaName: v.optional(v.nullable(text), null),
    },
    objectMessage('restore'),
  ),
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

const objectSchemas = v.pipe(
  v.array(schemaChoice, 'must be a list, [ ... ]'),
  eachOnce('oldObjectSchemaKey', 'one run restores a schema once'),
  eachOnce('newObjectSchemaKey', 'two schemas cannot become one (without a newObjectSchemaKey, the old one is kept)'),
);

/** Version 0.1.0 wrote it into the inputs that its plans print. */
const missing = v.optional(
  v.literal(false, 'is no choice any more: what the target lacks is made, and the rest left as it is; so leave it out'),
);

const include = v.pipe(
  v.strictObject({ objectTypes: names, objects: names, attributes: names, missing }, objectMessage('restore')),
  v.transform(({ missing, ...choices }) => choices),
);

const restoreInput = v.pipe(
  v.strictObject(
    {
      folder,
      objectSchemas: v.optional(v.nullable(objectSchemas), null),
      processObjects: yesOrNo(true),
      processComments: yesOrNo(true),
      processHistory: yesOrNo(true),
      setAttributeRestrictions: yesOrNo(true),
      include: v.optional(include, {}),
      onExisting: v.optional(
        v.literal(
          'skip',
          'can only be "skip" in this version, which leaves objects that are still there as they are: repairing and overwriting them come in a later version',
        ),
        'skip',
      ),
      intoExisting: yesOrNo(false),
      relaxConstraints: v.optional(
        v.literal(
          false,
          'can only be false in this version, which takes no restriction off an attribute that is already there: that comes in a later version',
        ),
        false,
      ),
      users: v.optional(v.nullable(text), null),
      dryRun: yesOrNo(false),
      approve: v.optional(
        v.nullable(
          v.pipe(
            text,
            v.toLowerCase(),
            v.regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits of the plan that you have seen'),
          ),
        ),
        null,
      ),
    },
    objectMessage('restore'),
  ),
  v.transform(
    ({ folder, objectSchemas, ...others }): RestoreChoices => ({
      backup: folder,
      schemas: objectSchemas?.length ? objectSchemas : null,
      ...others,
    }),
  ),
);
