import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { runCommand } from '../cli/command-process.ts';
import { damageFile, workFiles } from '../end-to-end/damaged-work.ts';
import { compareSites } from '../end-to-end/equal-sites.ts';
import { HurriedClock, testSimulator } from '../end-to-end/local-run.ts';
import { type FinishedRestore, objectsOfTable, restore } from '../end-to-end/restore-run.ts';
import { readStored, truthOf } from '../end-to-end/stored-site.ts';
import { GoldenFolder } from './golden-folder.ts';

const golden = new GoldenFolder('format-1');
const backup = '2026-11-23_02-00-00';
/** Of three schemas out of four: what VENDORS holds was left out. */
const schemas = new Map(['CFG', 'OTHER', 'CON'].map((key) => [key, key]));
/** The one history that the site would not give. */
const gap = '11';
/** Four references lead to VENDORS (three values of two objects, and the attribute); two properties no API can set; the gap. */
const losses = 7;
/** The runs are of 08:00 on the 24th: a day later nobody who was killed then can still be at it. */
const dayLater = () => new HurriedClock(Date.UTC(2026, 10, 25, 8));

/** Restores the backup beside the work that an earlier run has left, a day later. */
async function restoreInto(site: SimulatedSite, directory: string) {
  const target = await testSimulator({ site, quirks: site.quirks });
  const restored = await restore(target, directory, { folder: backup }, { clock: dayLater() });
  return { restored, target };
}

/** In what a target differs from the site that was backed up, where objects are what the table of keys says. */
function differences(
  target: SimulatedSite,
  objects: ReadonlyMap<string, string>,
  referencesOutside: 'dropped' | 'kept' = 'dropped',
): string[] {
  return compareSites(golden.sourceSite(), target, { schemas, objects, referencesOutside, history: true });
}

const historyInNoComment = [`object CON-${gap}: history entry 3 is in no comment`];

/** The counts of a site that shows everything made twice or not at all. */
function sizesOf(site: SimulatedSite) {
  return {
    schemas: site.schemas.size,
    types: site.types.size,
    attributes: site.attributes.size,
    statusTypes: site.statusTypes.size,
    referenceTypes: site.referenceTypes.size,
    icons: site.icons.size,
    objects: site.objects.size,
    comments: [...site.objects.all()].reduce((sum, { id }) => sum + site.commentsOf(id).length, 0),
  };
}

const lossesOf = ({ report }: FinishedRestore) =>
  report?.losses.map(({ where, reason }) => `${where}: ${reason}`).sort();

it('is as it was written: a golden folder is never changed', () => {
  expect(golden.checksums()).toEqual(golden.writtenChecksums());
});

describe('a backup of format 1', () => {
  it.each([
    ['list', { backups: [{ backup, status: 'complete-with-gaps', objects: 18, gaps: 1 }] }],
    ['show', { manifest: { name: backup, formatVersion: 1, notOffered: [{ what: 'usage' }] } }],
    ['verify', { isWhole: true, files: 88, objects: 18, referencesInside: 11, referencesOutside: 3, problems: [] }],
  ])('%s reads it', async (command, document) => {
    const name = command === 'list' ? [] : [backup];
    const { exitCode, stdout } = await runCommand([command, ...name, '--local', golden.copy(), '--json']);
    expect(JSON.parse(stdout)).toMatchObject(document);
    expect(exitCode).toBe(0);
  });

  it('holds what the site held, every value, number and unknown field', async () => {
    const directory = golden.copy();
    const manifest = await openBackup(openLocalStores(directory).backups, backup);
    const stored = await readStored(directory, manifest);
    const site = golden.sourceSite();
    site.linkBase = 'https://api.atlassian.com';
    const truth = truthOf(site);
    for (const { id, typeId } of site.objects.all()) {
      if (schemas.has(site.schema(site.type(typeId).schemaId).key)) continue;
      for (const part of Object.values(truth)) part.delete(String(id));
    }
    truth.history.delete(gap);
    expect(stored.objects).toEqual(truth.objects);
    expect(stored.history).toEqual(truth.history);
    expect(stored.comments).toEqual(truth.comments);
    expect(manifest.gaps).toMatchObject([{ kind: 'history', objectId: gap }]);
    const shards = manifest.schemas.flatMap(({ objectTypes }) => objectTypes.map((type) => type.objectsMeta));
    expect(shards.filter(({ length }) => length === 2)).toHaveLength(1);
    const texts = shards.flat().map((key) => readFileSync(join(directory, key), 'utf8'));
    expect(texts.join('\n')).toMatch(/"nested":\[1\.0,\{"big":12345678901234567890\}\]/);
  });

  it('comes back into an empty site', async () => {
    const site = emptySiteLike(golden.sourceSite());
    const { restored } = await restoreInto(site, golden.copy());
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 18, losses, differences: 0 });
    expect(differences(site, restored.objects)).toEqual(historyInNoComment);
  });
});

describe('the work of a finished restore', () => {
  it('tells the next one that there is nothing left to do', async () => {
    const site = golden.targetSite('finished');
    const directory = golden.copy('finished');
    const table = join(directory, '.work/restores/2026-11-24_08-00-00_9ad5c1a4/keys.csv');
    expect(differences(site, objectsOfTable(readFileSync(table, 'utf8')))).toEqual(historyInNoComment);
    const { restored, target } = await restoreInto(site, directory);
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ created: 0, reused: 18, updated: 0, comments: 0, differences: 0 });
    expect(target.requests.writes).toEqual([]);
    // What the first one could not bring back, its journals still know, and what the backup lacks, the backup.
    const where = restored.report?.losses.map((loss) => loss.where).sort();
    const lost = ['CFG', 'CFG', 'CON / Thing: Made by', 'CON-10', 'CON-10', 'CON-12', `CON: history of object ${gap}`];
    expect(where).toEqual(lost);
  });
});

describe('a journal of 0.1.0 that is damaged or missing', () => {
  const journals = workFiles(join(import.meta.dirname, 'format-1/finished/.work')).filter((key) =>
    key.startsWith('journals/'),
  );
  it.each(
    // What was linked or commented on no other journal says: a lost journal of that is not missed.
    [...journals.map((key) => [key, 'cut'] as const), ...journals.map((key) => [key, 'removed'] as const)].filter(
      ([key, way]) => way === 'cut' || /\/(configuration|objects)\//.test(key),
    ),
  )('%s, %s, is named, and nothing is made', async (key, way) => {
    const directory = golden.copy('finished');
    damageFile(join(directory, '.work', key), way === 'cut' ? (text) => text.slice(0, -9) : undefined);
    const { restored, target } = await restoreInto(golden.targetSite('finished'), directory);
    expect(restored.error).toMatchObject({ name: 'DamagedWorkFileError', exitCode: 15 });
    expect(restored.error?.message).toContain(key.slice(0, key.lastIndexOf('/')));
    expect(target.requests.writes).toEqual([]);
  });
});

describe('the work of a killed restore', () => {
  it('is gone on with where it was killed among comments, and comes to the end of one that was not', async () => {
    const whole = emptySiteLike(golden.sourceSite());
    const peaceful = await restoreInto(whole, golden.copy());
    const site = golden.targetSite('killed-at-comments');
    const before = sizesOf(site);
    expect(before.comments).toBe(8);
    const { restored, target } = await restoreInto(site, golden.copy('killed-at-comments'));
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ created: 0, reused: 18, losses, differences: 0 });
    const after = sizesOf(whole);
    expect(sizesOf(site)).toEqual(after);
    expect(target.requests.writesByEndpoint()).toMatchObject({ 'comment-create': after.comments - before.comments });
    expect(differences(site, restored.objects)).toEqual(historyInNoComment);
    expect(lossesOf(restored)).toEqual(lossesOf(peaceful.restored));
  });

  it('is gone on with where it was killed among objects that had been deleted, and makes none of them twice', async () => {
    const whole = golden.sourceSite();
    for (const id of [8, 9, 11, 12, 13, 15, 16]) whole.deleteObject(whole.object(id));
    const peaceful = await restoreInto(whole, golden.copy());
    const site = golden.targetSite('killed-at-objects');
    const { restored, target } = await restoreInto(site, golden.copy('killed-at-objects'));
    expect(restored.error).toBeUndefined();
    // Of seven, four were known to be made, and two were made without anybody's having heard of it.
    expect(target.requests.writesByEndpoint()).toMatchObject({ 'object-create': 1 });
    expect(restored.result).toMatchObject({ created: 1, updated: 3, reused: 14, differences: 0 });
    expect(sizesOf(site)).toEqual(sizesOf(whole));
    // Two survivors refer again to what was deleted; histories stand where they stood.
    const left = ({ objects }: FinishedRestore, of: SimulatedSite) =>
      differences(of, objects, 'kept').map((sentence) => sentence.replace(/not \["\d+"\]/, 'not the new one'));
    expect(left(restored, site)).toHaveLength(3);
    expect(left(restored, site)).toEqual(left(peaceful.restored, whole));
  });

  it('is left alone while the one that was killed may still be at it', async () => {
    const target = await testSimulator({ site: golden.targetSite('killed-at-objects') });
    const clock = new HurriedClock(Date.UTC(2026, 10, 24, 8, 1));
    const { error } = await restore(target, golden.copy('killed-at-objects'), { folder: backup }, { clock });
    expect(error).toMatchObject({ name: 'RunInProgressError', exitCode: 11 });
    expect(target.requests.writes).toEqual([]);
  });
});
