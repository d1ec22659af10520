import { type ComponentChildren, h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import { CutText } from '../components/cut-text.ts';
import { Moment } from '../components/moment.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import type { Tone } from '../components/status-badge.ts';

/** Where a report says how it stands, in words. */
export function Standing({ tone, of }: { readonly tone: Tone; readonly of: readonly ComponentChildren[] }) {
  return h(
    'div',
    { class: `standing ${tone}` },
    of.map((sentence) => h('p', null, sentence)),
  );
}

export function Part({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, title), children);
}

const shownLines = 200;

/** Sentences, all of them counted; nothing where there are none. */
export function Lines(props: {
  readonly title: string;
  readonly of: readonly string[];
  /** How many there are, where only the beginning is at hand. */
  readonly total?: number;
  /** Where all of them stand, to go on after `and 12 more, `. */
  readonly rest: string;
}) {
  const { title, of, total = of.length, rest } = props;
  if (total === 0) return null;
  const more = total - Math.min(of.length, shownLines);
  return h(
    Part,
    { title: `${title} (${readableCount(total)})` },
    h(
      'ul',
      { class: 'lines' },
      of.slice(0, shownLines).map((text) => h('li', null, h(CutText, { text }))),
    ),
    more > 0 && h('p', null, `and ${readableCount(more)} more, ${rest}.`),
  );
}

export interface ReportedRequests {
  readonly requests: Readonly<Record<string, number>>;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** How many the plan reckoned with. */
  readonly planned?: number;
}

/** What the site was asked for, class by class. */
export function Requests({ requests, startedAt, finishedAt, planned }: ReportedRequests) {
  const { retries = 0, throttled = 0, ...byClass } = requests;
  const sent = Object.entries(byClass)
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one);
  const all = sent.reduce((sum, [, count]) => sum + count, 0);
  const minutes = Math.max(1 / 60, (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000);
  return h(
    Part,
    { title: 'Requests' },
    h(
      'p',
      null,
      `${counted(all, 'request')}${planned === undefined ? '' : `, of ${readableCount(planned)} that the plan reckoned with`}. ${retries === 0 ? 'None' : readableCount(retries)} of them ${retries <= 1 ? 'was' : 'were'} sent again after a failure; ${throttled === 0 ? 'the site never asked to slow down' : `the site asked ${counted(throttled, 'time')} to slow down`}.`,
    ),
    all > 0 &&
      h(NumbersTable, {
        caption: 'Requests by class of endpoint',
        columns: [
          { title: 'Class' },
          { title: 'Requests', isNumber: true },
          { title: 'A minute, on average', isNumber: true },
        ],
        rows: sent.map(([name, count]) => [
          h(CutText, { text: name }),
          readableCount(count),
          readableCount(Math.round(count / minutes)),
        ]),
        total: ['All', readableCount(all), readableCount(Math.round(all / minutes))],
      }),
  );
}

/** When it was made, and how it is made anew. */
export function ReportFooter(props: {
  readonly madeAt: string;
  readonly madeBy: string;
  readonly where: string;
  /** The name that the command takes. */
  readonly again: string;
}) {
  const { madeAt, madeBy, where, again } = props;
  return h(
    'footer',
    null,
    h('p', null, 'Lies in ', h('code', null, h(CutText, { text: where })), '.'),
    h(
      'p',
      null,
      'Made ',
      h(Moment, { at: madeAt }),
      ` by ${madeBy} from what is stored. Made anew by `,
      h('code', null, h(CutText, { text: `npx assets-backup report ${again}` })),
      '.',
    ),
  );
}
