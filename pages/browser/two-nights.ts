import { h } from 'preact';
import { useState } from 'preact/hooks';
import type { BackupRow } from '../answers.ts';
import { goTo } from './go-to.ts';

/** Chooses the two backups that are shown side by side. */
export function TwoNights(props: {
  readonly backups: readonly BackupRow[];
  readonly left?: string;
  readonly right?: string;
}) {
  const { backups } = props;
  const names = backups.filter(({ state }) => state === 'finished').map(({ backup }) => backup);
  const [left, setLeft] = useState(props.left ?? names.at(-2) ?? '');
  const [right, setRight] = useState(props.right ?? names.at(-1) ?? '');
  if (names.length < 2) return null;
  const submit = (event: Event) => {
    event.preventDefault();
    goTo({ view: 'diff', left, right });
  };
  const choice = (label: string, value: string, set: (name: string) => void) =>
    h(
      'label',
      null,
      `${label} `,
      h(
        'select',
        { value, onChange: (event: Event) => set((event.target as HTMLSelectElement).value) },
        names.toReversed().map((name) => h('option', { key: name, value: name, selected: name === value }, name)),
      ),
    );
  return h(
    'form',
    { class: 'bar', onSubmit: submit, 'aria-label': 'Compare two backups' },
    choice('Compare', left, setLeft),
    choice('with', right, setRight),
    h('button', { type: 'submit' }, 'Compare'),
  );
}
