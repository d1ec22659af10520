import { h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import type { RequestBudget } from '../../core/model/request-budget.ts';
import type { SiteWait } from '../../core/model/site-wait.ts';
import { CutText } from '../components/cut-text.ts';
import { Moment } from '../components/moment.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import { Part } from './report-parts.ts';

export interface ReportedRun {
  readonly requests: Readonly<Record<string, number>>;
  readonly waits?: readonly SiteWait[];
  readonly budget?: RequestBudget;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** What the site was asked for against what might be asked, and where it made the run wait. */
export function Requests({ of, planned }: { readonly of: ReportedRun; readonly planned?: number }) {
  const { waits = [], budget, startedAt, finishedAt } = of;
  const { retries = 0, throttled = 0, ...byClass } = of.requests;
  const sent = Object.entries(byClass)
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one);
  const all = sent.reduce((sum, [, count]) => sum + count, 0);
  const minutes = Math.max(1 / 60, (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000);
  const allowed = new Map<string, number>(Object.entries(budget?.byClass ?? {}));
  const row = (name: string, count: number, most: number | undefined) => [
    h(CutText, { text: name }),
    readableCount(count),
    readableCount(Math.round(count / minutes)),
    ...(budget ? [most === undefined ? '' : readableCount(Math.round(most))] : []),
  ];
  const asked = throttled === 0 ? 'never asked' : `asked ${counted(throttled, 'time')}`;
  return h(
    Part,
    { title: 'Requests and waits' },
    h(
      'p',
      null,
      `${counted(all, 'request')}${planned === undefined ? '' : `; the plan reckoned with ${readableCount(planned)}`}. ${retries === 0 ? 'None' : readableCount(retries)} of them ${retries <= 1 ? 'was' : 'were'} sent again after a failure; the site ${asked} to slow down.`,
    ),
    all > 0 &&
      h(NumbersTable, {
        caption: budget ? 'Requests by class of endpoint, against the budget' : 'Requests by class of endpoint',
        columns: [
          { title: 'Class' },
          { title: 'Requests', isNumber: true },
          { title: 'A minute, on average', isNumber: true },
          ...(budget ? [{ title: 'Allowed a minute', isNumber: true }] : []),
        ],
        rows: sent.map(([name, count]) => row(name, count, allowed.get(name))),
        total: row('All', all, budget?.total),
      }),
    waits.length > 0 &&
      h(NumbersTable, {
        caption: 'The longest waits, because the site refused a request or asked for time',
        columns: [{ title: 'Began' }, { title: 'Seconds', isNumber: true }, { title: 'Class of the request' }],
        rows: waits.map(({ at, seconds, endpoint }) => [
          h(Moment, { at }),
          readableCount(seconds),
          h(CutText, { text: endpoint }),
        ]),
      }),
  );
}
