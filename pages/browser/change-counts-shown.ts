import { h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import type { ChangesAnswer } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';

const mostTypes = 12;

/** `1 added · 3 removed · 12 changed`, and of which types. */
export function ChangeCountsShown({ answer: { left, counts, types } }: { readonly answer: ChangesAnswer }) {
  if (counts === null) return h('span', { class: 'quiet' }, `What changed since ${left} only a comparison can tell.`);
  const { added, removed, changed } = counts;
  if (added + removed + changed === 0)
    return h('span', { class: 'quiet' }, `No object was added, removed or changed since ${left}.`);
  const total = h(
    'span',
    { class: 'numbers' },
    `Since the backup before: ${readableCount(added)} added · ${readableCount(removed)} removed · ${readableCount(changed)} changed`,
  );
  return h(
    'details',
    null,
    h('summary', null, total),
    h(
      'ul',
      { class: 'numbers' },
      types
        .slice(0, mostTypes)
        .map(({ schema, type, ...of }) =>
          h(
            'li',
            { key: `${schema} ${type}` },
            h(ShownText, { text: `${schema} / ${type}` }),
            `: ${[...parts(of)].join(', ')}`,
          ),
        ),
      types.length > mostTypes && h('li', null, `and ${readableCount(types.length - mostTypes)} more types`),
    ),
  );
}

function* parts(of: { readonly added: number; readonly removed: number; readonly changed: number }) {
  if (of.added > 0) yield `${readableCount(of.added)} added`;
  if (of.removed > 0) yield `${readableCount(of.removed)} removed`;
  if (of.changed > 0) yield `${readableCount(of.changed)} changed`;
}
