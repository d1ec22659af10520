import { h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import { clockTime } from '../../core/readable.ts';
import type { TrendNight } from '../../core/report/earlier-backups.ts';
import { ColumnChart } from '../components/column-chart.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import { StatusBadge, type Tone } from '../components/status-badge.ts';
import { Part } from './report-parts.ts';

/** The last backups of the site, up to this one. */
export function BackupTrend({ trend, backup }: { readonly trend: readonly TrendNight[]; readonly backup: string }) {
  const [first, last] = [trend[0], trend.at(-1)];
  if (trend.length < 2 || !first || !last) return null;
  const most = Math.max(...trend.map(({ objects }) => objects));
  const least = Math.min(...trend.map(({ objects }) => objects));
  return h(
    Part,
    { title: `The last ${trend.length} backups` },
    h(ColumnChart, {
      id: 'trend',
      title: 'Objects of each backup, the oldest first',
      description: `From ${first.backup} with ${counted(first.objects, 'object')} to ${last.backup} with ${counted(last.objects, 'object')}; the fewest are ${readableCount(least)}, the most ${readableCount(most)}. The table has each of them.`,
      columns: trend.map((night) => ({ value: night.objects, tone: toneOf(night) })),
    }),
    h(
      'p',
      { class: 'quiet' },
      `Objects of each, the oldest on the left: ${readableCount(least)} to ${readableCount(most)}.`,
    ),
    h(NumbersTable, {
      caption: 'The same, the newest first',
      columns: [
        { title: 'Backup' },
        { title: 'Status' },
        { title: 'Objects', isNumber: true },
        { title: 'Changed', isNumber: true },
        { title: 'Took', isNumber: true },
      ],
      rows: trend
        .toReversed()
        .map((night) => [
          night.backup === backup ? h('strong', null, night.backup) : night.backup,
          [h(StatusBadge, { status: night.status }), night.isSuspicious && ', suspicious'],
          readableCount(night.objects),
          night.changed === null ? 'not known' : readableCount(night.changed),
          clockTime(Date.parse(night.finishedAt) - Date.parse(night.startedAt)),
        ]),
    }),
  );
}

function toneOf({ status, isSuspicious }: TrendNight): Tone {
  if (status === 'partial') return 'bad';
  return status === 'complete-with-gaps' || isSuspicious ? 'fair' : 'good';
}
