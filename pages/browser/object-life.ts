import { h } from 'preact';
import { counted } from '../../core/counted.ts';
import type { LifeAnswer, LifeEvent } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';
import { addressOf } from './ask.ts';
import { FailureShown } from './page-parts.ts';
import { hashOf } from './route.ts';
import { useAnswer } from './use-answer.ts';

interface LivingObject {
  readonly backup: string;
  readonly object: string;
  readonly objectKey: string;
}

/** What became of it in all backups of its site. */
export function LifePart({ backup, object, objectKey }: LivingObject) {
  const { outcome } = useAnswer<LifeAnswer>(addressOf('life', { backup, object }));
  return h(
    'section',
    { 'aria-labelledby': 'life' },
    h('h2', { id: 'life' }, 'Across all backups'),
    outcome.state === 'waiting' && h('p', { class: 'quiet', role: 'status' }, 'Looking through the backups…'),
    outcome.state === 'failed' && h(FailureShown, { message: outcome.message }),
    outcome.state === 'answered' && [
      h(
        'ol',
        { class: 'life' },
        outcome.answer.events.map((event, index) => h(Happened, { key: index, event, backup, object, objectKey })),
      ),
      outcome.answer.silences.length > 0 && h(Silences, { of: outcome.answer.silences }),
    ],
  );
}

const words: Readonly<Record<LifeEvent['kind'], string>> = {
  'first-seen': 'First seen',
  appeared: 'Made',
  changed: 'Changed',
  touched: 'Touched',
  deleted: 'Deleted',
};

function Happened({ event, backup, object, objectKey }: LivingObject & { readonly event: LifeEvent }) {
  const { kind, after, by } = event;
  const night = (name: string) =>
    name === backup
      ? h('strong', null, name, ' (this backup)')
      : h('a', { href: hashOf({ view: 'object', backup: name, object }) }, name);
  const isThereBy = kind !== 'deleted';
  return h(
    'li',
    { class: kind },
    h('strong', { class: 'event' }, words[kind]),
    ' ',
    after === null
      ? ['in ', night(by)]
      : ['between ', kind === 'appeared' ? after : night(after), ' and ', isThereBy ? night(by) : by],
    kind === 'touched' && h('span', { class: 'quiet' }, ', and no value is other'),
    kind === 'changed' &&
      after !== null && [
        ' · ',
        h('a', { href: hashOf({ view: 'diff', left: after, right: by, object: objectKey }) }, 'what changed'),
      ],
  );
}

function Silences({ of }: { readonly of: readonly string[] }) {
  return h(
    'details',
    null,
    h('summary', null, `${counted(of.length, 'backup')} cannot tell`),
    h(
      'ul',
      null,
      of.map((text, index) => h('li', { key: index }, h(ShownText, { text }))),
    ),
  );
}
