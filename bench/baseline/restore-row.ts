import { rmSync } from 'node:fs';
import { PretendSite } from '../pretend-site.ts';
import type { AskedRequest } from '../processes/site.ts';
import type { Checkout } from './checkout.ts';
import { commandBackup } from './commanded-backup.ts';
import { type Comparison, interleaved, usageFigures } from './comparison.ts';
import { bareLoop, type Contest, command, type Row, siteFile } from './contest.ts';
import { commentedSite } from './sites.ts';

/** Restores to an empty site, each time a new one. */
export function restoreRow(row: Omit<Row, 'compare'>): Row {
  return { ...row, compare: (contest) => compareRestores(contest, row.name, row.objects) };
}

async function compareRestores(contest: Contest, name: string, objects: number): Promise<Comparison> {
  const { workshop, baseline, today, turns, progress } = contest;
  const title = `${objects.toLocaleString('en-US')} objects with history and comments to an empty site, no limits`;
  const source = await PretendSite.start(workshop, { seed: commentedSite(objects) });
  progress('a backup of each to restore');
  const stored = new Map([
    [baseline, await commandBackup(contest, baseline, { site: source, budget: 'unlimited' })],
    [today, await commandBackup(contest, today, { site: source, budget: 'unlimited' })],
  ]);
  await source.stop();
  const restore = async (of: Checkout, target: PretendSite) => {
    const { directory = '', backup = '' } = stored.get(of) ?? {};
    const place = ['--local', directory, '--site', siteFile(contest, of, target, 'unlimited')];
    const end = await command(contest, of, ['restore', backup, ...place, '--json']);
    // Its journals: with them the next restore would go on where this one has ended.
    rmSync(`${directory}/.work`, { recursive: true });
    return end;
  };
  const newTarget = () => PretendSite.start(workshop, { seed: 'empty' });
  let target: PretendSite | undefined;
  let requests: readonly (readonly AskedRequest[])[] = [];
  let atOnce = 1;
  const medians = await interleaved(turns, {
    baseline: async () => {
      progress(`${title}: baseline`);
      const ofBaseline = await newTarget();
      const end = await restore(baseline, ofBaseline);
      await ofBaseline.stop();
      return end;
    },
    today: async () => {
      progress(`${title}: today`);
      target = await newTarget();
      const end = await restore(today, target);
      requests = repeatable(await target.newlyAsked());
      atOnce = end.mostInFlight;
      return end;
    },
    bare: async () => {
      progress(`${title}: bare loop`);
      if (!target) throw new Error('Today comes before the bare loop.');
      const directory = workshop.folder();
      const usage = await bareLoop(contest, { site: target.ready, requests, atOnce, directory, files: [] });
      await target.stop();
      return usage;
    },
  });
  for (const { directory } of stored.values()) workshop.discard(directory);
  const [reads = 0, writes = 0] = requests.map((list) => list.length);
  const counts = [reads, writes].map((count) => count.toLocaleString('en-US'));
  return {
    heading: `${name}: ${title}`,
    figures: usageFigures(medians, { seconds: { of: 'bare', atMost: 2 } }),
    notes: [
      `bare loop: today's ${counts[0]} requests that read, and then the ${counts[1]} that write objects and comments, by fetch, ${atOnce} at once, answers read; on today's target, where what objects refer to is there`,
      'not in the bare loop: requests that write configuration, which cannot be made twice',
    ],
  };
}

/** What a site answers once more: all that reads, while the site is as large as it was, and then what writes objects and comments. */
function repeatable(asked: readonly AskedRequest[]): AskedRequest[][] {
  const isRead = ({ method, path }: AskedRequest) => method === 'GET' || /\/object\/(?:aql|navlist)/.test(path);
  const isOfObject = ({ path }: AskedRequest) => /\/(?:object\/(?:create|\d+)|comment\/create)$/.test(path);
  return [asked.filter(isRead), asked.filter((request) => !isRead(request) && isOfObject(request))];
}
