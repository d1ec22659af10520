import { type ComponentChildren, h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import { clockTime } from '../../core/readable.ts';
import { CutText } from '../components/cut-text.ts';
import { Moment } from '../components/moment.ts';
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

/** When a run was, and how long it took, as `Facts` shows it. */
export function timeFacts(times: {
  readonly startedAt: string;
  readonly finishedAt: string;
  /** What its plan had said. */
  readonly plannedMinutes?: number;
}): readonly (readonly [string, ComponentChildren])[] {
  const { startedAt, finishedAt, plannedMinutes } = times;
  const took = clockTime(Date.parse(finishedAt) - Date.parse(startedAt));
  return [
    ['Begun', h(Moment, { at: startedAt })],
    ['Ended', h(Moment, { at: finishedAt })],
    ['Took', plannedMinutes === undefined ? took : `${took}; the plan said ${readableCount(plannedMinutes)} min`],
  ];
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

/** When it was made, and how it is made anew. */
export function ReportFooter(props: {
  readonly madeAt: string;
  readonly madeBy: string;
  readonly where: string;
  /** The name that the command takes. */
  readonly again: string;
  /** What it goes by. @default what is stored */
  readonly from?: string;
  /** A sentence: what it does not tell. */
  readonly unread?: string;
}) {
  const { madeAt, madeBy, where, again, from = 'what is stored', unread = '' } = props;
  return h(
    'footer',
    null,
    h('p', null, 'Lies in ', h('code', null, h(CutText, { text: where })), '.'),
    h(
      'p',
      null,
      'Made ',
      h(Moment, { at: madeAt }),
      ` by ${madeBy} from ${from}. ${unread === '' ? '' : `${unread} `}Made anew by `,
      h('code', null, h(CutText, { text: `npx assets-backup report ${again}` })),
      '.',
    ),
  );
}
