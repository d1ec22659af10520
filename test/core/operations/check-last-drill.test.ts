import { describe, expect, it } from 'vitest';
import { drillRecordKey } from '../../../core/drill/drill-keys.ts';
import type { DrillRecord } from '../../../core/model/drill.ts';
import type { Services } from '../../../core/ports/services.ts';
import { writeJson } from '../../../core/work-store/json-file.ts';
import { step } from '../../../functions/operations/check-last-backup.ts';
import { randomSite } from '../../../simulator/seeds/random-site.ts';
import { testSimulator } from '../../end-to-end/local-run.ts';
import { operationServices } from './operation-services.ts';

const start = Date.UTC(2026, 10, 23, 2);
const hour = 3_600_000;
const at = (hours: number) => new Date(start + hours * hour).toISOString();
const watched = { alarmAfterHours: 36, objectSchemaKeys: null, tokenWarningDays: 14 };

async function watching(more: Partial<Services> = {}) {
  const simulator = await testSimulator({ site: randomSite(3, 20) });
  const { services, reporter } = operationServices(simulator, {
    watched: { ...watched, drillAlarmAfterHours: 180 },
    ...more,
  });
  const look = async (hours: number) => {
    const clock = { ...services.clock, now: () => start + hours * hour };
    return (await step.invoke({ ...services, clock }, {})) as { drill?: object };
  };
  /** Again and again up to then, as the clock asks. */
  const lookUntil = async (from: number, until: number) => {
    for (let hours = from; hours < until; hours += 2) await look(hours);
    return (await look(until)).drill;
  };
  const drilled = (hours: number, outcome: 'passed' | 'differences-found' | 'failed' | undefined, number = 1) => {
    const drill = `${at(hours).slice(0, 19).replace('T', '_').replaceAll(':', '-')}_0000000${number}`;
    const record: DrillRecord = {
      ...{ drill, backup: '2026-11-23_02-00-00', executionId: 'x', startedAt: at(hours) },
      ...{ workspaceId: 'w', siteName: 'test', scratch: outcome ? 'removed' : 'open' },
      ended: outcome ? { at: at(hours + 1), outcome, message: 'm', error: null } : null,
    };
    return writeJson(services.work, drillRecordKey(drill), record).then(() => drill);
  };
  return { services, reporter, simulator, look, lookUntil, drilled };
}

describe('the watch over the last drill', () => {
  it('says how long ago one has passed, and rings when that is more than allowed', async () => {
    const { lookUntil, drilled, reporter, simulator } = await watching();
    const drill = await drilled(0, 'passed');
    expect(await lookUntil(1, 181)).toEqual({ drill, hoursSinceDrill: 180, recentDrill: 1 });
    expect(await lookUntil(182, 182)).toEqual({ drill, hoursSinceDrill: 181, recentDrill: 0 });
    const next = await drilled(182, 'passed');
    expect(await lookUntil(183, 184)).toEqual({ drill: next, hoursSinceDrill: 1, recentDrill: 1 });
    const events = reporter.events.filter(({ name }) => name === 'drill.watched');
    expect(events.slice(-2).map(({ level, fields }) => [level, fields.recentDrill])).toEqual([
      ['info', 1],
      ['info', 1],
    ]);
    expect(events.filter(({ level, fields }) => level === 'warn' && fields.recentDrill === 0)).toHaveLength(1);
    expect(simulator.requests.total).toBe(0);
  });

  it.each(['failed', 'differences-found', undefined] as const)(
    'does not take one that ended as %s for one that passed',
    async (outcome) => {
      const { lookUntil, drilled } = await watching();
      const drill = await drilled(0, 'passed');
      await drilled(150, outcome, 2);
      expect(await lookUntil(1, 182)).toEqual({ drill, hoursSinceDrill: 181, recentDrill: 0 });
    },
  );

  it('does not take one from the future', async () => {
    const { lookUntil, drilled } = await watching();
    const drill = await drilled(0, 'passed');
    await drilled(500, 'passed', 2);
    expect(await lookUntil(1, 182)).toEqual({ drill, hoursSinceDrill: 181, recentDrill: 0 });
  });

  it('counts from the first time that it looked where none has passed yet', async () => {
    const { lookUntil } = await watching();
    expect(await lookUntil(0, 180)).toEqual({ drill: null, hoursSinceDrill: 180, recentDrill: 1 });
    expect(await lookUntil(181, 181)).toEqual({ drill: null, hoursSinceDrill: 181, recentDrill: 0 });
  });

  it('misses nothing that was due while drills were switched off', async () => {
    const { look, lookUntil, drilled } = await watching();
    const drill = await drilled(0, 'passed');
    await look(1);
    // Nobody has asked meanwhile: the setting was gone.
    expect(await lookUntil(1000, 1180)).toEqual({ drill, hoursSinceDrill: 1179, recentDrill: 1 });
    expect(await lookUntil(1181, 1181)).toMatchObject({ recentDrill: 0 });
  });

  it('says nothing, and leaves nothing, where no drill is made', async () => {
    const { look, services, reporter } = await watching({ watched });
    expect(await look(0)).not.toHaveProperty('drill');
    expect(await services.work.read('operations/drills-watched.json')).toBeUndefined();
    expect(reporter.events.map(({ name }) => name)).not.toContain('drill.watched');
  });

  it('has said what there is to say of backups before a damaged record ends it', async () => {
    const { look, services, reporter } = await watching();
    await services.work.write(drillRecordKey('2026-11-23_02-00-00_00000001'), '{');
    await expect(look(0)).rejects.toThrow(/is cut off/);
    expect(reporter.events.map(({ name }) => name)).toContain('backup.watched');
  });
});
