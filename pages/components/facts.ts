import { type ComponentChildren, h } from 'preact';

/** Names with what they are, each pair on its line; a null pair is left out. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ComponentChildren] | null)[] }) {
  return h(
    'dl',
    { class: 'facts' },
    of.map((fact) => fact && h('div', { key: fact[0] }, h('dt', null, fact[0]), h('dd', null, fact[1]))),
  );
}
