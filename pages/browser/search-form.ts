import { h } from 'preact';
import { useState } from 'preact/hooks';
import type { PlaceAnswer } from '../answers.ts';
import { goTo } from './go-to.ts';

export function SearchForm(props: { readonly backup: string; readonly words: string; readonly place: PlaceAnswer }) {
  const { backup, place } = props;
  const [words, setWords] = useState(props.words);
  const submit = (event: Event) => {
    event.preventDefault();
    if (words.trim() !== '') goTo({ view: 'search', backup, words: words.trim(), from: 0 });
  };
  const where = place.searchesValues ? 'keys, labels and values' : 'keys and labels';
  return h(
    'form',
    { role: 'search', class: 'search', onSubmit: submit },
    h('input', {
      type: 'search',
      'aria-label': `Search ${where} of this backup`,
      placeholder: `Search ${where}`,
      value: words,
      autocomplete: 'off',
      onInput: (event: Event) => setWords((event.target as HTMLInputElement).value),
    }),
    h('button', { type: 'submit' }, 'Search'),
  );
}
