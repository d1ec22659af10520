import { describe, expect, it } from 'vitest';
import type { BackupResult } from '../../core/backup/finish-backup.ts';
import { backupName, manifestKey } from '../../core/backup-format/keys.ts';
import { backupNames, openBackup } from '../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { type LocalOptions, withLocalExecution } from '../../local/local-execution.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { HurriedClock, RecordingReporter, settingsFor, testDirectory, testSimulator } from '../end-to-end/local-run.ts';

const scheduledTime = '2026-11-23T02:00:00Z';
const night = Date.parse(scheduledTime);

/** What an execution gave: a backup, or that another one makes it. */
type Given = Partial<BackupResult> & {
  readonly isNeeded?: boolean;
  readonly madeBy?: string;
  readonly message?: string;
};

interface Started {
  readonly id: string;
  readonly given?: Given;
  readonly error?: Error;
}

/** An execution of the schedule, started so many seconds after its time. */
function start(
  simulator: Simulator,
  directory: string,
  secondsLate: number,
  { input = { scheduledTime }, site, ...more }: { input?: object; site?: object } & Partial<LocalOptions> = {},
): Promise<Started> {
  const startTime = new Date(night + secondsLate * 1000);
  const options: LocalOptions = {
    directory,
    settings: settingsFor(simulator, site),
    reporter: new RecordingReporter(),
    clock: new HurriedClock(startTime.getTime()),
    ...more,
  };
  return withLocalExecution(options, async (execution) => {
    const { id } = execution;
    try {
      const given = await execution.run<Given>({
        machine: 'backup',
        name: 'scheduled',
        startTime,
        input,
        opens: 'plan-backup',
        resultOf: (outputOf) => (outputOf('finish-backup') ?? outputOf('plan-backup')) as Given | undefined,
        errorWithResult: 'PartialBackupError',
        stopped: 'It was stopped.',
      });
      return { id, given };
    } catch (error) {
      return { id, error: error as Error };
    }
  });
}

const stored = async (directory: string) => backupNames(openLocalStores(directory).backups);

describe('two events of one time of the schedule', () => {
  it('are one run: the second asks the site nothing, and says which execution has made the backup', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    const first = await start(simulator, directory, 1);
    expect(first.given).toMatchObject({ status: 'complete', backup: '2026-11-23_02-00-01' });
    const requests = simulator.requests.total;
    const sameTime = { input: { scheduledTime: '2026-11-23T03:00:00+01:00', objectSchemaKeys: [] } };
    for (const again of [await start(simulator, directory, 90), await start(simulator, directory, 95, sameTime)]) {
      expect(again.given).toMatchObject({ isNeeded: false, madeBy: first.id });
      expect(again.given?.message).toContain(first.id);
      expect(again.given?.message).toContain('2026-11-23_02-00-01');
    }
    expect(simulator.requests.total).toBe(requests);
    expect(await stored(directory)).toEqual(['2026-11-23_02-00-01']);
  });

  it('are one run while the first still runs, which is no failure of the second', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    let second: Promise<Started> | undefined;
    simulator.onRequest('object-aql', async () => {
      second ??= start(simulator, directory, 60);
      await second;
    });
    const first = await start(simulator, directory, 1);
    expect(first.given?.status).toBe('complete');
    expect((await second)?.given).toMatchObject({ isNeeded: false, madeBy: first.id });
  });

  it('are one run when they arrive at the same moment', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    const both = await Promise.all([1, 2, 3].map((late) => start(simulator, directory, late)));
    expect(both.filter(({ given }) => given?.status === 'complete')).toHaveLength(1);
    expect(both.filter(({ given }) => given?.isNeeded === false)).toHaveLength(2);
    expect(await stored(directory)).toHaveLength(1);
  });

  it('are two where the first has ended without a backup: a failed night can be started again with its input', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    for (const late of [1, 61]) {
      const refused = await start(simulator, directory, late, { site: { apiToken: 'wrong' } });
      expect(refused.error).toMatchObject({ name: 'LoginRefusedError' });
    }
    const made = await start(simulator, directory, 600);
    expect(made.given?.status).toBe('complete');
    expect((await start(simulator, directory, 601)).given).toMatchObject({ isNeeded: false, madeBy: made.id });
  });

  it('are two where the times are two, or a person started', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    const inputs = [{ scheduledTime }, { scheduledTime: '2026-11-24T02:00:00Z' }, {}, { scheduledTime: null }];
    for (const [index, input] of inputs.entries()) {
      expect((await start(simulator, directory, index, { input })).given?.status).toBe('complete');
    }
    expect(await stored(directory)).toHaveLength(4);
  });

  it('are not mistaken where a step is tried again: the execution keeps its claim', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    let tries = 0;
    const cut = await start(simulator, testDirectory(), 1, {
      decorate: (services) => {
        const takesTwo = new Error('cut off');
        takesTwo.name = 'Sandbox.Timedout';
        const discover = async () => {
          tries += 1;
          if (tries === 1) throw takesTwo;
          return services.site.discover();
        };
        return { ...services, site: { ...services.site, discover } };
      },
    });
    expect(tries).toBe(2);
    expect(cut.given?.status).toBe('complete');
  });
});

const named = (second: number) => backupName(new Date(night + second * 1000).toISOString());

/** Puts a file under each of these names, as whoever may create some key can. */
async function take(directory: string, ...seconds: readonly number[]) {
  const { backups } = openLocalStores(directory);
  for (const second of seconds) await backups.create(`${named(second)}/config/objectschemas.json`, new Uint8Array());
}

describe('names that somebody has taken in advance', () => {
  const all = Array.from({ length: 600 }, (_, second) => second);

  it('keep no night from being backed up: it has the next free one, says so, and is the backup of its time', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    await take(directory, 1, 2, 3, 5);
    const first = await start(simulator, directory, 1);
    expect(first.given).toMatchObject({ status: 'complete', backup: named(4) });
    expect(first.given?.notices).toEqual([
      `The names from ${named(1)} to ${named(3)} were taken, by another run or by somebody who put files there: look what lies there.`,
    ]);
    const { backups } = openLocalStores(directory);
    const manifest = await openBackup(backups, named(4));
    expect(manifest).toMatchObject({ name: named(4), startedAt: new Date(night + 1000).toISOString() });
    expect(await verifyBackup({ backups, reporter: new RecordingReporter() }, named(4))).toMatchObject({
      problems: [],
      strangers: [],
    });
    const again = await start(simulator, directory, 90);
    expect(again.given).toMatchObject({ isNeeded: false, madeBy: first.id });
    expect(again.given?.message).toContain(named(4));
  });

  it('are the same where the first step is tried again', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    await take(directory, 1);
    let tries = 0;
    const { given } = await start(simulator, directory, 1, {
      decorate: (services) => {
        const reporter: typeof services.reporter = Object.create(services.reporter);
        reporter.planned = (stage, count) => {
          services.reporter.planned(stage, count);
          if (stage !== 'configuration') return;
          tries += 1;
          // The plan is written: a second try finds it.
          throw Object.assign(new Error('cut off'), { name: 'Sandbox.Timedout' });
        };
        return { ...services, reporter };
      },
    });
    expect(tries).toBe(1);
    expect(given).toMatchObject({ status: 'complete', backup: named(2) });
    expect(await stored(directory)).toEqual([named(1), named(2)]);
  });

  it('are passed by two runs of one second, of which each gets its own', async () => {
    const directory = testDirectory();
    const site = randomSite(3, 20);
    const other = emptySiteLike(site, { workspaceId: crypto.randomUUID() });
    const sites = await Promise.all([site, other].map((one) => testSimulator({ site: one })));
    const runs = await Promise.all(sites.map((simulator) => start(simulator, directory, 1, { input: {} })));
    expect(runs.map(({ given }) => given?.status)).toEqual(['complete', 'complete']);
    expect(await stored(directory)).toEqual([named(1), named(2)]);
  });

  it('end a run with a sentence where there are too many, and leave the site free', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    await take(directory, ...all);
    const { error } = await start(simulator, directory, 0);
    expect(error).toMatchObject({
      name: 'KeyExistsError',
      message: expect.stringMatching(/2026-11-23_02-00-00 to 2026-11-23_02-09-59, is taken\. Find out who/),
    });
    expect((await start(simulator, directory, 600)).given?.status).toBe('complete');
  });
});

describe('a manifest that somebody has put where a night was to have its own', () => {
  it('is not the backup of that time: the failed night can be started again', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    const refused = await start(simulator, directory, 1, { site: { apiToken: 'wrong' } });
    expect(refused.error).toMatchObject({ name: 'LoginRefusedError' });
    const elsewhere = testDirectory();
    await start(simulator, elsewhere, 1);
    const { backups } = openLocalStores(elsewhere);
    const key = manifestKey(named(1));
    await openLocalStores(directory).backups.create(key, await backups.read(key));
    expect((await start(simulator, directory, 600)).given).toMatchObject({ status: 'complete', backup: named(600) });
  });
});

describe("a backup's result", () => {
  it('says where its manifest lies', async () => {
    const simulator = await testSimulator({ site: randomSite(3, 20) });
    const directory = testDirectory();
    const { given } = await start(simulator, directory, 1, { input: {} });
    expect(given?.where).toBe(`${directory}/2026-11-23_02-00-01/manifest.json`);
    expect(given).toMatchObject({ gaps: 0, counts: { objects: 20 } });
  });
});
