import { h } from 'preact';
import type { BackupStatus } from '../../core/model/outcome.ts';

export type Tone = 'good' | 'fair' | 'bad' | 'plain';

interface BadgeWords {
  readonly tone: Tone;
  readonly word: string;
  /** In the place of the tone's. */
  readonly sign?: string;
}

/** A word that says how something stands; its colour and its sign say the same. */
export function Badge({ tone, word, sign = signs[tone] }: BadgeWords) {
  return h('span', { class: `badge ${tone}` }, h('span', { 'aria-hidden': 'true' }, sign), ' ', word);
}

const signs: Readonly<Record<Tone, string>> = { good: '✓', fair: '!', bad: '✕', plain: '–' };

export function StatusBadge({ status }: { readonly status: BackupStatus }) {
  return h(Badge, statuses[status]);
}

const statuses: Readonly<Record<BackupStatus, { readonly tone: Tone; readonly word: string }>> = {
  complete: { tone: 'good', word: 'Complete' },
  'complete-with-gaps': { tone: 'fair', word: 'Complete with gaps' },
  partial: { tone: 'bad', word: 'Partial' },
};
