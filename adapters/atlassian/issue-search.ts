import type { JsonRecord } from '../../core/model/json.ts';
import type { Offered } from '../../core/ports/assets-reader.ts';
import type { IssueField, IssuePage, IssueRecord } from '../../core/ports/issues-reader.ts';
import { holdsSomething } from '../../core/reading/linked-objects.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { ExcessiveAnswer, mostIdlePages, mostIssuePages } from './answer-bounds.ts';
import { jsonOf } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { issuePageShape, issueRecord } from './issue-shapes.ts';
import { readOffered } from './read-offered.ts';

const where = '/rest/api/3/search/jql';
/** A page with fields holds no more (reference, section 8). */
const issuesAPage = 100;

/** How JQL is told which field is meant: `cf[10100]` means one alone, a name every field of that name. */
type FieldForm = 'id' | 'name';

/**
 * A refused form of the query is answered 400, as is a field that the account may not see; behind the first page a 400 is a token
 * that the site does not take any more.
 */
const notOffered: readonly number[] = [401, 403, 404, 405, 410, 501];
const noSuchEndpoint: readonly number[] = [404, 405, 501];
const reasons = {
  400: 'The site answers 400 to a search for it: JQL takes the field neither by its id nor by its name, or the account may not see it.',
  401: 'The site answers 401 "Unauthorized; scope does not match": the API token lacks the scope read:jira-work.',
  403: 'The site answers 403: the account may not search for issues.',
};

/** Marks a token that a page had although it said that it is the last. */
const saidLast = '!';

/** How far the pages of a field have got. */
interface Sweep {
  /** How many pages came before the one that brought each issue first, and before the one that each token leads to. */
  readonly issueDepths: Map<string, number>;
  readonly depths: Map<string, number>;
  idlePages: number;
}

/**
 * Searches for the issues in which a field holds something. Pages are gone through by their tokens alone: there is no total, a page may
 * be empty and not the last, and no order is relied on. A field is asked for by its name where that means it alone, else by its id
 * where the site's record of it allows that; a form that is refused is tried once.
 */
export class IssueSearch {
  readonly #client: HttpClient;
  readonly #base: string;
  readonly #mostPages: number;
  readonly #sweeps = new Map<string, Sweep>();
  #refusedForm: FieldForm | undefined;
  #methods: readonly ('POST' | 'GET')[] = ['POST', 'GET'];

  /** @param mostPages of one field, in a row @default mostIssuePages */
  constructor(client: HttpClient, base: string, mostPages = mostIssuePages) {
    this.#client = client;
    this.#base = base;
    this.#mostPages = mostPages;
  }

  /** @param next of the page before, which also says in which form it was asked for */
  async page(field: IssueField, next: string | null): Promise<Offered<IssuePage>> {
    if (next !== null) {
      const [how = ''] = next.split(' ', 1);
      const token = next.slice(how.length + 1);
      const isBehindLast = how.endsWith(saidLast);
      const page = await this.#page(field, how.startsWith('id') ? 'id' : 'name', { token, isBehindLast });
      // What is behind a page that said that it is the last need not be there.
      const isEnd = isBehindLast && !page.offered && page.reason === reasons[400];
      return isEnd ? { offered: true, value: { issues: [], next: null } } : page;
    }
    this.#sweeps.delete(field.id);
    let refused: Offered<IssuePage> | undefined;
    let empty: Offered<IssuePage> | undefined;
    for (const form of this.#formsFor(field)) {
      const page = await this.#page(field, form);
      if (page.offered) {
        // Of a field that is taken in no form this says nothing about the others.
        if (refused) this.#refusedForm = form === 'name' ? 'id' : 'name';
        const isEmpty = page.value.issues.length === 0 && page.value.next === null;
        if (!isEmpty || form === 'id' || listed(field)?.has(field.name.toLowerCase())) return page;
        // A name that the site does not list for JQL may mean something else there.
        empty = page;
      } else if (page.reason === reasons[400]) refused ??= page;
      else return empty ?? page;
    }
    return empty ?? refused ?? { offered: false, reason: reasons[400] };
  }

  /** The documented form is the name; where it may mean another field, or JQL's own, the id goes first. */
  #formsFor(field: IssueField): FieldForm[] {
    const { id, name, isNamedAlone = false } = field;
    const names = listed(field);
    const forms: FieldForm[] = name === '' ? [] : ['name'];
    const number = numberIn(id);
    if (number !== undefined && (!names || names.has(`cf[${number}]`))) {
      if (isNamedAlone && names?.has(name.toLowerCase()) !== false) forms.push('id');
      else forms.unshift('id');
    }
    // A form that the site refused of another field is asked for only where there is no other.
    return forms.length > 1 ? forms.filter((form) => form !== this.#refusedForm) : forms;
  }

  async #page(
    field: IssueField,
    form: FieldForm,
    { token, isBehindLast = true }: { readonly token?: string; readonly isBehindLast?: boolean } = {},
  ): Promise<Offered<IssuePage>> {
    const sweep = this.#sweepOf(field);
    const asked = {
      jql: `${clause(field, form)} is not EMPTY ORDER BY created ASC, key ASC`,
      // The key is asked for by its name: nothing says that it comes without.
      fields: ['key', field.id],
      maxResults: issuesAPage,
      ...(token !== undefined && { nextPageToken: token }),
    };
    const statuses = isBehindLast ? [400, ...notOffered] : notOffered;
    const read = (answer: Answer) => pageOf({ field, form, token, mostPages: this.#mostPages }, sweep, answer);
    const page = await this.#ask(asked, statuses, read);
    // Of a million issues it is 50 MB, and there may be many fields; a last page that is asked for again brings all it has.
    if (page.offered && page.value.next === null) this.#sweeps.delete(field.id);
    return page;
  }

  /** Both methods are documented; a site that does not have the one is asked by the other from then on. */
  async #ask(
    asked: JsonRecord,
    statuses: readonly number[],
    read: (answer: Answer) => IssuePage,
  ): Promise<Offered<IssuePage>> {
    const query = new URLSearchParams(
      Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]),
    );
    let refused: Offered<IssuePage> | undefined;
    for (const method of this.#methods) {
      let isLacking = false;
      const offered = readOffered(`${method} ${where}`, statuses, read, reasons);
      const page = await this.#client.read({
        ...{ method, path: where, endpointClass: 'issue-search', alsoRead: offered.alsoRead },
        ...(method === 'GET'
          ? { url: `${this.#base}${where}?${query}` }
          : { url: `${this.#base}${where}`, body: asked }),
        read(answer) {
          isLacking = noSuchEndpoint.includes(answer.status);
          return offered.read(answer);
        },
      });
      if (page.offered) this.#methods = [method];
      if (!isLacking) return page;
      refused ??= page;
    }
    return refused ?? { offered: false, reason: reasons[400] };
  }

  #sweepOf({ id }: IssueField): Sweep {
    const known = this.#sweeps.get(id);
    if (known) return known;
    const sweep: Sweep = { issueDepths: new Map(), depths: new Map(), idlePages: 0 };
    this.#sweeps.set(id, sweep);
    return sweep;
  }
}

/** JQL quotes and escapes a name as JSON does. */
function clause({ id, name }: IssueField, form: FieldForm): string {
  return form === 'id' ? `cf[${numberIn(id)}]` : JSON.stringify(name);
}

/** What JQL takes for the field, in small letters, as its record lists it; undefined where it lists nothing. */
function listed({ record: { clauseNames } }: IssueField): ReadonlySet<string> | undefined {
  if (!Array.isArray(clauseNames) || clauseNames.length === 0) return undefined;
  return new Set(clauseNames.map((name) => String(name).toLowerCase()));
}

function numberIn(fieldId: string): string | undefined {
  return /^customfield_(\d+)$/.exec(fieldId)?.[1];
}

interface Asked {
  readonly field: IssueField;
  readonly form: FieldForm;
  readonly token: string | undefined;
  readonly mostPages: number;
}

/**
 * What a page brings that no page before it brought. What it is asked for again, because it could not be stored, it brings again.
 * Throws WrongAnswer for a token that leads back, and ExcessiveAnswer for pages without an end.
 */
function pageOf({ field, form, token, mostPages }: Asked, sweep: Sweep, answer: Answer): IssuePage {
  const { issues: given, nextPageToken, isLast } = jsonOf(issuePageShape, answer);
  const issues = given.map(issueRecord);
  const depth = token === undefined ? 0 : (sweep.depths.get(token) ?? 1);
  const known = sweep.depths.get(nextPageToken ?? '');
  const leadsBack = nextPageToken === token || (known !== undefined && known <= depth);
  const isEnd = !nextPageToken || (isLast === true && (issues.length === 0 || leadsBack));
  if (!isEnd && leadsBack) {
    throw new WrongAnswer('a token that leads back to a page before');
  }
  const isNew = ({ id }: IssueRecord) => (sweep.issueDepths.get(id) ?? depth) >= depth;
  const idlePages = issues.some(isNew) ? 0 : sweep.idlePages + 1;
  if (!isEnd && (idlePages > mostIdlePages || depth >= mostPages)) throw new ExcessiveAnswer('pages without an end');

  const brought = issues.filter(isNew);
  sweep.idlePages = idlePages;
  for (const { id } of brought) sweep.issueDepths.set(id, depth);
  if (token !== undefined) sweep.depths.set(token, depth);
  if (!isEnd) sweep.depths.set(nextPageToken, depth + 1);
  // The name of a field means others of that name as well.
  const ours = brought.filter(({ fields }) => holdsSomething(fields[field.id]));
  return { issues: ours, next: isEnd ? null : `${form}${isLast === true ? saidLast : ''} ${nextPageToken}` };
}
