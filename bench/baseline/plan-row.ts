import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PretendSite } from '../pretend-site.ts';
import type { Checkout } from './checkout.ts';
import { commandBackup } from './commanded-backup.ts';
import { type Comparison, interleaved, usageFigures } from './comparison.ts';
import { type Contest, command, type Row, siteFile } from './contest.ts';
import { timedCommand } from './timed-command.ts';

/** Plans of the restore of so many objects to an empty site. */
export function planRow(row: ComparedPlan): Row {
  return { ...row, compare: (contest) => comparePlans(contest, row) };
}

type ComparedPlan = Omit<Row, 'compare'>;

async function comparePlans(contest: Contest, { name, objects, isLarge }: ComparedPlan): Promise<Comparison> {
  const { workshop, baseline, today, progress } = contest;
  const title = `plan of the restore of ${objects.toLocaleString('en-US')} objects without activity to an empty site`;
  const source = await PretendSite.start(workshop, { seed: { objects } });
  const target = await PretendSite.start(workshop, { seed: 'empty' });
  const stored = async (of: Checkout) => {
    progress('a backup to plan with');
    const options = ['--no-activity'];
    const backup = await commandBackup(contest, of, { site: source, budget: 'unlimited', options });
    return { ...backup, site: siteFile(contest, of, target, 'unlimited') };
  };
  const backups = new Map([
    [baseline, await stored(baseline)],
    [today, await stored(today)],
  ]);
  await source.stop();
  const plan = async (of: Checkout) => {
    const { backup = '', directory = '', site = '' } = backups.get(of) ?? {};
    const end = await command(contest, of, ['plan', backup, '--local', directory, '--site', site, '--json']);
    // What a plan leaves, the next one would look at.
    rmSync(join(directory, '.work'), { recursive: true });
    return end;
  };
  const { directory = '', backup = '' } = backups.get(today) ?? {};
  const reading = join(import.meta.dirname, '../processes/parse-files.ts');
  const medians = await interleaved(isLarge ? 1 : contest.turns, {
    baseline: () => {
      progress(`${title}: baseline`);
      return plan(baseline);
    },
    today: () => {
      progress(`${title}: today`);
      return plan(today);
    },
    bare: () => timedCommand({ words: [reading, join(directory, backup)], folder: workshop.folder() }),
  });
  await target.stop();
  for (const each of backups.values()) rmSync(each.directory, { recursive: true });
  return {
    heading: `${name}: ${title}`,
    figures: usageFigures(medians, { seconds: { of: 'baseline', atMost: 0.5 } }),
    notes: ['bare loop: each file of the backup read once, one after the other, and its JSON parsed'],
  };
}
