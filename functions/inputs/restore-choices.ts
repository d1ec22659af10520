import * as v from 'valibot';
import { backupNameIn, isBackupName, mayNameBackup } from '../../core/backup-format/keys.ts';
import {
  onExistingChoices,
  type RestoreInclude,
  type RestoreInput,
  type SameChoice,
} from '../../core/model/restore.ts';
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

/** A path says by its end that it is a backup's; a word of its own may be the name that somebody has given one. */
const folder = v.pipe(
  filledText,
  v.check(
    (text) => isBackupName(backupNameIn(text)) || mayNameBackup(text),
    'must be the name of a backup, as in 2026-11-23_02-00-00, a path that ends with one, or "latest"',
  ),
  v.transform(backupNameIn),
);

const names = v.optional(v.array(v.pipe(v.string('must be text'), v.nonEmpty('is empty')), 'must be a list'), []);

export const planHash = v.pipe(
  filledText,
  v.toLowerCase(),
  v.regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits of the plan that you have seen'),
);

/** Gives it in UTC, to the millisecond: what one says twice is one choice. */
const time = v.pipe(
  filledText,
  v.check(
    (text) => isTime.test(text) && !Number.isNaN(Date.parse(text)),
    'must be a time with its zone, such as 2026-11-27T18:00:00Z or 2026-11-27T19:00:00+01:00, or a day, which begins at 00:00 UTC',
  ),
  v.transform((text) => new Date(text).toISOString()),
);
const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/;

/** What a history has of nobody narrows a restore to nothing: neither an e-mail address nor a name is an account id. */
const accountId = v.pipe(
  filledText,
  v.regex(/^[^@\s]+$/, 'must be an account id, such as 5b10ac8d82e05b22cc7d4ef5, and no e-mail address or name'),
);

/** What the option says is what the default is not. */
const yesOrNoBy = (option: SwitchOption, help: string) => ({ option, help, check: yesOrNo(!saidBy(option)) });

const choices: { readonly [Field in ChoiceField]: RestoreChoice<ValueOf<Field>> } = {
  folder: {
    help: 'name of the backup, as `list` gives it, or `latest`, the newest that counts; on the command line a word of its own',
    check: folder,
  },
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
  'include.objects': {
    option: { flags: '--only-object <KEY>', needs: 'It needs the key or the id of an object.', isRepeated: true },
    help: 'restore only this object of the backup; may be repeated',
    inFile: 'a list of keys or ids',
    check: names,
  },
  'include.attributes': {
    option: { flags: '--only-attribute <NAME>', needs: 'It needs the name of an attribute.', isRepeated: true },
    help: 'restore only this attribute, and names of what is made; may be repeated',
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
    option: {
      flags: '--on-existing <WHAT>',
      needs: `It needs one of ${onExistingChoices.join(', ')}.`,
    },
    help: 'what is there and differs: skip leaves it, update sets it back, fail ends',
    check: v.optional(v.picklist(onExistingChoices, `must be one of ${onExistingChoices.join(', ')}`), 'skip'),
  },
  changedBy: {
    option: { flags: '--changed-by <ACCOUNT>', needs: 'It needs an account id, such as 5b10ac8d82e05b22cc7d4ef5.' },
    help: 'with --on-existing update: only what this account has changed last',
    inFile: 'its account id',
    check: v.optional(v.nullable(accountId), null),
  },
  changedSince: {
    option: { flags: '--changed-since <TIME>', needs: 'It needs a time, such as 2026-11-27T18:00:00Z, or a day.' },
    help: 'with --on-existing update: only what was changed last at or after it',
    inFile: 'a time with its zone, or a day, which begins at 00:00 UTC',
    check: v.optional(v.nullable(time), null),
  },
  relaxConstraints: yesOrNoBy(
    { flags: '--relax-constraints' },
    'take off, and put back, what attributes demand and keeps objects out',
  ),
  relinkIssues: yesOrNoBy(
    { flags: '--relink-issues' },
    'make Jira issues hold what is made in the place of what they held',
  ),
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
    help: 'write what the plan of this hash holds, and nothing else',
    check: v.optional(v.nullable(planHash), null),
  },
};

export const choiceRows = Object.entries<RestoreChoice>(choices);
