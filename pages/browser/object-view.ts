import { h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import type { AttributeShown, BackupAnswer, ObjectAnswer, PlaceAnswer, Referrer, ValueShown } from '../answers.ts';
import { Facts } from '../components/facts.ts';
import { Moment } from '../components/moment.ts';
import { ShownText } from '../components/shown-text.ts';
import { addressOf } from './ask.ts';
import { Icon } from './icon.ts';
import { CommentsPart, HistoryPart } from './object-activity.ts';
import { LifePart } from './object-life.ts';
import { Crumbs, FailedPage, PageTitle, WaitingFor, Warnings } from './page-parts.ts';
import { RestoreCommand } from './restore-command.ts';
import { hashOf } from './route.ts';
import { ShownValue } from './shown-value.ts';
import { useAnswer } from './use-answer.ts';
import { isWhole } from './whole-backup.ts';

interface ObjectOfBackup {
  readonly place: PlaceAnswer;
  readonly backup: string;
  readonly object: string;
}

/** One object as it stood. */
export function ObjectView({ place, backup, object }: ObjectOfBackup) {
  const { outcome } = useAnswer<ObjectAnswer>(addressOf('object', { backup, object }), ({ referrers }) => !referrers);
  const { outcome: of } = useAnswer<BackupAnswer>(addressOf('backup', { backup }));
  if (outcome.state === 'waiting') return h(WaitingFor, { what: 'the object' });
  if (outcome.state === 'failed') return h(FailedPage, { message: outcome.message });
  const { key, label, schema, type, created, updated, damage, attributes, referrers, comments, history } =
    outcome.answer;
  return h(
    'div',
    null,
    h(Crumbs, {
      of: [
        { text: 'All backups', href: hashOf({ view: 'backups' }) },
        { text: backup, href: hashOf({ view: 'backup', backup }) },
        { text: type.path, href: hashOf({ view: 'type', backup, schema: schema.id, type: type.id, from: 0 }) },
      ],
    }),
    h(PageTitle, { text: label }, h(Icon, { backup, schema: schema.id, icon: type.icon }), ' '),
    h(Warnings, {
      of:
        object === key || object === outcome.answer.id
          ? damage
          : [`No object here is called ${object}; this is the one of that number.`, ...damage],
    }),
    h(Facts, {
      of: [
        ['Key', h(ShownText, { text: key })],
        ['Schema', h(ShownText, { text: schema.name })],
        ['Type', h(ShownText, { text: type.path })],
        created === null ? null : ['Made', h(Moment, { at: created })],
        updated === null ? null : ['Updated', h(Moment, { at: updated })],
      ],
    }),
    h(RestoreCommand, {
      place,
      backup,
      isWhole: of.state !== 'answered' || isWhole(of.answer),
      scope: { schema: schema.key, object: key },
      what: 'this object',
    }),
    h(Attributes, { backup, attributes }),
    h(Referrers, { backup, referrers, told: damage }),
    h(LifePart, { backup, object: outcome.answer.id, objectKey: key }),
    h(CommentsPart, { comments }),
    h(HistoryPart, { history }),
  );
}

function Attributes({
  backup,
  attributes,
}: {
  readonly backup: string;
  readonly attributes: readonly AttributeShown[];
}) {
  return h(
    'section',
    { 'aria-labelledby': 'values' },
    h('h2', { id: 'values' }, 'Values'),
    h(
      'dl',
      { class: 'values' },
      attributes.map(({ id, name, values }) =>
        h(
          'div',
          { key: id },
          h('dt', null, h(ShownText, { text: name })),
          values.length === 0
            ? h('dd', { class: 'quiet' }, '–')
            : values.map((value, index) => h('dd', { key: index }, h(ValueOfObject, { backup, value, name }))),
        ),
      ),
    ),
  );
}

function ValueOfObject({
  backup,
  value,
  name,
}: {
  readonly backup: string;
  readonly value: ValueShown;
  readonly name: string;
}) {
  const { text, object, isOutside } = value;
  if (object === undefined || isOutside)
    return [h(ShownValue, { text, name }), isOutside && h('span', { class: 'quiet' }, ' (not in this backup)')];
  return h('a', { href: hashOf({ view: 'object', backup, object }) }, h(ShownText, { text }));
}

/** Objects that lead here, by the attribute that does. */
function Referrers(props: {
  readonly backup: string;
  readonly referrers: ObjectAnswer['referrers'];
  /** Sentences that the page says already. */
  readonly told: readonly string[];
}) {
  const { backup, referrers, told } = props;
  return h(
    'section',
    { 'aria-labelledby': 'referrers' },
    h(
      'h2',
      { id: 'referrers' },
      'Referred to by',
      referrers && referrers.total > 0 && ` (${readableCount(referrers.total)})`,
    ),
    referrers === null
      ? h(
          'p',
          { class: 'quiet', role: 'status' },
          'This backup is read for the first time; who refers to it shows in a moment…',
        )
      : [
          h(Warnings, { of: referrers.notSearched.filter((sentence) => !told.includes(sentence)) }),
          h(ReferrerList, { backup, referrers }),
        ],
  );
}

function ReferrerList(props: { readonly backup: string; readonly referrers: NonNullable<ObjectAnswer['referrers']> }) {
  const { backup, referrers } = props;
  if (referrers.total === 0)
    return h(
      'p',
      { class: 'quiet' },
      `No object of ${referrers.notSearched.length === 0 ? 'this backup' : 'what could be read'} refers to it.`,
    );
  const byAttribute = Map.groupBy(referrers.shown, ({ attribute }) => attribute);
  return h(
    'div',
    { class: 'referrers' },
    [...byAttribute].map(([attribute, of]) =>
      h(
        'div',
        { key: attribute },
        h('h3', null, h(ShownText, { text: attribute })),
        h(
          'ul',
          { class: 'links' },
          of.map((referrer) => h('li', { key: referrer.id }, h(ReferrerLink, { backup, referrer }))),
        ),
      ),
    ),
    referrers.total > referrers.shown.length &&
      h(
        'p',
        { class: 'quiet' },
        `${readableCount(referrers.shown.length)} of ${readableCount(referrers.total)} are shown.`,
      ),
  );
}

function ReferrerLink({ backup, referrer }: { readonly backup: string; readonly referrer: Referrer }) {
  const { id, key, label } = referrer;
  return h(
    'a',
    { href: hashOf({ view: 'object', backup, object: id }) },
    h('span', { class: 'key' }, h(ShownText, { text: key })),
    ' ',
    h(ShownText, { text: label }),
  );
}
