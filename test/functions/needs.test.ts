import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import type { BackupDeleter } from '../../core/ports/backup-deleter.ts';
import type { FileToCopy } from '../../core/ports/backup-store.ts';
import type { Services } from '../../core/ports/services.ts';
import { pruneBackups } from '../../core/retention/prune-backups.ts';
import { step as planBackup } from '../../functions/backup/plan-backup.ts';
import { type FunctionNeeds, functionNeeds } from '../../functions/function-needs.ts';
import { step as checkLastBackup } from '../../functions/operations/check-last-backup.ts';
import { step as checkSetup } from '../../functions/operations/check-setup.ts';
import { step as diffWithSite } from '../../functions/operations/diff-with-site.ts';
import { backupSteps, drillSteps, restoreSteps, type StepFile, stepName } from '../../functions/step-list.ts';
import { openLocalDeleter, openLocalStores } from '../../local/local-stores.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { StoredObject, User } from '../../simulator/site/records.ts';
import { operationServices } from '../core/operations/operation-services.ts';
import { drill } from '../end-to-end/drill-run.ts';
import { folderWithIssueLinks, withIssues } from '../end-to-end/issues-company.ts';
import { backUp, testClock, testSimulator } from '../end-to-end/local-run.ts';
import { afterAccident, linkedSite, relink } from '../end-to-end/relink-run.ts';
import { companySite } from '../end-to-end/restore-company.ts';
import { restore } from '../end-to-end/restore-run.ts';
import { undo } from '../end-to-end/undo-run.ts';

/**
 * No emulator carries out a policy, so a right that is missing would show on AWS alone. Here every step says what it uses,
 * and that is held against what `functionNeeds` makes the stack grant.
 */
class Uses {
  /** What was used without being granted. */
  readonly beyond = new Set<string>();
  readonly seen = new Set<string>();

  /** Watches an invocation; the step is known when it says that it has started. */
  readonly watch = (services: Services): Services => {
    let file: StepFile | undefined;
    const use = (what: string, isGranted: (needs: FunctionNeeds) => boolean) => {
      if (file === undefined) throw new Error(`${what} was used before the step had started.`);
      this.seen.add(`${file} ${what}`);
      if (!isGranted(functionNeeds[file])) this.beyond.add(`${file} uses ${what}`);
    };
    const inBackups = (what: string, key: string, keysOf: (needs: FunctionNeeds['backups']) => readonly string[]) =>
      use(`backups, ${what} ${key}`, ({ backups }) => isOneOf(keysOf(backups), key));
    const createsBackup = (key: string) => inBackups('creating', key, ({ creates }) => creates);
    const readsBackup = (key: string) => inBackups('reading', key, ({ reads, creates }) => [...reads, ...creates]);
    const listsBackups = (key = '') =>
      inBackups('listing', key, ({ lists, reads, creates }) =>
        lists === 'all' ? ['*'] : lists === 'own' ? [...reads, ...creates] : [],
      );
    const readsWork = (key: string) =>
      use(`work, reading ${key}`, ({ work }) => isOneOf([...work.reads, ...work.writes], key));
    const writesWork = (key: string) => use(`work, writing ${key}`, ({ work }) => isOneOf(work.writes, key));
    return {
      ...services,
      nextStart: (after) => {
        use('the schedule', ({ asksSchedule }) => asksSchedule === true);
        return services.nextStart(after);
      },
      reporter: watched(services.reporter, {
        event: (_level: unknown, name: unknown, fields: { readonly step?: unknown }) => {
          if (name === 'step.started') file = files.get(String(fields.step));
        },
      }),
      site: watched(services.site, {
        discover: () => use('the site', ({ secret }) => secret !== 'none'),
        reader: () => use('the site', ({ secret }) => secret !== 'none'),
        writer: () => use('the site, writing', ({ secret }) => secret === 'restore' || secret === 'drill'),
        issuesReader: () => use('the site', ({ secret }) => secret !== 'none'),
        issuesWriter: () => use('the site, writing', ({ secret }) => secret === 'restore'),
      }),
      backups: watched(services.backups, {
        create: createsBackup,
        copy: ({ key: from }: FileToCopy, key: string) => {
          readsBackup(from);
          // Where it is not there, which S3 says to those alone who may list it.
          listsBackups(from);
          createsBackup(key);
        },
        read: readsBackup,
        stream: readsBackup,
        list: listsBackups,
        folders: () => listsBackups(),
      }),
      work: watched(services.work, {
        read: readsWork,
        // Whoever may read a key may list it.
        list: readsWork,
        write: writesWork,
        create: writesWork,
        replace: writesWork,
      }),
      runs: watched(services.runs, { hasEnded: () => use('other runs', ({ takesLock }) => takesLock) }),
    };
  };
}

/** Whether a policy with these keys holds for a key, or for the prefix of a list. */
function isOneOf(patterns: readonly string[], key: string): boolean {
  return patterns.some((pattern) => {
    const letters = pattern.split('*').map((part) => part.replace(/[.\\/+?^${}()|[\]]/g, '\\$&'));
    return new RegExp(`^${letters.join('.*')}$`, 's').test(key);
  });
}

const files = new Map(Object.keys(functionNeeds).map((file) => [stepName(file as StepFile), file as StepFile]));

/** The same, but each call of these methods is told first. */
function watched<T extends object>(service: T, told: { readonly [method: string]: (...args: never[]) => void }): T {
  return new Proxy(service, {
    get(there, name) {
      const value = Reflect.get(there, name, there);
      if (typeof value !== 'function') return value;
      return (...args: never[]) => {
        told[String(name)]?.(...args);
        return value.apply(there, args);
      };
    },
  });
}

describe('what steps use', () => {
  it('is what they are granted, in a backup, in restores, in an undo, and where they fail', {
    timeout: 180_000,
  }, async () => {
    const uses = new Uses();
    const site = withIssues(awkwardSite());
    const source = await testSimulator({ site, quirks: { issuePageSize: 1 } });
    const directory = folderWithIssueLinks();
    const { result } = await backUp(source, { directory, decorate: uses.watch, remainingMilliseconds: () => 0 });
    // The next night copies what it carries over.
    await testClock.sleep(1_000);
    await backUp(source, { directory, decorate: uses.watch });
    const copied = `export-activity backups, reading ${result?.backup}/`;
    expect([...uses.seen].filter((use) => use.startsWith(copied)).length).toBeGreaterThan(0);
    const target = await testSimulator({ site: emptySiteLike(site) });
    const folder = result?.backup ?? '';
    const short = () => 0;
    // Handed back after each piece of work; then once more, over what the first one made; then refused by the site
    // in the middle.
    const first = await restore(target, directory, { folder }, { decorate: uses.watch, remainingMilliseconds: short });
    expect(first.error).toBeUndefined();
    await restore(target, directory, { folder }, { decorate: uses.watch });
    await relink(target, directory, { relink: first.result?.restore ?? '' }, { decorate: uses.watch });
    const undone = { undo: first.result?.restore ?? '' };
    const { result: planned } = await undo(target, directory, undone, { decorate: uses.watch });
    const approved = { ...undone, approve: planned?.hash ?? null };
    const taken = await undo(target, directory, approved, { decorate: uses.watch, remainingMilliseconds: short });
    expect(taken.error).toBeUndefined();
    const broken = { endpoint: '*', skip: 60, fault: { kind: 'status', status: 401 } } as const;
    const third = await testSimulator({ site: emptySiteLike(site, { workspaceId: crypto.randomUUID() }) });
    third.faults.add(broken);
    await restore(third, directory, { folder }, { decorate: uses.watch });
    // A drill of the same backup, and one that is refused in the middle.
    const fourth = await testSimulator({ site: emptySiteLike(site, { workspaceId: crypto.randomUUID() }) });
    const drilled = await drill(fourth, directory, { decorate: uses.watch, remainingMilliseconds: short });
    expect(drilled.error).toBeUndefined();
    fourth.faults.add(broken);
    await drill(fourth, directory, { decorate: uses.watch });
    source.faults.add(broken);
    await backUp(source, { directory, decorate: uses.watch });

    expect([...uses.beyond]).toEqual([]);
    const stepsSeen = new Set([...uses.seen].map((use) => use.split(' ')[0]));
    const ofMachines = [...backupSteps, ...restoreSteps, ...drillSteps];
    expect(ofMachines.filter((file) => !stepsSeen.has(file))).toEqual([]);
  });

  it('is what they are granted where issues are linked again, with a restore and alone, and that is undone', async () => {
    const uses = new Uses();
    const { simulator, directory, backup: folder } = await afterAccident(linkedSite());
    const options = { decorate: uses.watch };
    const { result } = await restore(simulator, directory, { folder, relinkIssues: true }, options);
    expect(result).toMatchObject({ issues: 12 });
    const name = result?.restore ?? '';
    const short = { ...options, remainingMilliseconds: () => 0 };
    expect((await relink(simulator, directory, { relink: name }, short)).error).toBeUndefined();
    const planned = await undo(simulator, directory, { undo: name }, options);
    const done = await undo(simulator, directory, { undo: name, approve: planned.result?.hash ?? null }, options);
    expect(done.result).toMatchObject({ outcome: 'restored', losses: 0 });
    expect([...uses.beyond]).toEqual([]);
    const seen = [...uses.seen].join('\n');
    for (const use of [
      /relink-issues work, writing journals/,
      /relink-issues the site, writing/,
      /undo-objects work, reading journals/,
    ])
      expect(seen).toMatch(use);
  });

  it('is what they are granted where a night is scheduled, and where somebody else has written to the store', async () => {
    const uses = new Uses();
    const simulator = await testSimulator({ site: withIssues(awkwardSite()) });
    const { services } = operationServices(simulator);
    const night = {
      executionId: 'one',
      startedAt: '2026-11-23T02:00:01Z',
      input: { scheduledTime: '2026-11-23T02:00:00Z' },
    };
    await planBackup.invoke(uses.watch(services), night);
    // Another execution has the same event, and then a manifest that is there is not that of the first.
    await services.backups.create(manifestKey('2026-11-23_02-00-01'), new TextEncoder().encode('{}'));
    const runs = { holder: (executionId: string) => ({ executionId }), hasEnded: async () => true };
    await planBackup.invoke(uses.watch({ ...services, runs }), { ...night, executionId: 'two' });
    // Each file but the manifest finds another one under its first name.
    const { result } = await backUp(simulator, {
      directory: folderWithIssueLinks(),
      decorate: (own) => {
        const { backups } = own;
        const create = async (key: string, bytes: Uint8Array) => {
          if (!/manifest\.json$|\.try-/.test(key)) await backups.create(key, new TextEncoder().encode('{}'));
          await backups.create(key, bytes);
        };
        const others = new Proxy(backups, {
          get(store, name) {
            const value = name === 'create' ? create : Reflect.get(store, name, store);
            return typeof value === 'function' ? value.bind(store) : value;
          },
        });
        return uses.watch({ ...own, backups: others });
      },
    });
    expect(result?.status).toBe('complete');
    expect([...uses.beyond]).toEqual([]);
    const tried = [...uses.seen].filter((use) => use.includes('.try-2')).map((use) => use.split(' ')[0]);
    expect([...new Set(tried)].sort()).toEqual([
      'export-activity',
      'export-configuration',
      'export-issue-links',
      'export-objects',
      'finish-backup',
      'plan-backup',
      'report-backup',
    ]);
  });

  it('is what they are granted where a restore of the latest backup writes over what is there, and is undone', async () => {
    const uses = new Uses();
    const { site, laptops, users } = companySite();
    const simulator = await testSimulator({ site });
    const { directory } = await backUp(simulator);
    await testClock.sleep(60_000);
    const [first, second] = laptops;
    if (!first || !second) throw new Error('The company has too few laptops.');
    site.updateObject(first, { Owner: users[1] as User }, users[1]);
    site.deleteObject(second);
    const { work } = openLocalStores(directory);
    await work.write('users/1.csv', 'from,to\r\n');
    await work.write('same/1.csv', `Old,Is\r\nASSETS-${second.id},none\r\n`);
    const given = { folder: 'latest', users: 'users/1.csv', sameFile: 'same/1.csv', onExisting: 'update' };
    const options = { decorate: uses.watch };
    const planned = await restore(simulator, directory, given, options);
    const done = await restore(simulator, directory, { ...given, approve: planned.result?.hash }, options);
    expect(done.error).toBeUndefined();
    expect(done.result).toMatchObject({ outcome: 'restored', created: 1, updated: expect.any(Number) });
    const what = { undo: done.result?.restore ?? '' };
    const { result } = await undo(simulator, directory, what, options);
    const undone = await undo(simulator, directory, { ...what, approve: result?.hash ?? null }, options);
    expect(undone.error).toBeUndefined();
    expect([...uses.beyond]).toEqual([]);
    const seen = [...uses.seen].join('\n');
    for (const use of [
      /plan-restore work, reading users/,
      /plan-restore work, reading same/,
      /open-backup work, reading finished/,
    ])
      expect(seen).toMatch(use);
    for (const file of ['link-references', 'undo-objects'])
      expect(seen).toMatch(`${file} work, writing before-images/`);
    expect(seen).toMatch(/verify-undo work, reading before-images\//);
  });

  it.each([
    ['check-setup', checkSetup],
    ['check-last-backup', checkLastBackup],
  ])('is what %s is granted', async (_, step) => {
    const uses = new Uses();
    const { services } = operationServices(await testSimulator({ site: awkwardSite() }));
    await step.invoke(uses.watch(services), {});
    expect([...uses.beyond]).toEqual([]);
    expect(uses.seen.size).toBeGreaterThan(0);
  });

  it('is what prune-backups is granted, which alone may delete', async () => {
    const uses = new Uses();
    const simulator = await testSimulator({ site: companySite().site });
    const { directory, result } = await backUp(simulator);
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '', onExisting: 'update' });
    await undo(simulator, directory, { undo: restored.result?.restore ?? '' });
    for (const _ of [1, 2]) {
      await testClock.sleep(60_000);
      await backUp(simulator, { directory });
    }
    const keep = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0, within: 0 };
    const { services } = operationServices(simulator, { directory, keep, clock: testClock });
    await services.backups.create('2026-01-01_00-00-00/config/objectschemas.json', new TextEncoder().encode('{}'));
    const granted = uses.watch(services);
    granted.reporter.event('info', 'step.started', { step: 'PruneBackups' });
    const keys: string[] = [];
    const deleter: BackupDeleter = {
      lockedUntil: async (key) => {
        keys.push(key);
        return null;
      },
      delete: async (some) => {
        keys.push(...some);
        await openLocalDeleter(directory).delete(some);
      },
    };
    const report = await pruneBackups(granted, deleter, { dryRun: false, executionId: 'pruning' });
    expect(report.deleted.length).toBeGreaterThan(0);
    expect(report.unfinished.deleted).toHaveLength(1);
    expect([...uses.beyond]).toEqual([]);
    const { deletes = [] } = functionNeeds['prune-backups'].backups;
    expect(keys.filter((key) => !isOneOf(deletes, key))).toEqual([]);
    expect(keys.length).toBeGreaterThan(10);
    const seen = [...uses.seen].join('\n');
    for (const what of ['readers/', 'restores/', 'finished/', 'locks/', 'pruning/'])
      expect(seen).toContain(`prune-backups work, reading ${what}`);
    expect(seen).toContain('prune-backups work, writing pruning/');
    for (const [file, { backups }] of Object.entries(functionNeeds))
      if (file !== 'prune-backups') expect(backups.deletes, file).toBeUndefined();
  });

  it('is what a comparison with a site is granted, in however many invocations', async () => {
    const uses = new Uses();
    const { site, laptops, places } = companySite();
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    site.roles.hideObject(laptops[0] as StoredObject);
    site.deleteObject(places[0] as StoredObject);
    site.createObject({ type: site.type(laptops[1]?.typeId ?? 0), name: 'New' });
    const { services } = operationServices(simulator, { directory, remainingMilliseconds: () => 0 });
    const [of, one] = [result?.backup ?? '', String(laptops[1]?.id)];
    for (const [diff, filters] of [
      ['all', {}],
      ['one', { object: one }],
    ] as const) {
      for (let from: number | null = 0; from !== null; ) {
        const answer = await diffWithSite.invoke(uses.watch(services), { diff, backup: of, filters, from });
        const { next, files } = answer as { next: number | null; files: string[] };
        // What Lambda keeps of an answer holds no value.
        expect(JSON.stringify(answer)).not.toMatch(/Laptop \d|"S-\d|note of/);
        if (next === null) expect(files.length).toBeGreaterThan(0);
        from = next;
      }
      site.updateObject(laptops[1] as StoredObject, { Note: 'other' });
    }
    expect([...uses.beyond]).toEqual([]);
  });

  it.each([
    [{}, 'diff is missing; backup is missing; filters is missing; from is missing'],
    [
      { diff: '../locks', backup: '..', filters: { schemas: [], where: '1' }, from: -1 },
      /diff must be a name .*backup must be the name of a backup.*filters\.schemas .*filters\.where is not known.*from /,
    ],
  ])('a comparison is not made of %j', async (input, sentence) => {
    const { services } = operationServices(await testSimulator({ site: companySite().site }));
    await expect(diffWithSite.invoke(services, input)).rejects.toThrow(sentence);
  });

  it('is seen where it goes beyond that (the check can fail)', async () => {
    const uses = new Uses();
    const { services } = operationServices(await testSimulator({ site: awkwardSite() }));
    const granted = uses.watch(services);
    granted.reporter.event('info', 'step.started', { step: 'RecordFailure' });
    await granted.work.write('backups/2026-11-23_02-00-00/failures/objects-1.json', '{}');
    await granted.work.read('journals/any');
    await granted.work.write('backups/2026-11-23_02-00-00/objects/1.json', '{}');
    await Array.fromAsync(granted.work.list('backups/'));
    await granted.site.discover();
    await granted.backups.read('any').catch(() => undefined);
    await Array.fromAsync(granted.backups.folders());
    await granted.backups.create('2099-01-01_00-00-00/manifest.json', new Uint8Array());
    expect([...uses.beyond]).toEqual([
      'record-failure uses work, reading journals/any',
      'record-failure uses work, writing backups/2026-11-23_02-00-00/objects/1.json',
      'record-failure uses work, reading backups/',
      'record-failure uses the site',
      'record-failure uses backups, reading any',
      'record-failure uses backups, listing ',
      'record-failure uses backups, creating 2099-01-01_00-00-00/manifest.json',
    ]);
  });
});
