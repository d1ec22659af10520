import { h } from 'preact';
import { counted } from '../../core/counted.ts';
import type { FoundPage, FoundRow, PlaceAnswer, SearchAnswer } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';
import { addressOf } from './ask.ts';
import { Crumbs, FailureShown, IndexProgress, Pager, PageTitle, Warnings } from './page-parts.ts';
import { hashOf, type Route } from './route.ts';
import { useAnswer } from './use-answer.ts';

const size = 50;

/** What of a backup has all the words. */
export function SearchView({
  place,
  route,
}: {
  readonly place: PlaceAnswer;
  readonly route: Extract<Route, { view: 'search' }>;
}) {
  const { backup, words, from } = route;
  const address = addressOf('search', { backup, words, from, count: size });
  const { outcome, isBusy } = useAnswer<SearchAnswer>(address, ({ state }) => state === 'indexing');
  const answer = outcome.state === 'answered' ? outcome.answer : null;
  return h(
    'div',
    { 'aria-busy': isBusy },
    h(Crumbs, {
      of: [
        { text: 'All backups', href: hashOf({ view: 'backups' }) },
        { text: backup, href: hashOf({ view: 'backup', backup }) },
      ],
    }),
    h(PageTitle, { text: `Search: ${words}` }),
    !place.searchesValues && h('p', { class: 'quiet' }, 'In a stack keys and labels are searched, no other values.'),
    h('p', { role: 'status', class: 'quiet' }, statusOf(answer, outcome.state === 'waiting')),
    outcome.state === 'failed' && h(FailureShown, { message: outcome.message }),
    answer?.state === 'indexing' && h(IndexProgress, answer),
    answer?.state === 'found' && [
      h(Found, { backup, page: answer }),
      h(Pager, {
        from: answer.from,
        count: answer.rows.length,
        total: answer.total,
        size,
        hrefOf: (to) => hashOf({ ...route, from: to }),
      }),
    ],
  );
}

function statusOf(answer: SearchAnswer | null, isWaiting: boolean): string {
  if (isWaiting) return 'Searching…';
  if (answer?.state !== 'found') return '';
  if (answer.total === 0) return 'Nothing is found. All words must be in one object; a word is found by its beginning.';
  return `${counted(answer.total, 'object')} found`;
}

function Found({ backup, page }: { readonly backup: string; readonly page: FoundPage }) {
  return [
    h(Warnings, { of: page.notSearched }),
    page.rows.length > 0 &&
      h(
        'div',
        { class: 'scroller', role: 'group', tabIndex: 0, 'aria-label': 'What was found' },
        h(
          'table',
          { class: 'grid' },
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              ['Key', 'Label', 'Type', 'Schema'].map((name) => h('th', { key: name, scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            null,
            page.rows.map((row) => h(FoundObjectRow, { key: row.id, backup, row })),
          ),
        ),
      ),
  ];
}

function FoundObjectRow({ backup, row }: { readonly backup: string; readonly row: FoundRow }) {
  const { id, key, label, type, schema } = row;
  return h(
    'tr',
    null,
    h(
      'th',
      { scope: 'row' },
      h('a', { href: hashOf({ view: 'object', backup, object: id }) }, h(ShownText, { text: key })),
    ),
    [label, type, schema].map((text, index) =>
      h('td', { key: index }, h('div', { class: 'cell' }, h(ShownText, { text }))),
    ),
  );
}
