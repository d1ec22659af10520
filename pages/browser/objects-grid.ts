import { h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import { harmless } from '../../core/harmless.ts';
import type { ObjectRow, ObjectsPage, ValueShown } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';
import { goTo } from './go-to.ts';
import { hashOf, type TypeRoute } from './route.ts';

/** A table that is as wide as its type has attributes, in a box of its own that scrolls. */
export function ObjectsGrid(props: {
  readonly route: TypeRoute;
  readonly name: string;
  readonly page: ObjectsPage;
  readonly isBusy: boolean;
}) {
  const { route, name, page, isBusy } = props;
  if (page.rows.length === 0) return null;
  const columns = [{ id: 'key', name: 'Key' }, { id: 'label', name: 'Label' }, ...page.columns];
  const caption = `Objects of ${harmless(name)}`;
  return h(
    'div',
    { class: 'scroller', role: 'group', tabIndex: 0, 'aria-label': caption },
    h(
      'table',
      { class: 'grid', 'aria-busy': isBusy },
      h('caption', { class: 'unseen' }, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((column) => h(ColumnHead, { key: column.id, column, route })),
        ),
      ),
      h(
        'tbody',
        null,
        page.rows.map((row) => h(GridRow, { key: row.id, backup: route.backup, row })),
      ),
    ),
  );
}

/** The button sorts by its column, and again the other way round. */
function ColumnHead({
  column: { id, name },
  route,
}: {
  readonly column: { id: string; name: string };
  readonly route: TypeRoute;
}) {
  const isSorted = route.sort === id;
  const isUp = isSorted && route.order !== 'down';
  const sorted = isUp ? 'ascending' : 'descending';
  return h(
    'th',
    { scope: 'col', 'aria-sort': isSorted ? sorted : 'none' },
    h(
      'button',
      { type: 'button', onClick: () => goTo({ ...route, from: 0, sort: id, order: isUp ? 'down' : 'up' }) },
      h(ShownText, { text: name }),
      h('span', { class: 'arrow', 'aria-hidden': 'true' }, isSorted ? (isUp ? '▲' : '▼') : ''),
    ),
  );
}

function GridRow({ backup, row }: { readonly backup: string; readonly row: ObjectRow }) {
  const href = hashOf({ view: 'object', backup, object: row.id });
  return h(
    'tr',
    null,
    h('th', { scope: 'row' }, h('a', { href }, h(ShownText, { text: row.key }))),
    h('td', null, h('div', { class: 'cell' }, h(ShownText, { text: row.label }))),
    row.cells.map((values, index) =>
      h(
        'td',
        { key: index },
        values.length > 0 &&
          h(
            'div',
            { class: 'cell' },
            values.map((value, at) => [at > 0 && ', ', h(ValueInGrid, { backup, value })]),
          ),
      ),
    ),
  );
}

function ValueInGrid({ backup, value }: { readonly backup: string; readonly value: ValueShown }) {
  const { text, object, length, more } = value;
  const shown = [
    h(ShownText, { text }),
    length !== undefined && h('span', { class: 'quiet' }, `… (${readableCount(length)} characters)`),
  ];
  return [
    object === undefined ? h('span', null, shown) : h('a', { href: hashOf({ view: 'object', backup, object }) }, shown),
    more !== undefined && h('span', { class: 'quiet' }, ` and ${readableCount(more)} more`),
  ];
}
