import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { sideBySide } from '../../core/side-by-side.ts';
import type { CountedSiteInput } from '../processes/counted-site.ts';
import { Workshop } from '../workshop.ts';
import { fittedSites, heldOutSites } from './counted-sites.ts';
import type { SiteCount } from './counts.ts';

/** `node bench/cost/count.ts`: counts all sites anew, in some ten minutes, and writes counted.json, of which the formula is made. */
const workshop = new Workshop();
const sites = [...fittedSites, ...heldOutSites];
const counts = new Array<SiteCount>(sites.length);
await sideBySide(sites.entries(), availableParallelism(), async ([at, site]) => {
  const input: CountedSiteInput = { site, directory: workshop.folder() };
  counts[at] = await workshop.run<SiteCount>('counted-site', input);
  process.stderr.write(`${site.objects} objects of ${site.types} types in ${site.schemas} schemas\n`);
});
writeFileSync(join(import.meta.dirname, 'counted.json'), `${lines(counts)}\n`);

/** One line for each step, and for each list of numbers: so a change of the code can be read in a comparison of two versions. */
function lines(value: object): string {
  return JSON.stringify(value, null, 1)
    .replace(/\[[\d\s,]+\]/g, (numbers) => numbers.replace(/\s+/g, ' '))
    .replace(/\n {6,}/g, ' ')
    .replace(/\n {5}\}/g, ' }');
}
