import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countSite } from './count-site.ts';
import { fittedSites, heldOutSites } from './counted-sites.ts';
import type { SiteCount } from './counts.ts';

/** `node bench/cost/count.ts`: counts all sites anew, in some ten minutes, and writes counted.json, of which the formula is made. */
const counts: SiteCount[] = [];
for (const site of [...fittedSites, ...heldOutSites]) {
  const directory = mkdtempSync(join(tmpdir(), 'assets-backup-count-'));
  try {
    counts.push(await countSite(site, directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
  process.stderr.write(`${site.objects} objects of ${site.types} types in ${site.schemas} schemas\n`);
}
writeFileSync(join(import.meta.dirname, 'counted.json'), `${lines(counts)}\n`);

/** One line for each step, and for each list of numbers: so a change of the code can be read in a comparison of two versions. */
function lines(value: object): string {
  return JSON.stringify(value, null, 1)
    .replace(/\[[\d\s,]+\]/g, (numbers) => numbers.replace(/\s+/g, ' '))
    .replace(/\n {6,}/g, ' ')
    .replace(/\n {5}\}/g, ' }');
}
