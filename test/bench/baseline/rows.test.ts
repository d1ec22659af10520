import { expect, it, onTestFinished } from 'vitest';
import { backupRow } from '../../../bench/baseline/backup-row.ts';
import { today } from '../../../bench/baseline/checkout.ts';
import type { Contest, Row } from '../../../bench/baseline/contest.ts';
import { restoreRow } from '../../../bench/baseline/restore-row.ts';
import { rows } from '../../../bench/baseline/rows.ts';
import { commentedSite } from '../../../bench/baseline/sites.ts';
import { Workshop } from '../../../bench/workshop.ts';

/** Against itself, and once: what is measured does not matter here, only that all of it can be. */
async function comparedWithItself(row: Row) {
  const itself = await today();
  const workshop = new Workshop();
  onTestFinished(() => workshop.clear());
  const contest: Contest = { workshop, baseline: { ...itself }, today: itself, turns: 1, progress: () => {} };
  return row.compare(contest);
}

const backup = { name: 'tiny', title: 'tiny', seed: commentedSite(30), budget: 'unlimited', targets: {} } as const;

it.each([
  ['a backup', backupRow(backup), /^bare loop: today's 1\d\d requests by fetch, \d+ at once, .* files of 1 MB/],
  // 30 objects, and a comment for the history of each.
  ['a restore', restoreRow({ name: 'tiny', objects: 30 }), /and then the [67]\d that write objects and comments/],
])('%s is run by the command of both, and by the bare loop', { timeout: 240_000 }, async (_, row, note) => {
  const { figures, notes } = await comparedWithItself(row);
  expect(figures.map(({ what }) => what.split(',')[0])).toEqual(['time', 'CPU time', 'peak memory']);
  for (const { baseline, today, bare } of figures) {
    for (const value of [baseline, today, bare]) expect(value).toBeGreaterThan(0);
  }
  expect(notes[0]).toMatch(note);
});

it('rows of many objects run only where they are named', () => {
  const large = rows.filter(({ isLarge }) => isLarge).map(({ name }) => name);
  expect([...new Set(large)]).toEqual(['plan-large', 'memory']);
});
