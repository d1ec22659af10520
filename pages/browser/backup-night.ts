import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { counted, readableCount } from '../../core/counted.ts';
import type { BackupRow, BackupSummary, ChangesAnswer } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';
import { Badge, StatusBadge, type Tone } from '../components/status-badge.ts';
import { addressOf } from './ask.ts';
import { ChangeCountsShown } from './change-counts-shown.ts';
import { hashOf } from './route.ts';
import { useAnswer } from './use-answer.ts';

/** One backup of the time line. */
export function BackupNight({ row, namesSite }: { readonly row: BackupRow; readonly namesSite: boolean }) {
  const { backup, state, reason, summary } = row;
  const canBeOpened = state === 'finished' || state === 'original-scripts';
  return h(
    'li',
    { class: `night ${toneOf(row)}` },
    h(
      'div',
      { class: 'night-head' },
      h(
        'h3',
        null,
        canBeOpened
          ? h('a', { href: hashOf({ view: 'backup', backup }) }, h(ShownText, { text: backup }))
          : h(ShownText, { text: backup }),
      ),
      summary ? h(StatusBadge, { status: summary.status }) : h(Badge, states[state]),
      summary && summary.suspicions.length > 0 && h(Badge, { tone: 'fair', word: 'Suspicious' }),
    ),
    summary && h('p', { class: 'numbers' }, countsOf(summary), namesSite && [' · ', h('bdi', null, summary.siteName)]),
    reason !== null && h('p', { class: 'quiet' }, h(ShownText, { text: reason })),
    summary && h(Sentences, { of: summary.suspicions }),
    summary && summary.previous !== null && h(SinceThen, { left: summary.previous, right: backup }),
  );
}

const states: Readonly<Record<BackupRow['state'], { readonly tone: Tone; readonly word: string }>> = {
  finished: { tone: 'good', word: 'Finished' },
  unfinished: { tone: 'bad', word: 'Unfinished' },
  damaged: { tone: 'bad', word: 'Damaged' },
  unsupported: { tone: 'bad', word: 'Of a format that this version cannot read' },
  'original-scripts': { tone: 'plain', word: 'Of the original scripts' },
};

function toneOf({ state, summary }: BackupRow): Tone {
  if (!summary) return states[state].tone;
  if (summary.status === 'partial') return 'bad';
  return summary.status === 'complete' && summary.suspicions.length === 0 ? 'good' : 'fair';
}

function countsOf({ objects, schemas, objectTypes, comments, historyEntries, gaps }: BackupSummary): string {
  return [
    `${counted(objects, 'object')} in ${counted(schemas, 'schema')} and ${counted(objectTypes, 'type')}`,
    counted(comments, 'comment'),
    counted(historyEntries, 'history entry', 'history entries'),
    ...(gaps > 0 ? [counted(gaps, 'gap')] : []),
  ].join(' · ');
}

function Sentences({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return h(
    'ul',
    { class: 'warnings' },
    of.slice(0, 5).map((text, index) => h('li', { key: index }, h(ShownText, { text }))),
    of.length > 5 && h('li', null, `and ${readableCount(of.length - 5)} more`),
  );
}

/** What changed since the night before: asked for once it is to be seen. */
function SinceThen({ left, right }: { readonly left: string; readonly right: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (!place.current) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      setIsSeen(true);
      observer.disconnect();
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const { outcome } = useAnswer<ChangesAnswer>(isSeen ? addressOf('changes', { left, right }) : null);
  const answer = outcome.state === 'answered' ? outcome.answer : null;
  return h(
    'div',
    { class: 'since', ref: place },
    outcome.state === 'waiting' && h('span', { class: 'quiet' }, 'Since the backup before: …'),
    outcome.state === 'failed' && h('span', { class: 'quiet' }, h(ShownText, { text: outcome.message })),
    answer && h(ChangeCountsShown, { answer }),
    ' ',
    h('a', { href: hashOf({ view: 'diff', left, right }), 'aria-label': `Compare ${left} with ${right}` }, 'Compare'),
  );
}
