import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { Checkout } from './checkout.ts';
import { commandBackup } from './commanded-backup.ts';
import { type ComparedFigure, type Comparison, interleaved } from './comparison.ts';
import { type Contest, command, type Row } from './contest.ts';
import { timedCommand } from './timed-command.ts';

/** Short commands are soon over, and what else the machine does weighs the more. */
const runsEachTurn = 5;

/** Commands that do next to nothing, so that what they take is their start. */
export const startRow: Row = { name: 'start', objects: 0, compare };

async function compare(contest: Contest): Promise<Comparison> {
  const { workshop, baseline, today, progress } = contest;
  progress('a backup of each to list');
  const site = await PretendSite.start(workshop, { seed: 'demo' });
  const input = { site, budget: 'unlimited', options: ['--no-activity'] } as const;
  const listed = new Map<Checkout, string>();
  for (const checkout of [baseline, today]) {
    listed.set(checkout, (await commandBackup(contest, checkout, input)).directory);
  }
  await site.stop();
  const commands = [
    { name: '--help', words: () => ['--help'] },
    { name: '--version', words: () => ['--version'] },
    { name: 'list', words: (of: Checkout) => ['list', '--local', listed.get(of) ?? ''] },
  ];
  const figures: ComparedFigure[] = [];
  const nodes = [process.execPath, ...otherNode()];
  for (const node of nodes) {
    for (const { name, words } of commands) {
      const what = `${name}, by Node ${versionOf(node)}`;
      progress(what);
      const {
        baseline: before,
        today: now,
        bare,
      } = await interleaved(contest.turns * runsEachTurn, {
        baseline: () => command(contest, baseline, words(baseline), node),
        today: () => command(contest, today, words(today), node),
        bare: () => timedCommand({ node, words: ['-e', '0'], folder: workshop.folder() }),
      });
      const of = (figure: 'seconds' | 'cpuSeconds') => ({
        unit: units.milliseconds,
        baseline: 1000 * before[figure],
        today: 1000 * now[figure],
        bare: 1000 * bare[figure],
      });
      const target = { of: 'bare', atMost: 8 } as const;
      // An older Node hands over to the one that the command needs: two starts, whatever the command does.
      figures.push({ what, ...of('seconds'), ...(node === process.execPath && { target }) });
      figures.push({ what: '  CPU time', ...of('cpuSeconds') });
    }
  }
  return {
    heading: 'start: commands that do next to nothing, from the start of their first process to the end of the last',
    figures,
    notes: [
      `bare loop: node -e 0 by the same Node; median of ${contest.turns * runsEachTurn}; where two are shown, the second one is the system's`,
    ],
  };
}

/** The Node that a person at a terminal gets: npm puts the one of this package before it. */
function otherNode(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  const found = folders.map((folder) => join(folder, 'node')).find((file) => existsSync(file));
  return found && realpathSync(found) !== realpathSync(process.execPath) ? [found] : [];
}

function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
}
