import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSetup } from '../../core/operations/check-setup.ts';
import { stackWords } from '../../core/operations/setup-words.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import { operationServices } from '../core/operations/operation-services.ts';
import { backUp, type FinishedRun, HurriedClock, testDirectory, testSimulator } from './local-run.ts';

const day = 86_400_000;

/** A site, and nights of it in one folder. */
async function prepared(site = largeSite({ objects: 200 })) {
  const simulator = await testSimulator({ site });
  const directory = testDirectory();
  const start = Date.now();
  const night = async (number: number, options: { full?: boolean; settings?: object } = {}) => {
    const { settings, ...others } = options;
    if (settings) writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings));
    const clock = new HurriedClock(start + number * day);
    const run = await backUp(simulator, { directory, clock, ...others });
    expect(run.error).toBeUndefined();
    return run;
  };
  return { simulator, directory, night, objects: site.objects.size };
}

function activityOf({ manifest }: FinishedRun) {
  if (!manifest) throw new Error('There is no manifest.');
  return manifest.activity.history;
}

const finishedEvent = ({ reporter }: FinishedRun) =>
  reporter.events.find(({ name }) => name === 'backup.finished')?.fields ?? {};

describe('nights by the settings of their folder', { timeout: 120_000 }, () => {
  it('carry over, or read all: by activityMaxAgeDays, and by full whatever that says', async () => {
    const { night, objects } = await prepared();
    expect(activityOf(await night(0))).toMatchObject({ read: objects, carried: 0 });
    const share = Math.ceil(objects / 14);
    expect(activityOf(await night(1))).toMatchObject({ read: share, carried: objects - share });
    // All but the share would pass this age before the third night.
    const young = await night(2, { settings: { activityMaxAgeDays: 2 } });
    expect(activityOf(young)).toMatchObject({ read: objects - share, carried: share });
    const full = await night(3, { full: true });
    expect(activityOf(full)).toMatchObject({ read: objects, carried: 0 });
    expect(full.manifest?.options).toMatchObject({ full: true, activityMaxAgeDays: 2 });
    const always = await night(4, { settings: { activityMaxAgeDays: 0 } });
    expect(activityOf(always)).toMatchObject({ read: objects, carried: 0 });
    expect(always.manifest?.options).toMatchObject({ full: false, activityMaxAgeDays: 0 });
  });

  it('are told how old their oldest activity is, in days, by the event of which a metric is made', async () => {
    const { night } = await prepared();
    expect(finishedEvent(await night(0)).oldestActivityDays).toBeLessThan(0.2);
    const second = await night(3);
    expect(finishedEvent(second).oldestActivityDays).toBeCloseTo(3, 0);
    expect(second.result?.activity.history).toEqual(activityOf(second));
  });

  it('take, within a tenth, the requests that doctor has said', async () => {
    const { simulator, night } = await prepared(demoSite());
    const { services } = operationServices(simulator);
    const nights = (await checkSetup(services, stackWords())).checks.find(({ name }) => name === 'nights');
    const said = [...(nights?.detail ?? '').matchAll(/about ([\d,]+) requests/g)].map(([, count = '']) =>
      Number(count.replaceAll(',', '')),
    );
    const asked = async (number: number) => {
      const before = simulator.requests.total;
      await night(number);
      return simulator.requests.total - before;
    };
    const counted = [await asked(0), await asked(1)];
    // On the second night nothing has changed, and the sentence takes 1 % for changed.
    const changed = 2 * Math.ceil(simulator.site.objects.size / 100);
    expect(said).toHaveLength(2);
    const ratios = said.map((count, index) => count / ((counted[index] ?? 0) + (index === 1 ? changed : 0)));
    for (const ratio of ratios) expect(Math.abs(ratio - 1), `${said} and ${counted}`).toBeLessThan(0.1);
  });
});
