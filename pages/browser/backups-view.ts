import { h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import type { BackupRow, BackupsAnswer, PlaceAnswer } from '../answers.ts';
import { addressOf } from './ask.ts';
import { BackupNight } from './backup-night.ts';
import { FailedPage, PageTitle, WaitingFor } from './page-parts.ts';
import { TwoNights } from './two-nights.ts';
import { useAnswer } from './use-answer.ts';

/** All backups of a place on a time line, the newest first. */
export function BackupsView({ place }: { readonly place: PlaceAnswer }) {
  const { outcome } = useAnswer<BackupsAnswer>(addressOf('backups'));
  if (outcome.state === 'waiting') return h(WaitingFor, { what: 'the backups' });
  if (outcome.state === 'failed') return h(FailedPage, { message: outcome.message });
  const { backups } = outcome.answer;
  const sites = new Set(backups.flatMap(({ summary }) => summary?.siteName ?? []));
  return h(
    'div',
    null,
    h(PageTitle, { text: `Backups in ${place.name}` }),
    backups.length === 0
      ? h('p', null, 'There are none yet. The command ', h('code', null, 'npx assets-backup backup'), ' makes one.')
      : h('p', { class: 'quiet' }, inWords(backups)),
    h(TwoNights, { backups }),
    monthsOf(backups.toReversed()).map(([month, rows]) =>
      h(
        'section',
        { key: month, 'aria-label': month },
        h('h2', null, month),
        h(
          'ol',
          { class: 'nights' },
          rows.map((row) => h(BackupNight, { key: row.backup, row, namesSite: sites.size > 1 })),
        ),
      ),
    ),
  );
}

function inWords(backups: readonly BackupRow[]): string {
  const number = (isMeant: (row: BackupRow) => boolean, words: string) => {
    const count = backups.filter(isMeant).length;
    return count === 0 ? [] : [`${readableCount(count)} ${words}`];
  };
  return [
    ...number(({ state }) => state === 'finished', 'finished'),
    ...number(({ state }) => state === 'original-scripts', 'of the original scripts'),
    ...number(({ state }) => state !== 'finished' && state !== 'original-scripts', 'not whole or not readable'),
    ...number(({ summary }) => (summary?.suspicions.length ?? 0) > 0, 'suspicious'),
  ].join(', ');
}

const months = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Backups of one month beside each other; those whose names are no times at the end. */
function monthsOf(rows: readonly BackupRow[]): [string, BackupRow[]][] {
  const found = Map.groupBy(rows, ({ backup, summary }) => {
    const time = new Date(summary?.startedAt ?? backup.slice(0, 10));
    return Number.isNaN(time.getTime()) ? 'Other names' : months.format(time);
  });
  return [...found];
}
