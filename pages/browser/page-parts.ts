import { type ComponentChildren, h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { readableCount } from '../../core/counted.ts';
import { harmless } from '../../core/harmless.ts';
import type { Indexing } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';

let isWanted = false;

/** The next heading of a page takes the focus, which went with the page that it was in. */
export function wantFocus(): void {
  const heading = document.querySelector<HTMLElement>('main h1');
  if (heading) heading.focus();
  else isWanted = true;
}

/** The one heading of a page, and the title of the tab. */
export function PageTitle({ text, children }: { readonly text: string; readonly children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${harmless(text).slice(0, 80)} · Backups of Assets`;
  }, [text]);
  useEffect(() => {
    if (isWanted) heading.current?.focus();
    isWanted = false;
  }, []);
  return h('h1', { ref: heading, tabIndex: -1 }, children, h(ShownText, { text }));
}

export function WaitingFor({ what }: { readonly what: string }) {
  return h('p', { class: 'quiet waiting', role: 'status' }, `Loading ${what}…`);
}

/** In the place of a page. */
export function FailedPage({ message }: { readonly message: string }) {
  return h('div', null, h(PageTitle, { text: 'This cannot be shown' }), h(FailureShown, { message }));
}

export function FailureShown({ message }: { readonly message: string }) {
  return h('p', { class: 'failure', role: 'alert' }, h(ShownText, { text: message }));
}

/** Sentences about what is not shown. */
export function Warnings({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return h(
    'ul',
    { class: 'warnings' },
    of.map((text, index) => h('li', { key: index }, h(ShownText, { text }))),
  );
}

const readFor: Readonly<Record<Indexing['what'], string>> = {
  backup: 'Reading this backup for the first time, to search and sort it ',
  column: 'Reading this column for the first time, to sort or filter by it ',
};

/** How far an index is, which is built when a backup is first opened, or a grid first sorted by a column. */
export function IndexProgress({ what, done, total }: Pick<Indexing, 'what' | 'done' | 'total'>) {
  // Said aloud at each tenth alone.
  const tenth = total === 0 ? 0 : Math.floor((done / total) * 10) * 10;
  return h(
    'div',
    { class: 'indexing' },
    h('label', null, readFor[what], h('progress', { value: done, max: Math.max(total, 1) })),
    h('span', { class: 'quiet' }, `${readableCount(done)} of ${readableCount(total)} objects`),
    h('span', { class: 'unseen', role: 'status' }, `${tenth} percent read`),
  );
}

export interface Crumb {
  readonly text: string;
  readonly href: string;
}

/** Where a page stands, from the outermost to what is right around it. */
export function Crumbs({ of }: { readonly of: readonly Crumb[] }) {
  return h(
    'nav',
    { 'aria-label': 'Where this is', class: 'crumbs' },
    h(
      'ol',
      null,
      of.map(({ text, href }) => h('li', { key: href }, h('a', { href }, h(ShownText, { text })))),
    ),
  );
}

/** Links to the page before and the page after, of a list that is shown in parts. */
export function Pager(props: {
  readonly from: number;
  readonly count: number;
  readonly total: number;
  readonly size: number;
  hrefOf(from: number): string;
}) {
  const { from, count, total, size, hrefOf } = props;
  if (total <= size && from === 0) return null;
  const step = (text: string, to: number, is: boolean) =>
    is ? h('a', { class: 'button', href: hrefOf(to) }, text) : h('span', { class: 'button off' }, text);
  return h(
    'nav',
    { 'aria-label': 'Parts of the list', class: 'pager' },
    step('Previous', Math.max(0, from - size), from > 0),
    h(
      'span',
      { class: 'quiet' },
      `${readableCount(count === 0 ? 0 : from + 1)}–${readableCount(from + count)} of ${readableCount(total)}`,
    ),
    step('Next', from + size, from + count < total),
  );
}
