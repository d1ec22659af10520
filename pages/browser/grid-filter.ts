import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { harmless } from '../../core/harmless.ts';
import type { ColumnShown } from '../answers.ts';
import { showInstead } from './go-to.ts';
import type { TypeRoute } from './route.ts';

/** Whoever types is not asked for at each letter. */
const pause = 250;

/** Narrows a grid to the objects of which a value, or that of one column, has these words. */
export function GridFilter({
  route,
  columns,
}: {
  readonly route: TypeRoute;
  readonly columns: readonly ColumnShown[];
}) {
  const [text, setText] = useState(route.filter ?? '');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const narrow = (filter: string, column: string) => {
    const { filter: _, column: __, ...others } = route;
    showInstead({ ...others, from: 0, ...(filter !== '' && { filter }), ...(column !== '' && { column }) });
  };
  const column = route.column ?? '';
  return h(
    'form',
    {
      class: 'bar',
      'aria-label': 'Filter',
      onSubmit: (event: Event) => {
        event.preventDefault();
        clearTimeout(timer.current);
        narrow(text, column);
      },
    },
    h(
      'label',
      null,
      'Filter ',
      h('input', {
        type: 'search',
        value: text,
        autocomplete: 'off',
        onInput: (event: Event) => {
          const { value } = event.target as HTMLInputElement;
          setText(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => narrow(value, column), pause);
        },
      }),
    ),
    h(
      'label',
      null,
      'in ',
      h(
        'select',
        { value: column, onChange: (event: Event) => narrow(text, (event.target as HTMLSelectElement).value) },
        h('option', { value: '' }, 'any value'),
        h('option', { value: 'key' }, 'Key'),
        h('option', { value: 'label' }, 'Label'),
        columns.map(({ id, name }) => h('option', { key: id, value: id }, harmless(name))),
      ),
    ),
  );
}
