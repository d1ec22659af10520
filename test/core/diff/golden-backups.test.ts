import { describe, expect, it } from 'vitest';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import type { DiffLine } from '../../../core/diff/diff-lines.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { backUp, testSimulator } from '../../end-to-end/local-run.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';
import { diffed } from './diffed.ts';
import { expectedDifferences, snapshotOf, toldDifferences } from './site-snapshot.ts';

describe.each([
  ['format-1', '2026-11-23_02-00-00', false],
  ['format-2', '2026-11-25_02-00-00', true],
] as const)('a backup of %s, as it was written then', (format, backup, knowsActivity) => {
  const golden = new GoldenFolder(format);
  const dump = format === 'format-1' ? 'source-site.json' : 'site-3.json';

  it('is the same as itself', async () => {
    const directory = golden.copy();
    const manifest = await openBackup(openLocalStores(directory).backups, backup);
    const { lines, summary } = await diffed(directory, manifest, manifest);
    expect(lines).toEqual([]);
    expect(summary.isEqual).toBe(true);
    expect(summary.notCompared.some((sentence) => sentence.includes('has no list of how many'))).toBe(!knowsActivity);
    expect(summary.objects.reduce((sum, { same }) => sum + same, 0)).toBe(manifest.counts.objects);
  });

  it('differs from one of today in what was done to the site since', async () => {
    const directory = golden.copy();
    const site = golden.sourceSite(dump);
    const left = await openBackup(openLocalStores(directory).backups, backup);
    const before = snapshotOf(site);
    const [gone, edited] = [...site.objects.all()];
    if (!gone || !edited) throw new Error('There are two objects.');
    const label = site.labelAttribute(edited.typeId);
    site.updateObject(edited, { [label?.name ?? '']: ['edited'] });
    site.deleteObject(gone);
    const simulator = await testSimulator({ site });
    const { manifest: right, error } = await backUp(simulator, { directory });
    if (!right) throw error;
    const told = toldDifferences(withoutCounts((await diffed(directory, left, right)).lines));
    expect(told).toEqual(expectedDifferences(before, snapshotOf(site), { counts: false }));
    expect(told.length).toBeGreaterThan(1);
  });
});

it('three nights of format 2 differ in what happened between them', async () => {
  const golden = new GoldenFolder('format-2');
  const { backups } = openLocalStores(golden.copy());
  const directory = golden.copy();
  const nights = await Promise.all(['23', '24', '25'].map((day) => openBackup(backups, `2026-11-${day}_02-00-00`)));
  const sites = ['site-1.json', 'site-2.json', 'site-3.json'].map((dump) => snapshotOf(golden.sourceSite(dump)));
  for (const [left, right] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const) {
    const [before, after, then, now] = [nights[left], nights[right], sites[left], sites[right]];
    if (!before || !after || !then || !now) throw new Error('There are three nights.');
    const { lines } = await diffed(directory, before, after);
    expect(toldDifferences(withoutCounts(lines))).toEqual(expectedDifferences(then, now, { counts: false }));
    expect(lines.length).toBeGreaterThan(0);
  }
});

/** What a night has carried over is older than the site was. */
function withoutCounts(lines: readonly DiffLine[]): DiffLine[] {
  return lines.flatMap((line): DiffLine[] => {
    if (line.kind !== 'object') return [line];
    const { comments: _, history: __, ...others } = line;
    const isOther = line.change !== 'changed' || line.attributes.length > 0 || line.from !== undefined;
    return isOther ? [others] : [];
  });
}
