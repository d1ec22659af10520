import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import { step as checkLastBackup } from '../../functions/operations/check-last-backup.ts';
import { step as checkSetup } from '../../functions/operations/check-setup.ts';
import { backupSteps, functionNeeds, restoreSteps, type StepFile, stepName } from '../../functions/step-list.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { operationServices } from '../core/operations/operation-services.ts';
import { backUp, testSimulator } from '../end-to-end/local-run.ts';
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
    const use = (what: string, isGranted: (needs: (typeof functionNeeds)[StepFile]) => boolean) => {
      if (file === undefined) throw new Error(`${what} was used before the step had started.`);
      this.seen.add(`${file} ${what}`);
      if (!isGranted(functionNeeds[file])) this.beyond.add(`${file} uses ${what}`);
    };
    const inBackups = (what: string, writes: boolean) =>
      use(what, ({ backups }) => backups === 'create' || (backups === 'read' && !writes));
    const inWork = (key: string) =>
      use(`work ${key.split('/')[0]}/`, ({ work }) => work.some((folder) => key.startsWith(`${folder}/`)));
    return {
      ...services,
      reporter: watched(services.reporter, {
        event: (_level: unknown, name: unknown, fields: { readonly step?: unknown }) => {
          if (name === 'step.started') file = files.get(String(fields.step));
        },
      }),
      site: watched(services.site, {
        discover: () => use('the site', ({ secret }) => secret !== 'none'),
        reader: () => use('the site', ({ secret }) => secret !== 'none'),
        writer: () => use('the site, writing', ({ secret }) => secret === 'restore'),
      }),
      backups: watched(services.backups, {
        create: () => inBackups('backups, creating', true),
        read: () => inBackups('backups', false),
        stream: () => inBackups('backups', false),
        list: () => inBackups('backups', false),
        folders: () => inBackups('backups', false),
      }),
      work: watched(services.work, { read: inWork, write: inWork, create: inWork, replace: inWork }),
      runs: watched(services.runs, { hasEnded: () => use('other runs', ({ takesLock }) => takesLock) }),
    };
  };
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
  it('is what they are granted, in a backup, in restores, in an undo, and where they fail', async () => {
    const uses = new Uses();
    const site = awkwardSite();
    const source = await testSimulator({ site });
    const { directory, result } = await backUp(source, { decorate: uses.watch });
    const target = await testSimulator({ site: emptySiteLike(site) });
    const folder = result?.backup ?? '';
    const short = () => 0;
    // Handed back after each piece of work; then once more, over what the first one made; then refused by the site
    // in the middle.
    const first = await restore(target, directory, { folder }, { decorate: uses.watch, remainingMilliseconds: short });
    expect(first.error).toBeUndefined();
    await restore(target, directory, { folder }, { decorate: uses.watch });
    const undone = { undo: first.result?.restore ?? '' };
    const { result: planned } = await undo(target, directory, undone, { decorate: uses.watch });
    const approved = { ...undone, approve: planned?.hash ?? null };
    const taken = await undo(target, directory, approved, { decorate: uses.watch, remainingMilliseconds: short });
    expect(taken.error).toBeUndefined();
    const broken = { endpoint: '*', skip: 60, fault: { kind: 'status', status: 401 } } as const;
    const third = await testSimulator({ site: emptySiteLike(site, { workspaceId: crypto.randomUUID() }) });
    third.faults.add(broken);
    await restore(third, directory, { folder }, { decorate: uses.watch });
    source.faults.add(broken);
    await backUp(source, { directory, decorate: uses.watch });

    expect([...uses.beyond]).toEqual([]);
    const stepsSeen = new Set([...uses.seen].map((use) => use.split(' ')[0]));
    const ofMachines = [...backupSteps, ...restoreSteps];
    expect(ofMachines.filter((file) => !stepsSeen.has(file))).toEqual([]);
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

  it('is seen where it goes beyond that (the check can fail)', async () => {
    const uses = new Uses();
    const { services } = operationServices(await testSimulator({ site: awkwardSite() }));
    const granted = uses.watch(services);
    granted.reporter.event('info', 'step.started', { step: 'RecordFailure' });
    await granted.work.read('journals/any');
    await granted.site.discover();
    await granted.backups.read('any').catch(() => undefined);
    expect([...uses.beyond]).toEqual([
      'record-failure uses work journals/',
      'record-failure uses the site',
      'record-failure uses backups',
    ]);
  });
});
