import * as v from 'valibot';
import { backupNameIn, isBackupName } from '../../core/backup-format/keys.ts';
import type { RestoreInclude, RestoreInput, SameChoice } from '../../core/model/restore.ts';
import { filledText, yesOrNo } from './input-messages.ts';
import { sameChoices, sameOf, textOfSame } from './same-choice.ts';
import { schemaChoices, schemaOf, schemaRefusal, textOfSchema } from './schema-choice.ts';

/**
 * What may be chosen for a restore: a row each, in the order of `--help`. The check of an input, the command's options, the line
 * that starts a restore again and the table in `docs/restoring.md` are made of these rows, and know none of them by name.
 */

/** Where a choice stands in the input: `processObjects`, `include.objectTypes`. */
type ChoiceField = Exclude<keyof RestoreInput, 'include'> | `include.${keyof RestoreInclude}`;

type ValueOf<Field> = Field extends `include.${infer Name extends keyof RestoreInclude}`
  ? RestoreInclude[Name]
  : Field extends keyof RestoreInput
    ? RestoreInput[Field]
    : never;

export interface RestoreChoice<Value = unknown> {
  /** Of the field's value; gives the default. What it says goes on after the field's name, and shows no value. */
  readonly check: v.GenericSchema<unknown, Value>;
  /** What the option does, or the field where there is no option. */
  readonly help: string;
  /** How the field is written where it is not as the option. */
  readonly inFile?: string;
  readonly option?: SwitchOption | TextOption;
}

/** Says true; or false, where it begins with `--no-`. */
export interface SwitchOption {
  /** As Commander takes them: `--no-objects`. */
  readonly flags: string;
  /** Belongs to one run: the line that starts it again does not have it. */
  readonly isOfOneRun?: true;
}

export const saidBy = ({ flags }: SwitchOption) => !flags.startsWith('--no-');

/** Takes a text: `--schema <KEY>`. */
export interface TextOption extends SwitchOption {
  /** The sentence for a text that it does not take. */
  readonly needs: string;
  /** The value is a list, and each text an entry of it. */
  readonly isRepeated?: true;
  /** The text names a file of this computer; the value, what is stored of it in this folder of the work store. */
  readonly isFile?: 'users' | 'same';
  /** The value, or the entry, that a text means; undefined where it has not the form. Missing: the text itself. */
  read?(text: string): unknown;
  /** The way back. */
  write?(value: unknown): string;
  /** The sentence for a value that is read and does not pass, where it can say more than `needs`. */
  refusal?(value: unknown): string;
}

const folder = v.pipe(
  filledText,
  v.transform(backupNameIn),
  v.check(isBackupName, 'must be the name of a backup, as in 2026-11-23_02-00-00, or a path that ends with one'),
);

const names = v.optional(v.array(v.pipe(v.string('must be text'), v.nonEmpty('is empty')), 'must be a list'), []);

const planHash = v.pipe(
  filledText,
  v.toLowerCase(),
  v.regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits of the plan that you have seen'),
);

/** What the option says is what the default is not. */
const yesOrNoBy = (option: SwitchOption, help: string) => ({ option, help, check: yesOrNo(!saidBy(option)) });

const choices: { readonly [Field in ChoiceField]: RestoreChoice<ValueOf<Field>> } = {
  folder: { help: 'name of the backup, as `list` gives it; on the command line a word of its own', check: folder },
  objectSchemas: {
    option: {
      flags: '--schema <KEY>',
      needs: "It needs KEY, OLD=NEW or 'OLD=NEW:New name'.",
      isRepeated: true,
      read: schemaOf,
      write: textOfSchema,
      refusal: schemaRefusal,
    },
    help: 'restore this schema: KEY, OLD=NEW or OLD=NEW:Name; may be repeated',
    inFile:
      'a list of `{ "oldObjectSchemaKey": OLD, "newObjectSchemaKey": NEW, "newObjectSchemaName": Name }`, of which only the first is needed',
    check: v.optional(schemaChoices, null),
  },
  'include.objectTypes': {
    option: { flags: '--only-type <NAME>', needs: 'It needs the name of an object type.', isRepeated: true },
    help: 'restore only objects of this type; may be repeated',
    inFile: 'a list of names or ids',
    check: names,
  },
  'include.objects': { help: 'restore only these objects', inFile: 'a list of keys or ids', check: names },
  'include.attributes': {
    help: 'restore only values of these attributes, of Name and of the label',
    inFile: 'a list of names or ids',
    check: names,
  },
  intoExisting: yesOrNoBy(
    { flags: '--into-existing' },
    'write into a schema of the target that is not the one that was backed up',
  ),
  processObjects: yesOrNoBy({ flags: '--no-objects' }, 'leave out objects: configuration only'),
  processComments: yesOrNoBy({ flags: '--no-comments' }, 'leave out comments'),
  processHistory: yesOrNoBy({ flags: '--no-history' }, 'leave out history, which comes back as a comment'),
  setAttributeRestrictions: yesOrNoBy(
    { flags: '--no-restrictions' },
    'leave out what attributes demand: required, unique, patterns, filters',
  ),
  onExisting: {
    help: 'what becomes of an object that is still there: it is left as it is, in this version',
    check: v.optional(
      v.literal(
        'skip',
        'can only be "skip" in this version, which leaves objects that are still there as they are: repairing and overwriting them come in a later version',
      ),
      'skip',
    ),
  },
  relaxConstraints: {
    help: 'whether restrictions of attributes that are there are taken off for the time: never, in this version',
    check: v.optional(
      v.literal(
        false,
        'can only be false in this version, which takes no restriction off an attribute that is already there: that comes in a later version',
      ),
      false,
    ),
  },
  users: {
    option: { flags: '--users <FILE>', needs: 'It needs a path.', isFile: 'users' },
    help: "CSV with others for accounts and groups; a plan makes the file's template",
    inFile: 'its path from where that file lies; on AWS the key of a file in the work bucket',
    check: v.optional(v.nullable(filledText), null),
  },
  same: {
    option: {
      flags: '--same <OLD=KEY>',
      needs: 'It needs OLD=KEY, or OLD=none.',
      isRepeated: true,
      read: sameOf,
      write: (value) => textOfSame(value as SameChoice),
    },
    help: 'this object is that one by now, or none; may be repeated',
    inFile: 'a list of `{ "old": OLD, "is": KEY }`, each a key or an id, or `"none"`',
    check: sameChoices,
  },
  sameFile: {
    option: { flags: '--same-file <FILE>', needs: 'It needs a path.', isFile: 'same' },
    help: 'CSV with the same two columns for many objects',
    inFile: 'as with `users`',
    check: v.optional(v.nullable(filledText), null),
  },
  whatIsWhole: yesOrNoBy(
    { flags: '--what-is-whole' },
    'restore what is whole of a partial or damaged backup; the rest is lost',
  ),
  dryRun: yesOrNoBy({ flags: '--dry-run', isOfOneRun: true }, 'plan only'),
  approve: {
    option: {
      flags: '--approve <HASH>',
      needs: 'It needs the 64 hexadecimal digits that the plan ends with.',
      isOfOneRun: true,
    },
    help: 'carry out the plan of this hash, and no other',
    check: v.optional(v.nullable(planHash), null),
  },
};

export const choiceRows = Object.entries<RestoreChoice>(choices);
