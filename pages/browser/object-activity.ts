import { h } from 'preact';
import { useState } from 'preact/hooks';
import { readableCount } from '../../core/counted.ts';
import type { ActivityShown, CommentShown, HistoryEntryShown } from '../answers.ts';
import { Moment } from '../components/moment.ts';
import { ShownText } from '../components/shown-text.ts';
import { Warnings } from './page-parts.ts';
import { ShownValue } from './shown-value.ts';

/** The others are a button away: some objects have thousands. */
const shownAtFirst = 200;

export function CommentsPart({ comments }: { readonly comments: ActivityShown<CommentShown> }) {
  const records = comments.records ?? [];
  return h(
    'section',
    { 'aria-labelledby': 'comments' },
    h('h2', { id: 'comments' }, titleOf('Comments', records)),
    h(Standing, { of: comments, none: 'It has none.' }),
    records.map(({ author, at, text }, index) =>
      h(
        'article',
        { key: index, class: 'comment' },
        h('p', { class: 'quiet' }, h(ShownText, { text: author }), ' · ', h(Moment, { at })),
        h('div', { class: 'text' }, h(ShownValue, { text, name: `Comment ${index + 1}` })),
      ),
    ),
  );
}

export function HistoryPart({ history }: { readonly history: ActivityShown<HistoryEntryShown> }) {
  const records = history.records ?? [];
  const [shown, setShown] = useState(shownAtFirst);
  return h(
    'section',
    { 'aria-labelledby': 'history' },
    h('h2', { id: 'history' }, titleOf('History', records)),
    h(Standing, { of: history, none: 'It has none.' }),
    records.length > 0 &&
      h(
        'div',
        { class: 'scroller', role: 'group', tabIndex: 0, 'aria-labelledby': 'history' },
        h(
          'table',
          { class: 'entries' },
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              ['When', 'Who', 'What', 'Before', 'After'].map((name) => h('th', { key: name, scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            null,
            records.slice(-shown).map((entry, index) => h(Entry, { key: index, entry })),
          ),
        ),
      ),
    records.length > shown &&
      h(
        'p',
        { class: 'quiet' },
        `The last ${readableCount(shown)} of ${readableCount(records.length)} are shown. `,
        h('button', { type: 'button', onClick: () => setShown(records.length) }, 'Show all'),
      ),
  );
}

function Entry({ entry: { at, author, what, before, after } }: { readonly entry: HistoryEntryShown }) {
  const side = (text: string | null, name: string) =>
    h('td', null, text !== null && text !== '' && h(ShownValue, { text, name }));
  return h(
    'tr',
    null,
    h('td', { class: 'when' }, h(Moment, { at })),
    h('td', null, h(ShownText, { text: author })),
    h('td', null, h(ShownText, { text: what })),
    side(before, 'Before'),
    side(after, 'After'),
  );
}

const titleOf = (name: string, { length }: readonly unknown[]) =>
  length === 0 ? name : `${name} (${readableCount(length)})`;

/** When it was read, and why it may be older than the backup, or missing. */
function Standing({
  of: { readAt, why, records },
  none,
}: {
  readonly of: ActivityShown<unknown>;
  readonly none: string;
}) {
  if (records === null) return h(Warnings, { of: [`Nobody can tell: ${why}`] });
  const isUnread = readAt === null && records.length === 0;
  return h(
    'p',
    { class: 'quiet' },
    isUnread && 'No backup has read it. ',
    readAt !== null && ['As of ', h(Moment, { at: readAt }), '. '],
    records.length === 0 && readAt !== null && `${none} `,
    why !== null && h(ShownText, { text: why }),
  );
}
