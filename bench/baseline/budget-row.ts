import { rmSync } from 'node:fs';
import { units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { SimulatedRestore } from '../processes/simulated-restore.ts';
import type { Checkout } from './checkout.ts';
import { commandBackup } from './commanded-backup.ts';
import type { Comparison } from './comparison.ts';
import { type Contest, command, type Row, siteFile } from './contest.ts';
import { commentedSite } from './sites.ts';

/** A restore within the default budget: what the baseline's plan says that it takes, and what it takes today in simulated time. */
export function budgetRow(row: Omit<Row, 'compare'>): Row {
  return { ...row, compare: (contest) => compareTimes(contest, row.name, row.objects) };
}

/** Nothing of it depends on the machine, so one turn is enough. */
async function compareTimes(contest: Contest, name: string, objects: number): Promise<Comparison> {
  const { workshop, baseline, today, progress } = contest;
  const title = `${objects.toLocaleString('en-US')} objects with history and comments restored within the default budget`;
  const source = await PretendSite.start(workshop, { seed: commentedSite(objects) });
  const target = await PretendSite.start(workshop, { seed: 'empty' });
  const planned = async (of: Checkout, who: string) => {
    progress(`${title}: a backup and a plan, ${who}`);
    const { directory, backup } = await commandBackup(contest, of, { site: source, budget: 'unlimited' });
    const place = ['--local', directory, '--site', siteFile(contest, of, target, 'default')];
    const { stdout } = await command(contest, of, ['plan', backup, ...place, '--json']);
    const { summary } = JSON.parse(stdout) as { readonly summary: { readonly minutes: number } };
    return { directory, backup, minutes: summary.minutes };
  };
  const before = await planned(baseline, 'baseline');
  rmSync(before.directory, { recursive: true });
  const { minutes, ...stored } = await planned(today, 'today');
  await source.stop();
  await target.stop();
  progress(`${title}: today, in simulated time`);
  const { seconds, floorSeconds, requests } = await workshop.run<SimulatedRestore>('simulated-restore', stored);
  rmSync(stored.directory, { recursive: true });
  return {
    heading: `${name}: ${title}`,
    figures: [
      {
        what: 'time: by the baseline’s own plan; today, of a whole restore in simulated time',
        unit: units.minutes,
        baseline: before.minutes,
        today: seconds / 60,
        bare: floorSeconds / 60,
        target: { of: 'baseline', atMost: 0.7 },
      },
      { what: 'time by the plan', unit: units.minutes, baseline: before.minutes, today: minutes },
    ],
    notes: [
      `bare loop: what the budget gives for those of today's ${requests.toLocaleString('en-US')} requests that need it longest`,
      'simulated time: the budget, the buckets and the starts of functions take their time, the answers none, as in the formula of the plan',
    ],
  };
}
