import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backupDetails } from '../../cli/output/backup-details.ts';
import { backupReport } from '../../cli/output/backup-report.ts';
import { planReport } from '../../cli/output/plan-report.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import type { PlanSummary } from '../../core/model/restore.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

const place = {
  ...{ name: 'dir', words: ['--local', 'dir'], newBackup: 'again' },
  addressOfBackup: (backup: string) => `dir/${backup}`,
  addressOfWork: (key: string) => `dir/.work/${key}`,
};
const trace = { field: 'log', value: 'a.log' } as const;
const losses = { suspicions: [], lost: undefined };

/** Two schemas that both have a type Laptop, 5 of 8 objects with avatars, 2 with attachments. */
async function company(quirks: Partial<Quirks> = {}) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ONE' });
  const one = site.addType({ schema, name: 'Laptop' });
  const phone = site.addType({ schema, name: 'Phone' });
  const two = site.addType({ schema: site.addSchema({ key: 'TWO' }), name: 'Laptop' });
  const add = (type: typeof one, name: string, fields: { hasAvatar?: boolean; hasAttachments?: boolean } = {}) =>
    site.addObject({ type, name, ...fields });
  for (const name of ['a', 'b', 'c']) add(one, name, { hasAvatar: true });
  const moving = add(one, 'd', { hasAttachments: true });
  add(two, 'e', { hasAvatar: true, hasAttachments: true });
  add(two, 'f');
  add(phone, 'g', { hasAvatar: true });
  add(phone, 'h');
  const simulator = await testSimulator({ site, quirks });
  return { site, simulator, phone, moving };
}

const counts = ({ schemas }: Manifest) =>
  schemas.flatMap(({ key, objectTypes }) =>
    objectTypes.map(({ name, avatars, attachments }) => [`${key} ${name}`, avatars, attachments]),
  );

describe('avatars and attachments, which no backup stores', () => {
  it('are counted by type, without one request more, where the lists of the site tell of both', async () => {
    const { simulator } = await company({ extendedInfo: 'in-lists' });
    const { manifest } = await backUp(simulator);
    expect(counts(manifest as Manifest)).toEqual([
      ['ONE Laptop', 3, 1],
      ['ONE Phone', 1, 0],
      ['TWO Laptop', 1, 1],
    ]);
    const plain = await backUp((await company()).simulator);
    expect(manifest?.requests).toEqual(plain.manifest?.requests);
  });

  it('are said of the backup, in its details, in the plan and in the report of a restore', async () => {
    const { simulator } = await company({ extendedInfo: 'in-lists' });
    const { directory, manifest } = await backUp(simulator);
    const words =
      '5 avatars (ONE / Laptop 3, Phone 1, TWO / Laptop 1), attachments of 2 objects (ONE / Laptop 1, TWO / Laptop 1)';
    const backedUp = backupReport(manifest as Manifest, { place, trace, losses, report: null });
    expect(backedUp).toContain(words);
    expect(backedUp).toContain('nothing is missing but avatars and attachments, which no backup stores.');
    expect(backupDetails(manifest as Manifest, place, { losses, copied: undefined })).toContain(`Not stored`);
    expect(backupDetails(manifest as Manifest, place, { losses, copied: undefined })).toContain(words);

    const target = await testSimulator({ site: new SimulatedSite() });
    const restored = await restore(target, directory, { folder: manifest?.name ?? '' });
    expect(restored.plan?.notStored).toBe(words);
    const asked = { place, trace, next: '', planOnlyBy: undefined, isWaiting: false };
    expect(planReport(restored.plan as PlanSummary, asked)).toContain(words);
    expect(restored.report?.neverRestored).toContain(
      `Attachments and avatars: the backup does not hold them. When it was made there were: ${words}.`,
    );
  });

  it('are said of what is restored alone', async () => {
    const { simulator } = await company({ extendedInfo: 'in-lists' });
    const { directory, manifest } = await backUp(simulator);
    const target = await testSimulator({ site: new SimulatedSite() });
    const notStored = async (input: object) =>
      (await restore(target, directory, { folder: manifest?.name ?? '', dryRun: true, ...input })).plan?.notStored;
    const chosen = { objectSchemas: [{ oldObjectSchemaKey: 'ONE' }] };
    expect(await notStored({ ...chosen, include: { objectTypes: ['Phone'] } })).toBe('1 avatar (Phone 1)');
    expect(await notStored({ ...chosen, processObjects: false })).toBe('');
  });

  it('are not known to be none where no list of the site tells of attachments', async () => {
    const { simulator } = await company();
    const { manifest } = await backUp(simulator);
    expect(counts(manifest as Manifest).map(([, , attachments]) => attachments)).toEqual([null, null, null]);
    expect(backupReport(manifest as Manifest, { place, trace, losses, report: null })).toContain(
      'TWO / Laptop 1), attachments, of which the site has not said how many there are',
    );
  });

  it('are not said where every object says that it has none', async () => {
    const site = new SimulatedSite();
    site.addObject({ type: site.addType({ schema: site.addSchema({ key: 'ONE' }), name: 'Thing' }), name: 'a' });
    const { manifest } = await backUp(await testSimulator({ site, quirks: { extendedInfo: 'in-lists' } }));
    expect(counts(manifest as Manifest)).toEqual([['ONE Thing', 0, 0]]);
    const text = backupReport(manifest as Manifest, { place, trace, losses, report: null });
    expect(text).not.toContain('Not stored');
    expect(text).toContain('nothing is missing.');
  });

  it('are counted where an object is in the end, when it became another type meanwhile', async () => {
    const { site, simulator, phone, moving } = await company({ extendedInfo: 'in-lists' });
    let pages = 0;
    simulator.onRequest('object-aql', ({ rawBody }) => {
      if (!rawBody.toString().includes('objectTypeId = ')) return;
      pages += 1;
      if (pages === 2) site.moveObject(moving, phone);
    });
    const { manifest } = await backUp(simulator);
    expect(counts(manifest as Manifest)).toEqual([
      ['ONE Laptop', 3, 0],
      ['ONE Phone', 1, 1],
      ['TWO Laptop', 1, 1],
    ]);
  });

  it('are counted whole by a backup whose invocations never have time', async () => {
    const { simulator } = await company({ extendedInfo: 'in-lists', maxPageSize: 1 });
    const { manifest } = await backUp(simulator, { remainingMilliseconds: () => 0 });
    expect(counts(manifest as Manifest)).toEqual([
      ['ONE Laptop', 3, 1],
      ['ONE Phone', 1, 0],
      ['TWO Laptop', 1, 1],
    ]);
  });

  it('of an older backup nobody has counted', async () => {
    for (const format of ['format-1', 'format-2'] as const) {
      const directory = new GoldenFolder(format).copy();
      for (const name of readdirSync(directory).filter((one) => /^\d{4}-/.test(one))) {
        const manifest = await openBackup(openLocalStores(directory).backups, name);
        for (const [, ...both] of counts(manifest)) expect(both).toEqual([null, null]);
      }
    }
  });
});
