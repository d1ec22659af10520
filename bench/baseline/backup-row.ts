import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LargeSiteOptions } from '../../simulator/seeds/large.ts';
import { PretendSite } from '../pretend-site.ts';
import type { BareLoopInput } from '../processes/bare-loop.ts';
import type { AskedRequest } from '../processes/site.ts';
import type { StoredBackup } from '../processes/verify.ts';
import type { Checkout } from './checkout.ts';
import { type CommandedBackup, commandBackup } from './commanded-backup.ts';
import { type Comparison, interleaved, type Targets, usageFigures } from './comparison.ts';
import { bareLoop, type Contest, type Row } from './contest.ts';

export interface ComparedBackup
  extends Pick<Row, 'name' | 'isLarge' | 'left'>,
    Pick<CommandedBackup, 'budget' | 'options'> {
  readonly title: string;
  readonly seed: LargeSiteOptions;
  readonly latencyMs?: number;
  /** Of today's folder of backups; the baseline's has none. */
  readonly settings?: object;
  /** Requests that the bare loop has under way at once. @default as many as today's backup had at most */
  readonly atOnce?: number;
  readonly targets: Targets;
}

/** Backups of one site: the baseline's, today's, and the requests and files of today's one. */
export function backupRow(backup: ComparedBackup): Row {
  return { ...backup, objects: backup.seed.objects, compare: (contest) => compareBackups(contest, backup) };
}

async function compareBackups(contest: Contest, backup: ComparedBackup): Promise<Comparison> {
  const { workshop, baseline, today, progress } = contest;
  const { title, seed, latencyMs = 0, budget, options = [], settings, targets } = backup;
  const site = await PretendSite.start(workshop, { seed, latencyMs });
  const backUp = async (of: Checkout, ofFolder?: object, look: (stored: StoredBackup) => void = () => {}) => {
    const { end, ...stored } = await commandBackup(contest, of, { site, budget, options, settings: ofFolder });
    look(stored);
    workshop.discard(stored.directory);
    return end;
  };
  let asked: readonly AskedRequest[] = [];
  let files: BareLoopInput['files'] = [];
  let atOnce = 1;
  const medians = await interleaved(backup.isLarge ? 1 : contest.turns, {
    baseline: () => {
      progress(`${title}: baseline`);
      return backUp(baseline);
    },
    today: async () => {
      progress(`${title}: today`);
      await site.newlyAsked();
      const end = await backUp(today, settings, (stored) => {
        files = filesOf(stored);
      });
      asked = await site.newlyAsked();
      atOnce = backup.atOnce ?? end.mostInFlight;
      return end;
    },
    bare: async () => {
      progress(`${title}: bare loop`);
      const directory = workshop.folder();
      const usage = await bareLoop(contest, { site: site.ready, requests: [asked], atOnce, directory, files });
      workshop.discard(directory);
      return usage;
    },
  });
  await site.stop();
  const [requests, count, megabytes] = [
    asked.length,
    files.length,
    Math.round(files.reduce((sum, file) => sum + file.bytes, 0) / 1e6),
  ].map((number) => number.toLocaleString('en-US'));
  return {
    heading: `${backup.name}: ${title}`,
    figures: usageFigures(medians, targets),
    notes: [
      `bare loop: today's ${requests} requests by fetch, ${atOnce} at once, answers read; and ${count} files of ${megabytes} MB, each written once, as the answers come`,
    ],
  };
}

function filesOf({ directory, backup }: StoredBackup): BareLoopInput['files'] {
  const entries = readdirSync(join(directory, backup), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: path.slice(directory.length + 1), bytes: statSync(path).size };
    });
}
