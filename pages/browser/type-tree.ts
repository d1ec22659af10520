import { type ComponentChild, h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import type { SchemaShown, TypeShown } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';
import { Icon } from './icon.ts';
import { hashOf } from './route.ts';

/** A schema's types as they stand below each other, with how many objects there are of each. */
export function TypeTree({ backup, schema }: { readonly backup: string; readonly schema: SchemaShown }) {
  const ids = new Set(schema.types.map(({ id }) => id));
  // A type whose parent is not in the backup stands right below its schema.
  const children = Map.groupBy(schema.types, ({ parent }) => (parent !== null && ids.has(parent) ? parent : null));
  const below = new Map<string, number>();
  for (const { id, parent, objects } of schema.types.toReversed()) {
    const all = (below.get(id) ?? 0) + objects;
    below.set(id, all);
    if (parent !== null) below.set(parent, (below.get(parent) ?? 0) + all);
  }
  const list = (types: readonly TypeShown[]): ComponentChild =>
    h(
      'ul',
      { class: 'types' },
      types.map((type) => {
        const { id, name, objects, icon } = type;
        const inner = children.get(id);
        const all = below.get(id) ?? objects;
        return h(
          'li',
          { key: id },
          h(
            'div',
            { class: 'type' },
            h(Icon, { backup, schema: schema.id, icon }),
            h(
              'a',
              { href: hashOf({ view: 'type', backup, schema: schema.id, type: id, from: 0 }) },
              h(ShownText, { text: name }),
            ),
            h('span', { class: 'count' }, readableCount(objects)),
            all > objects && h('span', { class: 'quiet' }, `${readableCount(all)} with those below`),
          ),
          inner && list(inner),
        );
      }),
    );
  return list(children.get(null) ?? []);
}
