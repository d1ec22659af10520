import { h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import type { BackupAnswer, BackupSummary, PlaceAnswer, SchemaShown } from '../answers.ts';
import { Facts } from '../components/facts.ts';
import { Moment } from '../components/moment.ts';
import { ShownText } from '../components/shown-text.ts';
import { Badge, StatusBadge } from '../components/status-badge.ts';
import { addressOf } from './ask.ts';
import { Crumbs, FailedPage, PageTitle, WaitingFor, Warnings } from './page-parts.ts';
import { RestoreCommand } from './restore-command.ts';
import { hashOf } from './route.ts';
import { TypeTree } from './type-tree.ts';
import { useAnswer } from './use-answer.ts';
import { isDamaged, isWhole } from './whole-backup.ts';

/** One backup: how it stands, and what is in it. */
export function BackupView({ place, backup }: { readonly place: PlaceAnswer; readonly backup: string }) {
  const { outcome } = useAnswer<BackupAnswer>(addressOf('backup', { backup }));
  if (outcome.state === 'waiting') return h(WaitingFor, { what: 'the backup' });
  if (outcome.state === 'failed') return h(FailedPage, { message: outcome.message });
  const whole = isWhole(outcome.answer);
  const { summary, damage, schemas, gaps, notices, notOffered } = outcome.answer;
  return h(
    'div',
    null,
    h(Crumbs, { of: [{ text: 'All backups', href: hashOf({ view: 'backups' }) }] }),
    h(PageTitle, { text: backup }),
    h(Warnings, { of: damage }),
    h(Standing, { backup, summary, isDamaged: isDamaged(outcome.answer) }),
    h(RestoreCommand, { place, backup, isWhole: whole, scope: {}, what: 'all of this backup' }),
    h(Told, { title: 'Suspicious', of: summary.suspicions, isOpen: true }),
    h(Told, { title: 'Gaps: read for, and not stored', of: gaps, isOpen: true }),
    h(Told, { title: 'Notices', of: notices, isOpen: false }),
    h(Told, { title: 'Not offered by the site', of: notOffered, isOpen: false }),
    schemas.map((schema) => h(SchemaPart, { key: schema.id, place, backup, isWhole: whole, schema })),
  );
}

function Standing(props: { readonly backup: string; readonly summary: BackupSummary; readonly isDamaged: boolean }) {
  const { backup, summary, isDamaged } = props;
  const { previous } = summary;
  return h(Facts, {
    of: [
      [
        'Status',
        h(
          'span',
          null,
          h(StatusBadge, { status: summary.status }),
          summary.suspicions.length > 0 && [' ', h(Badge, { tone: 'fair', word: 'Suspicious' })],
          isDamaged && [' ', h(Badge, { tone: 'bad', word: 'Damaged' })],
        ),
      ],
      ['Site', h(ShownText, { text: summary.siteName })],
      ['Begun', h(Moment, { at: summary.startedAt })],
      ['Ended', h(Moment, { at: summary.finishedAt })],
      ['Objects', readableCount(summary.objects)],
      ['Comments', readableCount(summary.comments)],
      ['History', counted(summary.historyEntries, 'entry', 'entries')],
      previous === null
        ? null
        : [
            'Before it',
            h(
              'span',
              null,
              h('a', { href: hashOf({ view: 'backup', backup: previous }) }, previous),
              ' · ',
              h('a', { href: hashOf({ view: 'diff', left: previous, right: backup }) }, 'what changed since'),
            ),
          ],
    ],
  });
}

/** Sentences of a kind, of which there may be many. */
function Told({
  title,
  of,
  isOpen,
}: {
  readonly title: string;
  readonly of: readonly string[];
  readonly isOpen: boolean;
}) {
  if (of.length === 0) return null;
  return h(
    'details',
    { class: 'told', open: isOpen && of.length <= 10 },
    h('summary', null, h('h2', null, `${title} (${readableCount(of.length)})`)),
    h(
      'ul',
      null,
      of.map((text, index) => h('li', { key: index }, h(ShownText, { text }))),
    ),
  );
}

function SchemaPart(props: {
  readonly place: PlaceAnswer;
  readonly backup: string;
  readonly isWhole: boolean;
  readonly schema: SchemaShown;
}) {
  const { place, backup, isWhole, schema } = props;
  const { key, name, objects, damage, types } = schema;
  const title = `schema-${schema.id}`;
  return h(
    'section',
    { 'aria-labelledby': title, class: 'schema' },
    h('h2', { id: title }, h(ShownText, { text: name }), ' ', h('span', { class: 'key' }, h(ShownText, { text: key }))),
    h('p', { class: 'quiet' }, `${counted(objects, 'object')} of ${counted(types.length, 'type')}`),
    h(Warnings, { of: damage === null ? [] : [damage] }),
    types.length > 0 && h(TypeTree, { backup, schema }),
    h(
      'details',
      null,
      h('summary', null, 'Restore this schema alone'),
      h(RestoreCommand, { place, backup, isWhole, scope: { schema: key }, what: `the schema ${key}` }),
    ),
  );
}
