import { h } from 'preact';
import type { Change, DiffLine, ObjectLine } from '../../core/diff/diff-lines.ts';
import type { Json } from '../../core/model/json.ts';
import { ShownText } from '../components/shown-text.ts';
import { Badge, type Tone } from '../components/status-badge.ts';
import { hashOf } from './route.ts';
import { ShownValue } from './shown-value.ts';

const tones: Readonly<Record<Change, { readonly tone: Tone; readonly sign: string; readonly word: string }>> = {
  added: { tone: 'good', sign: '+', word: 'Added' },
  removed: { tone: 'bad', sign: '−', word: 'Removed' },
  changed: { tone: 'fair', sign: '~', word: 'Changed' },
};

/** One difference, with what stood there before and what stands there after. */
export function DiffLineShown({
  line,
  left,
  right,
}: {
  readonly line: DiffLine;
  readonly left: string;
  readonly right: string;
}) {
  return h(
    'li',
    null,
    h('div', { class: 'difference' }, h(Badge, tones[line.change]), ' ', h(Subject, { line, left, right })),
    h(Changes, { of: line.kind === 'object' ? changesOfObject(line) : line.fields.map(fieldChange) }),
  );
}

function Subject({ line, left, right }: { readonly line: DiffLine; readonly left: string; readonly right: string }) {
  if (line.kind !== 'object')
    return [
      h('strong', null, h(ShownText, { text: line.name })),
      h('span', { class: 'quiet' }, ` ${line.kind.replaceAll('-', ' ')}`, line.schema !== null && ` of ${line.schema}`),
    ];
  const backup = line.change === 'removed' ? left : right;
  return [
    h(
      'a',
      { href: hashOf({ view: 'object', backup, object: line.id }) },
      h('span', { class: 'key' }, h(ShownText, { text: line.key })),
      ' ',
      h(ShownText, { text: line.label }),
    ),
    h('span', { class: 'quiet' }, ' ', h(ShownText, { text: `${line.schema} / ${line.type}` })),
  ];
}

interface ChangedPart {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function changesOfObject({ from = {}, schema, type, key, attributes, comments, history }: ObjectLine): ChangedPart[] {
  const number = (name: string, of: { readonly before: number; readonly after: number } | undefined) =>
    of ? [{ name, before: [`${of.before}`], after: [`${of.after}`] }] : [];
  const place = (name: string, before: string | undefined, after: string) =>
    before === undefined ? [] : [{ name, before: [before], after: [after] }];
  return [
    ...place('Schema', from.schema, schema),
    ...place('Type', from.type, type),
    ...place('Key', from.key, key),
    ...attributes,
    ...number('Comments', comments),
    ...number('History', history),
  ];
}

function fieldChange({
  field,
  before,
  after,
}: {
  readonly field: string;
  readonly before: Json | null;
  readonly after: Json | null;
}): ChangedPart {
  const texts = (value: Json | null) => {
    if (value === null) return [];
    return [typeof value === 'string' ? value : JSON.stringify(value)];
  };
  return { name: field, before: texts(before), after: texts(after) };
}

function Changes({ of }: { readonly of: readonly ChangedPart[] }) {
  if (of.length === 0) return null;
  return h(
    'dl',
    { class: 'changes' },
    of.map(({ name, before, after }, index) =>
      h(
        'div',
        { key: index },
        h('dt', null, h(ShownText, { text: name })),
        h(
          'dd',
          null,
          h(Side, { texts: before, name: `${name} before`, class: 'before' }),
          h('span', { class: 'quiet', 'aria-label': 'became', role: 'img' }, ' → '),
          h(Side, { texts: after, name: `${name} after`, class: 'after' }),
        ),
      ),
    ),
  );
}

function Side(props: { readonly texts: readonly string[]; readonly name: string; readonly class: string }) {
  const { texts, name } = props;
  if (texts.length === 0) return h('span', { class: 'quiet' }, 'nothing');
  return h('span', { class: props.class }, h(ShownValue, { text: texts.join(', '), name }));
}
