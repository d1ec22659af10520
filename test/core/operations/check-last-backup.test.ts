import { describe, expect, it } from 'vitest';
import { recordFinish } from '../../../core/backup/finish-records.ts';
import { manifestKey } from '../../../core/backup-format/keys.ts';
import { type Manifest, manifestFile, parseManifest } from '../../../core/backup-format/manifest.ts';
import { defaultActivity } from '../../../core/model/activity.ts';
import type { BackupWatch } from '../../../core/operations/check-last-backup.ts';
import type { Services } from '../../../core/ports/services.ts';
import { step } from '../../../functions/operations/check-last-backup.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { randomSite } from '../../../simulator/seeds/random-site.ts';
import { backUp, HurriedClock, testSimulator } from '../../end-to-end/local-run.ts';
import { operationServices } from './operation-services.ts';

const night = Date.UTC(2026, 10, 23, 2);
const hour = 3_600_000;

async function watch(services: Services, hoursLater: number): Promise<BackupWatch> {
  const clock = { ...services.clock, now: () => night + hoursLater * hour };
  return (await step.invoke({ ...services, clock }, {})) as unknown as BackupWatch;
}

async function afterABackup(more: Partial<Services> = {}) {
  const simulator = await testSimulator({ site: randomSite(3, 20) });
  const run = await backUp(simulator, { clock: new HurriedClock(night) });
  const { services, reporter } = operationServices(simulator, { directory: run.directory, ...more });
  const finishedAt = Date.parse(run.manifest?.finishedAt ?? '');
  /** A manifest that somebody has put among the backups. */
  const plant = async (fields: Partial<Manifest> & { name: string }) => {
    const bytes = manifestFile({ ...(run.manifest as Manifest), ...fields });
    await services.backups.create(manifestKey(fields.name), bytes);
    return parseManifest(manifestKey(fields.name), bytes);
  };
  /** Another backup of this place, which is only a manifest. */
  const add = async (fields: Partial<Manifest> & { name: string }) =>
    recordFinish(services.work, { backup: fields.name, executionId: fields.name }, await plant(fields));
  return { simulator, services, reporter, directory: run.directory, finishedAt, plant, add };
}

describe('the watch over the last backup', () => {
  it('says how old it is, and rings when that is more than allowed', async () => {
    const { simulator, services, reporter, finishedAt } = await afterABackup();
    const requests = simulator.requests.total;
    const early = await watch(services, 29);
    expect(early).toMatchObject({ backup: '2026-11-23_02-00-00', recentBackup: 1, daysUntilTokenExpires: null });
    expect(early.hoursSinceBackup).toBeCloseTo(29 - (finishedAt - night) / hour, 1);
    expect(await watch(services, 31)).toMatchObject({ recentBackup: 0 });
    expect(simulator.requests.total).toBe(requests);
    const events = reporter.events.filter(({ name }) => name === 'backup.watched');
    expect(events.map(({ level, fields }) => [level, fields.recentBackup])).toEqual([
      ['info', 1],
      ['warn', 0],
    ]);
  });

  it('counts neither partial, nor unfinished, nor damaged backups, and sees those with gaps', async () => {
    const { services, add } = await afterABackup();
    await add({ name: '2026-11-24_02-00-00', status: 'complete-with-gaps', finishedAt: '2026-11-24T03:00:00.000Z' });
    await add({ name: '2026-11-25_02-00-00', status: 'partial', finishedAt: '2026-11-25T03:00:00.000Z' });
    await services.backups.create('2026-11-26_02-00-00/config/objectschemas.json', new TextEncoder().encode('[]'));
    await services.backups.create(manifestKey('2026-11-27_02-00-00'), new TextEncoder().encode('{}'));
    await services.backups.create('check-setup/probe.json', new TextEncoder().encode('{}'));
    expect(await watch(services, 25)).toMatchObject({
      backup: '2026-11-24_02-00-00',
      hoursSinceBackup: 0,
      recentBackup: 1,
    });
    expect(await watch(services, 56)).toMatchObject({ hoursSinceBackup: 31, recentBackup: 0 });
  });

  it('does not take a backup by hand of a few schemas for one of the night', async () => {
    const { services, add } = await afterABackup();
    const options = {
      objectSchemaKeys: ['FAC', 'USERS'],
      full: true,
      activity: true,
      issueLinks: false,
      ...defaultActivity,
    };
    await add({ name: '2026-11-24_09-00-00', finishedAt: '2026-11-24T09:00:00.000Z', options });
    const watched = (...objectSchemaKeys: string[]) => ({
      ...services,
      watched: { alarmAfterHours: 30, objectSchemaKeys, tokenWarningDays: 14 },
    });
    expect(await watch(services, 31.5)).toMatchObject({ backup: '2026-11-23_02-00-00', recentBackup: 0 });
    expect(await watch(watched('FAC'), 31.5)).toMatchObject({ backup: '2026-11-24_09-00-00', recentBackup: 1 });
    expect(await watch(watched('FAC', 'ITSM'), 31.5)).toMatchObject({ backup: '2026-11-23_02-00-00', recentBackup: 0 });
  });

  it.each<[string, Partial<Manifest> & { name: string }]>([
    ['of 2099', { name: '2099-01-01_02-00-00', finishedAt: '2099-01-01T03:00:00.000Z' }],
    ['of 2099, finished now', { name: '2099-01-01_02-00-00', finishedAt: '2026-11-24T12:00:00.000Z' }],
    ['of this night', { name: '2026-11-24_02-00-00', finishedAt: '2026-11-24T03:00:00.000Z' }],
    ['of an old name, finished now', { name: '2026-01-01_02-00-00', finishedAt: '2026-11-24T12:00:00.000Z' }],
    ['without a time', { name: '2026-11-24_02-00-00', finishedAt: 'soon' }],
  ])('does not take a manifest for a backup that somebody has put there: %s', async (_, fields) => {
    const { services, plant } = await afterABackup();
    const real = { backup: '2026-11-23_02-00-00', isRecorded: true };
    expect(await watch(services, 34)).toMatchObject({ ...real, recentBackup: 0 });
    const planted = await plant(fields);
    expect(await watch(services, 34)).toMatchObject({ ...real, recentBackup: 0 });
    // Nor with records that are somebody else's: of another seal, or of another name.
    const { work } = services;
    const run = { backup: fields.name, executionId: 'evil' };
    await recordFinish(work, run, { ...planted, seal: '0'.repeat(64) });
    await recordFinish(work, { ...run, backup: '2026-12-31_02-00-00' }, planted);
    expect(await watch(services, 34)).toMatchObject({ ...real, recentBackup: 0 });
  });

  it('does not count what lies in the future, whoever says that it was made here, but for a small difference of clocks', async () => {
    const { services, add } = await afterABackup();
    await add({ name: '2026-11-23_11-59-00', finishedAt: '2026-11-23T12:10:00.000Z' });
    expect(await watch(services, 10)).toMatchObject({ backup: '2026-11-23_11-59-00', hoursSinceBackup: -0.17 });
    expect(await watch(services, 9)).toMatchObject({ backup: '2026-11-23_02-00-00' });
  });

  it('counts backups of 0.1.0, which have no record, until the first one that has one', async () => {
    const { services, directory, plant, add } = await afterABackup();
    await openLocalStores(directory).work.removeUnder('finished/');
    expect(await watch(services, 25)).toMatchObject({
      backup: '2026-11-23_02-00-00',
      isRecorded: false,
      recentBackup: 1,
    });
    const ofOne = {
      options: { objectSchemaKeys: ['FAC'], full: true, activity: true, issueLinks: false, ...defaultActivity },
    };
    await add({ name: '2026-11-23_12-00-00', finishedAt: '2026-11-23T12:10:00.000Z', ...ofOne });
    expect(await watch(services, 25)).toMatchObject({
      backup: '2026-11-23_02-00-00',
      isRecorded: false,
      recentBackup: 1,
    });
    await plant({ name: '2026-11-24_02-00-00', finishedAt: '2026-11-24T03:00:00.000Z' });
    expect(await watch(services, 25)).toMatchObject({ backup: '2026-11-23_02-00-00', isRecorded: false });
    await add({ name: '2026-11-24_02-30-00', finishedAt: '2026-11-24T03:00:00.000Z' });
    expect(await watch(services, 25)).toMatchObject({ backup: '2026-11-24_02-30-00', isRecorded: true });
  });

  it('counts from the first time that it looked where there is no backup yet', async () => {
    const { services } = operationServices(await testSimulator({ site: randomSite(3, 20) }));
    expect(await watch(services, 0)).toMatchObject({ backup: null, hoursSinceBackup: 0, recentBackup: 1 });
    expect(await watch(services, 30)).toMatchObject({ hoursSinceBackup: 30, recentBackup: 1 });
    expect(await watch(services, 30.5)).toMatchObject({ hoursSinceBackup: 30.5, recentBackup: 0 });
  });

  it('says when the token expires, and needs no limit', async () => {
    const { services } = await afterABackup({ tokenExpires: '2026-12-01', watched: null });
    expect(await watch(services, 0)).toMatchObject({ daysUntilTokenExpires: 7, recentBackup: null });
    expect(await watch(services, 24 * 10)).toMatchObject({ daysUntilTokenExpires: -3 });
  });
});
