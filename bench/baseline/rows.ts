import { backupRow } from './backup-row.ts';
import { budgetRow } from './budget-row.ts';
import type { Row } from './contest.ts';
import { parseRow } from './parse-row.ts';
import { planRow } from './plan-row.ts';
import { restoreRow } from './restore-row.ts';
import { commentedSite } from './sites.ts';
import { startRow } from './start-row.ts';

const withoutActivity = ['--no-activity'];
const commented = commentedSite(5_000);

const leftOfPlan =
  'each byte is summed and skimmed once, by the check; what was skimmed is parsed in each pass of the plan, and the collector follows';

/** In the order of the table. */
export const rows: readonly Row[] = [
  backupRow({
    name: 'pages',
    title: '40,000 objects of one type, each answer after 300 ms, default budget, without activity',
    seed: { objects: 40_000, schemas: 1, types: 1 },
    latencyMs: 300,
    budget: 'default',
    options: withoutActivity,
    atOnce: 8,
    targets: { seconds: { of: 'baseline', atMost: 0.45 } },
  }),
  budgetRow({
    name: 'restore-budget',
    objects: 50_000,
    left: 'the comments alone take what the bare loop takes, 0.70 of the baseline; the rest is the proof behind them, and the starts of functions',
  }),
  restoreRow({
    name: 'restore',
    objects: 5_000,
    left: 'the check, the plan and the proof, which ask little; a fifth of the CPU time is requests, a sixth the collector, a tenth reading the backup',
  }),
  backupRow({
    name: 'activity',
    title: '5,000 objects with history and comments, a file for each, no limits',
    seed: commented,
    budget: 'unlimited',
    targets: { seconds: { of: 'baseline', atMost: 0.6 } },
    left: 'a sync of each file and of its folder, which the bare loop does without, and which nothing may go without; on ext4 also all files that were removed shortly before, which each new one goes past',
  }),
  backupRow({
    name: 'activity',
    title: '5,000 objects with history and comments, files by type, no limits; the baseline has a file for each',
    seed: commented,
    budget: 'unlimited',
    settings: { activityFiles: 'type' },
    targets: { seconds: { of: 'baseline', atMost: 0.45 } },
    left: 'requests 20 % of the CPU time, the collector 14 %, JSON 12 %, loading modules 10 %',
  }),
  backupRow({
    name: 'objects',
    title: '100,000 objects without activity, no limits',
    seed: { objects: 100_000 },
    budget: 'unlimited',
    options: withoutActivity,
    targets: { seconds: { of: 'bare', atMost: 1.8 } },
    left: 'by CPU time the collector 18 %, parsing 16 %, what is stored of an object (two digests, references, the readable file) 16 %, looking over what came 11 %, writing 10 %',
  }),
  parseRow,
  planRow({ name: 'plan', objects: 50_000, left: leftOfPlan }),
  planRow({ name: 'plan-large', objects: 200_000, isLarge: true, left: leftOfPlan }),
  startRow,
  ...[100_000, 250_000, 500_000].map((objects) =>
    backupRow({
      name: 'memory',
      isLarge: true,
      title: `${objects.toLocaleString('en-US')} objects without activity, no limits`,
      seed: { objects },
      budget: 'unlimited',
      options: withoutActivity,
      targets: { peakMegabytes: { atMost: 300 } },
    }),
  ),
];
