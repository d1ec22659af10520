import { counted } from '../counted.ts';
import type { Notice } from '../model/outcome.ts';

/** What was made of displayed values, by what had to be guessed; and what was left as it was shown, since nobody can know. */
export type Guess =
  | 'texts'
  | 'dates'
  | 'dates-by-order'
  | 'date-times'
  | 'numbers'
  | 'booleans'
  | 'users'
  | 'groups'
  | 'statuses'
  | 'references'
  | 'references-outside'
  | 'split'
  | 'others'
  | 'ambiguous-dates'
  | 'ambiguous-numbers'
  | 'unreadable'
  | 'unknown-statuses'
  | 'labels';

/** Each with what is said of one, of many, and besides. */
const sentences: Readonly<Record<Guess, readonly [one: string, many: string, besides: string]>> = {
  texts: ['text was', 'texts were', 'taken as they were displayed'],
  dates: [
    'date was',
    'dates were',
    'read from displayed texts; a year of two digits was taken for one of this century',
  ],
  'dates-by-order': [
    'date was',
    'dates were',
    'written with numbers alone, and read in the order that other dates of this backup prove',
  ],
  'date-times': [
    'moment was',
    'moments were',
    'read from displayed texts, which name neither a time zone nor seconds: taken as of UTC',
  ],
  numbers: ['number was', 'numbers were', 'read from displayed texts'],
  booleans: ['value of yes or no was', 'values of yes or no were', 'read from displayed texts'],
  users: ['user is', 'users are', 'known by the displayed name alone, which more than one person may have'],
  groups: ['group was', 'groups were', 'taken by the displayed name'],
  statuses: [
    'status was',
    'statuses were',
    'found by the displayed name among the statuses of the schema and of the site',
  ],
  references: ['reference was', 'references were', 'found by the key of the object among the objects of this backup'],
  'references-outside': [
    'reference leads',
    'references lead',
    'to an object that this backup does not hold; its id was taken from its key',
  ],
  split: ['text with || was', 'texts with || were', 'taken for several values, as the scripts write them'],
  others: ['value was', 'values were', 'left as displayed, since nothing says what stands behind it'],
  'ambiguous-dates': [
    'date is',
    'dates are',
    'written with numbers alone, and nothing proves which of them is the day: not read, and a restore names each as lost',
  ],
  'ambiguous-numbers': [
    'number is',
    'numbers are',
    'ambiguous, as 1,234 is, of which the comma may be a point: not read, and a restore names each as lost',
  ],
  unreadable: [
    'displayed value',
    'displayed values',
    'could not be read as what their attributes hold: a restore names each as lost',
  ],
  'unknown-statuses': [
    'displayed status is',
    'displayed statuses are',
    'none of the backup, or several by name: left as displayed',
  ],
  labels: ['reference names', 'references name', 'no key, only a label: a restore names each as lost'],
};

/** Notices that say that something could not be known are of a kind of their own. */
const unknown: ReadonlySet<Guess> = new Set([
  'others',
  'ambiguous-dates',
  'ambiguous-numbers',
  'unreadable',
  'unknown-statuses',
  'labels',
]);

/** Counts guesses by kind. */
export class Guesses {
  readonly #counts = new Map<Guess, number>();

  note(guess: Guess): void {
    this.#counts.set(guess, (this.#counts.get(guess) ?? 0) + 1);
  }

  /** One for each kind, with its count. */
  notices(): Notice[] {
    const kinds = Object.keys(sentences) as Guess[];
    return kinds.flatMap((guess): Notice[] => {
      const count = this.#counts.get(guess) ?? 0;
      const [one, many, besides] = sentences[guess];
      if (count === 0) return [];
      const kind = unknown.has(guess) ? 'displayed-value-unknown' : 'displayed-values-read';
      return [{ kind, message: `${counted(count, one, many)} ${besides}.` }];
    });
  }
}
