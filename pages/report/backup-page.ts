import { h } from 'preact';
import { issueLinkCounts, issueLinkWords } from '../../core/backup-format/issue-link-counts.ts';
import { leftOutWords } from '../../core/backup-format/left-out-words.ts';
import { oldestActivity, oldestActivityText } from '../../core/backup-format/oldest-activity.ts';
import { counted, readableCount } from '../../core/counted.ts';
import type { BackupStatus } from '../../core/model/outcome.ts';
import { readableSize } from '../../core/readable.ts';
import type { BackupFacts } from '../../core/report/backup-facts.ts';
import { measureWords, statusWords } from '../../core/report/status-words.ts';
import { CutText } from '../components/cut-text.ts';
import { Facts } from '../components/facts.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import { Badge, StatusBadge, type Tone } from '../components/status-badge.ts';
import { BackupTrend } from './backup-trend.ts';
import { reportDocument } from './report-document.ts';
import { Lines, Part, ReportFooter, Standing, timeFacts } from './report-parts.ts';
import { Requests } from './requests.ts';
import { TypeTables } from './type-tables.ts';

const tones: Readonly<Record<BackupStatus, Tone>> = { complete: 'good', 'complete-with-gaps': 'fair', partial: 'bad' };

/** `report.html` of a backup. */
export function backupPage(facts: BackupFacts): string {
  const { manifest, suspicions, damage } = facts;
  const { name, gaps, notices, notOffered } = manifest;
  const rest = 'which the manifest names';
  return reportDocument(`Backup ${name}`, [
    h('h1', null, 'Backup ', h(CutText, { text: name })),
    h(Status, { facts }),
    h(Lines, { title: 'Damaged', of: damage, rest: 'which `verify` names' }),
    h(BackupNumbers, { facts }),
    h(Lines, { title: 'Suspicious', of: suspicions.map(({ message }) => message), rest }),
    h(Lines, {
      title: 'Gaps: asked for, and not stored',
      of: gaps.map(
        ({ what, schemaKey, reason }) => `${schemaKey === undefined ? '' : `${schemaKey}: `}${what}: ${reason}`,
      ),
      rest,
    }),
    h(TypeTables, { facts }),
    h(BackupTrend, { trend: facts.trend, backup: name }),
    h(HeldAgainst, { facts }),
    h(Lines, { title: 'Notices', of: notices.map(({ message }) => message), rest }),
    h(Lines, {
      title: 'Not offered by this site',
      of: notOffered.map(({ what, reason }) => `${what}: ${reason}`),
      rest,
    }),
    h(Requests, { of: manifest }),
    h(ReportFooter, {
      ...{ madeAt: facts.madeAt, madeBy: facts.madeBy, where: facts.where, again: name },
      from: 'the manifests and lists of this backup and of those before it',
      unread: `No file of objects was read for it: whether all are whole, assets-backup verify ${name} says.`,
    }),
  ]);
}

function Status({ facts: { manifest, suspicions } }: { readonly facts: BackupFacts }) {
  const { status, gaps, counts, suspicions: told } = manifest;
  const accepted = told.length - suspicions.length;
  const tone = tones[status] === 'good' && suspicions.length > 0 ? 'fair' : tones[status];
  return h(Standing, {
    tone,
    of: [
      [
        h(StatusBadge, { status }),
        suspicions.length > 0 && [' ', h(Badge, { tone: 'fair', word: 'Suspicious' })],
        ` ${capital(statusWords[status].slice(status.length + 2))}.`,
      ],
      `${counted(counts.objects, 'object')} of ${counted(counts.objectTypes, 'object type')} in ${counted(counts.schemas, 'schema')}${gaps.length > 0 ? `, with ${counted(gaps.length, 'gap')}` : ', without a gap'}.`,
      ...(suspicions.length > 0
        ? [
            `${counted(suspicions.length, 'thing is', 'things are')} fewer, gone or other than before; nobody has accepted that.`,
          ]
        : []),
      ...(accepted > 0
        ? [`${counted(accepted, 'thing that was suspicious is', 'things that were suspicious are')} accepted.`]
        : []),
    ],
  });
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function BackupNumbers({ facts }: { readonly facts: BackupFacts }) {
  const { manifest, copiedFrom, previous } = facts;
  const { site, startedAt, finishedAt, options, counts, activity, references, writtenAs, originalScripts } = manifest;
  const links = issueLinkCounts(manifest);
  const oldest = oldestActivityText(oldestActivity(manifest));
  const leftOut = leftOutWords(manifest.schemas);
  const chosen = options.objectSchemaKeys;
  const carried = Math.max(activity.history.carried, activity.comments.carried);
  return h(
    Part,
    { title: 'What it is of' },
    h(Facts, {
      of: [
        ['Site', h(CutText, { text: site.siteName })],
        ['Workspace', h(CutText, { text: site.workspaceId })],
        ...timeFacts({ startedAt, finishedAt }),
        ['Schemas', chosen?.length ? h(CutText, { text: `only ${chosen.join(', ')}` }) : 'all that the account sees'],
        previous === null ? null : ['Compared with', previous],
        writtenAs === undefined ? null : ['Written as', h(CutText, { text: writtenAs })],
        copiedFrom === null ? null : ['Copied from', h(CutText, { text: copiedFrom })],
        originalScripts ? ['Made of', 'a backup of the original scripts'] : null,
        ['Values', readableCount(counts.attributeValues)],
        ['Attributes', readableCount(counts.attributes)],
        [
          'References',
          `${readableCount(references.inside)} inside, ${readableCount(references.outside)} to objects outside`,
        ],
        [
          'History',
          `${counted(counts.historyEntries, 'entry', 'entries')} of ${counted(counts.historyRead, 'object')}`,
        ],
        ['Comments', `${readableCount(counts.comments)} of ${counted(counts.commentsRead, 'object')}`],
        carried === 0 ? null : ['Carried over', `of ${counted(carried, 'object')}, from earlier backups`],
        oldest === '' ? null : ['Oldest activity', oldest],
        links === null ? null : ['Issue links', issueLinkWords(links)],
        leftOut === '' ? null : ['Not stored', h(CutText, { text: leftOut })],
        ['Icons', readableCount(counts.icons)],
        ['Files', `${readableCount(counts.files)}, ${readableSize(counts.bytes)}`],
      ],
    }),
  );
}

function HeldAgainst({ facts: { manifest } }: { readonly facts: BackupFacts }) {
  const rows = manifest.measured.flatMap(({ measure, against, before, now }) =>
    against === null
      ? []
      : [[h(CutText, { text: against }), measureWords[measure], readableCount(before), readableCount(now)]],
  );
  if (rows.length === 0) return null;
  return h(
    Part,
    { title: 'Held against earlier backups' },
    h(NumbersTable, {
      caption: 'Objects in the schemas that both are of',
      columns: [
        { title: 'Backup' },
        { title: 'Which is' },
        { title: 'Objects there', isNumber: true },
        { title: 'and here', isNumber: true },
      ],
      rows,
    }),
  );
}
