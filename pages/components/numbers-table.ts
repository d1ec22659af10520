import { type ComponentChildren, h } from 'preact';

export interface TableColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

export interface TableProps {
  /** Says what it is of, above it. */
  readonly caption: ComponentChildren;
  readonly columns: readonly TableColumn[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** What all rows come to, also those that are not shown. */
  readonly total?: readonly ComponentChildren[];
}

/** A table that scrolls by itself where a screen is too narrow for it. */
export function NumbersTable({ caption, columns, rows, total }: TableProps) {
  const kind = (index: number) => (columns[index]?.isNumber ? 'number' : undefined);
  const line = (cells: readonly ComponentChildren[]) =>
    cells.map((cell, index) => (index === 0 ? h('th', { scope: 'row' }, cell) : h('td', { class: kind(index) }, cell)));
  return h(
    'div',
    { class: 'scroller', role: 'group', tabIndex: 0, 'aria-label': typeof caption === 'string' ? caption : 'Table' },
    h(
      'table',
      { class: 'numbers' },
      h('caption', null, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map(({ title }, index) => h('th', { scope: 'col', class: kind(index) }, title)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((cells) => h('tr', null, line(cells))),
      ),
      total && h('tfoot', null, h('tr', null, line(total))),
    ),
  );
}
