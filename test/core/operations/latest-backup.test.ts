import { describe, expect, it } from 'vitest';
import { accept } from '../../../core/backup/acceptances.ts';
import { recordFinish } from '../../../core/backup/finish-records.ts';
import { manifestKey } from '../../../core/backup-format/keys.ts';
import { type Manifest, parseManifest } from '../../../core/backup-format/manifest.ts';
import { defaultActivity } from '../../../core/model/activity.ts';
import type { Suspicion } from '../../../core/model/loss-alarm.ts';
import { latestBackup } from '../../../core/operations/latest-backup.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { MemoryBackups, manifest } from '../../cli/pretend-product.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const now = Date.parse('2026-11-24T08:00:00.000Z');

/** A backup that was started at two on that day of November 2026. */
function of(day: number, fields: Partial<Manifest> = {}, hour = '02'): Manifest {
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T${hour}:00:00.000Z`;
  const name = `${startedAt.slice(0, 10)}_${hour}-00-00`;
  return manifest({ name, startedAt, finishedAt: startedAt, ...fields });
}

const only = (key: string, fields: Partial<Manifest> = {}): Partial<Manifest> => ({
  options: { objectSchemaKeys: [key], full: true, activity: true, issueLinks: false, ...defaultActivity },
  schemas: manifest().schemas.filter((schema) => schema.key === key),
  ...fields,
});

/** A work store in which no run has left anything: a folder that was copied elsewhere without it. */
const nothingLeft = () => openLocalStores(testDirectory()).work;

async function latest(...manifests: readonly Manifest[]) {
  const backups = new MemoryBackups();
  for (const one of manifests) backups.add(one);
  backups.files.set('2026-11-20_02-00-00/config/objectschemas.json', new Uint8Array());
  const { manifest, suspicions } = await latestBackup({ backups, work: nothingLeft() }, now);
  return { name: manifest.name, suspicions };
}

describe('the latest backup', () => {
  it('is the newest that counts; nothing is suspicious where it is of this night and like the one before', async () => {
    expect(await latest(of(23), of(24))).toEqual({ name: '2026-11-24_02-00-00', suspicions: [] });
    expect(await latest(of(24))).toEqual({ name: '2026-11-24_02-00-00', suspicions: [] });
  });

  it('is not a partial one, nor one without a manifest, and each that is newer is named', async () => {
    const backups = new MemoryBackups();
    for (const one of [of(22), of(23, { status: 'partial' })]) backups.add(one);
    backups.files.set('2026-11-24_02-00-00/config/objectschemas.json', new Uint8Array());
    const { manifest: found, suspicions } = await latestBackup({ backups, work: nothingLeft() }, now);
    expect(found.name).toBe('2026-11-22_02-00-00');
    expect(suspicions).toEqual([
      '2026-11-24_02-00-00 is newer, and does not count: it is unfinished.',
      '2026-11-23_02-00-00 is newer, and does not count: it is partial.',
      '2026-11-22_02-00-00 is 2 days old.',
    ]);
  });

  it('is not one of a time that is still to come, nor one that nothing says was made here, though others were', async () => {
    const backups = new MemoryBackups();
    const work = nothingLeft();
    const planted = { finishedAt: '2026-11-24T03:00:00.000Z' };
    for (const one of [of(21), of(22), of(24, planted), manifest({ ...of(24), name: '2099-01-01_02-00-00' })])
      backups.add(one);
    const name = '2026-11-22_02-00-00';
    const future = '2099-01-01_02-00-00 is newer, and does not count: its time lies in the future.';
    expect(await latestBackup({ backups, work }, now)).toMatchObject({
      manifest: { name: '2026-11-24_02-00-00' },
      suspicions: [future],
    });

    const made = parseManifest('', await backups.read(manifestKey(name)));
    await recordFinish(work, { backup: name, executionId: '1' }, made);
    expect(await latestBackup({ backups, work }, now)).toMatchObject({
      manifest: { name },
      suspicions: [
        future,
        '2026-11-24_02-00-00 is newer, and does not count: no record says that it was made here. Name it where you know where it comes from.',
        `${name} is 2 days old.`,
      ],
    });
  });

  it('is one of 0.1.0 also where another program has left a file beside the records', async () => {
    const backups = new MemoryBackups();
    backups.add(of(24));
    const work = nothingLeft();
    for (const name of ['.DS_Store', 'Thumbs.db', 'a/b']) await work.write(`finished/${name}`, '');
    expect(await latestBackup({ backups, work }, now)).toMatchObject({
      manifest: { name: '2026-11-24_02-00-00' },
      suspicions: [],
    });
  });

  it('is not one of chosen schemas between two nights, but is where one is made every night', async () => {
    expect(await latest(of(23), of(24), of(24, only('FAC'), '07'))).toEqual({
      name: '2026-11-24_02-00-00',
      suspicions: ['2026-11-24_07-00-00 is newer, and does not count: it is of FAC alone.'],
    });
    expect(await latest(of(20), of(23, only('FAC')), of(24, only('FAC')))).toEqual({
      name: '2026-11-24_02-00-00',
      suspicions: [],
    });
    expect(await latest(of(20), of(24, only('FAC')))).toEqual({
      name: '2026-11-24_02-00-00',
      suspicions: ['2026-11-24_02-00-00 is of FAC alone; 2026-11-20_02-00-00 was of more.'],
    });
  });

  it('is told with what is suspicious about it, and with the last that is not, until somebody has accepted it', async () => {
    const suspicion: Suspicion = {
      ...{ kind: 'fewer-objects', measure: 'last', against: '2026-11-22_02-00-00', before: 140, now: 40 },
      threshold: { percent: 5, atLeast: 10 },
      message: 'All schemas together have 40 objects; in 2026-11-22_02-00-00 it was 140.',
    };
    const fewer = { suspicions: [suspicion] };
    const name = '2026-11-24_02-00-00';
    expect(await latest(of(22), of(23, fewer), of(24, fewer))).toEqual({
      name,
      suspicions: [
        `${name} is suspicious: ${suspicion.message}`,
        'The last backup that is not suspicious is 2026-11-22_02-00-00.',
      ],
    });
    expect((await latest(of(23, fewer), of(24, fewer))).suspicions[1]).toBe(
      'No backup before it that is of as much is without suspicion.',
    );
    const backups = new MemoryBackups();
    for (const one of [of(22), of(23, fewer), of(24, fewer)]) backups.add(one);
    const work = nothingLeft();
    const said = { typeId: undefined, because: 'cleaned up', by: 'me', at: '2026-11-24T08:00:00.000Z' };
    await accept(work, of(23, fewer), said);
    expect((await latestBackup({ backups, work }, now)).suspicions).toEqual([]);
  });

  it('is suspicious where it has gaps, no activity, or is of another site than others', async () => {
    const gap = { kind: 'history', what: 'x', error: 'E', reason: 'r' } as const;
    expect((await latest(of(23), of(24, { status: 'complete-with-gaps', gaps: [gap] }))).suspicions).toEqual([
      '2026-11-24_02-00-00 has 1 gap, which `assets-backup show` names.',
    ]);
    const bare = of(24, {
      options: { objectSchemaKeys: null, full: true, activity: false, issueLinks: false, ...defaultActivity },
    });
    const site = { ...manifest().site, workspaceId: 'another', siteName: 'https://other.atlassian.net' };
    expect((await latest(of(23, { site }), bare)).suspicions).toEqual([
      '2026-11-24_02-00-00 was made without history and comments.',
      '2026-11-24_02-00-00 is of https://myorganization.atlassian.net; 2026-11-23_02-00-00 is of https://other.atlassian.net.',
    ]);
  });

  it('is none where none counts', async () => {
    await expect(latest(of(23, { status: 'partial' }))).rejects.toMatchObject({
      name: 'NoSuchBackupError',
      exitCode: 10,
      message: expect.stringContaining('There is no backup that counts'),
    });
  });
});
