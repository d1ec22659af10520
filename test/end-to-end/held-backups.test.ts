import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { InterruptedError, NoSuchBackupError } from '../../core/errors.ts';
import type { Services } from '../../core/ports/services.ts';
import { announcePruning, endPruning } from '../../core/retention/pruning-mark.ts';
import { stepName } from '../../functions/step-list.ts';
import { LocalRuns } from '../../local/local-runs.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { backUp, HurriedClock, testClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';
import { undo } from './undo-run.ts';

interface Kept {
  readonly directory: string;
  readonly backup: string;
  readonly target: Simulator;
}

/** A backup of a small company, and an empty site to restore it into. */
async function keptBackup(): Promise<Kept> {
  const { site } = companySite();
  const { directory, result } = await backUp(await testSimulator({ site }));
  return {
    directory,
    backup: result?.backup ?? '',
    target: await testSimulator({ site: emptySiteLike(site, { workspaceId: crypto.randomUUID() }) }),
  };
}

/** The states of all marks of those who read a backup. */
function marksOf({ directory, backup }: Kept): string[] {
  const folder = join(directory, '.work', 'readers', backup);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map(
    (file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { state: string }).state,
  );
}

/** Notes the newest mark when a step has ended, whatever way. */
function watching(kept: Kept) {
  const seen = new Map<string, string>();
  const decorate = (services: Services): Services => ({
    ...services,
    reporter: new Proxy(services.reporter, {
      get(reporter, name) {
        if (name !== 'event') return Reflect.get(reporter, name);
        return (...words: Parameters<typeof reporter.event>) => {
          const [, event, { step }] = words;
          const marks = marksOf(kept);
          if (event === 'step.completed')
            seen.set(String(step), marks.includes('reading') ? 'reading' : `${marks.length} ended`);
          reporter.event(...words);
        };
      },
    }),
  });
  return { seen, decorate };
}

describe('a backup', () => {
  it('is marked from the opening of a restore to its report, and so for its undo', async () => {
    const kept = await keptBackup();
    const first = watching(kept);
    const restored = await restore(kept.target, kept.directory, { folder: kept.backup }, { decorate: first.decorate });
    expect(restored.result).toMatchObject({ outcome: 'restored' });
    expect(Object.fromEntries(first.seen)).toEqual({
      OpenBackup: 'reading',
      CheckBackup: 'reading',
      PlanRestore: 'reading',
      RestoreConfiguration: 'reading',
      CreateObjects: 'reading',
      LinkReferences: 'reading',
      RestoreComments: 'reading',
      ApplyConstraints: 'reading',
      VerifyRestore: 'reading',
      ReportRestore: '1 ended',
    });

    const asked = { undo: restored.result?.restore ?? '' };
    const planning = watching(kept);
    const planned = await undo(kept.target, kept.directory, asked, { decorate: planning.decorate });
    expect(Object.fromEntries(planning.seen)).toEqual({ OpenBackup: 'reading', PlanUndo: '2 ended' });
    const last = watching(kept);
    const approved = { ...asked, approve: planned.result?.hash ?? null };
    const undone = await undo(kept.target, kept.directory, approved, { decorate: last.decorate });
    expect(undone.result).toMatchObject({ outcome: 'restored' });
    expect(last.seen.get(stepName('verify-undo'))).toBe('reading');
    expect(last.seen.get(stepName('report-undo'))).toBe('3 ended');
  });

  it('keeps no mark for longer than it can count', async () => {
    const kept = await keptBackup();
    await restore(kept.target, kept.directory, { folder: kept.backup, dryRun: true });
    const clock = new HurriedClock(Date.now() + 9 * 86_400_000);
    await restore(kept.target, kept.directory, { folder: kept.backup, dryRun: true }, { clock });
    expect(marksOf(kept)).toEqual(['ended']);
  });

  it.each([
    ['is only planned', { dryRun: true }],
    [
      'is refused',
      { objectSchemas: [{ oldObjectSchemaKey: 'NONE', newObjectSchemaKey: 'N', newObjectSchemaName: 'N' }] },
    ],
  ])('is free again where a restore %s', async (_, choices) => {
    const kept = await keptBackup();
    await restore(kept.target, kept.directory, { folder: kept.backup, ...choices });
    expect(marksOf(kept)).not.toContain('reading');
  });

  it.each([1, 40])('is free again where a restore fails after %i requests', async (skip) => {
    const kept = await keptBackup();
    kept.target.faults.add({ endpoint: '*', skip, fault: { kind: 'status', status: 401 } });
    const { error } = await restore(kept.target, kept.directory, { folder: kept.backup });
    expect(error).toBeDefined();
    expect(marksOf(kept)).toEqual(skip === 1 ? [] : ['ended']);
  });

  it('is free again where a person stops a restore', async () => {
    const kept = await keptBackup();
    const stop = new AbortController();
    const { error } = await restore(
      kept.target,
      kept.directory,
      { folder: kept.backup },
      {
        signal: stop.signal,
        onState: ({ state }) => {
          if (state === 'Create objects') stop.abort();
        },
      },
    );
    expect(error).toBeInstanceOf(InterruptedError);
    expect(marksOf(kept)).toEqual(['ended']);
  });
});

describe('a restore of a backup that is being deleted', () => {
  /** Another process that prunes. */
  async function pruning({ directory, backup }: Kept) {
    const { work } = openLocalStores(directory);
    const services = { work, clock: testClock, runs: new LocalRuns(work, testClock) };
    const stopHeartbeat = await services.runs.startHeartbeat('pruning');
    const held = await announcePruning(services, backup, { executionId: 'pruning', files: 1, bytes: 1 });
    if (!held) throw new Error('Somebody else prunes.');
    return { withdraw: () => endPruning(services, held, 'withdrawn'), end: stopHeartbeat };
  }

  it('is refused before it writes anything, and goes on where pruning has withdrawn', async () => {
    const kept = await keptBackup();
    const other = await pruning(kept);
    const refused = await restore(kept.target, kept.directory, { folder: kept.backup });
    expect(refused.error).toBeInstanceOf(NoSuchBackupError);
    expect(refused.error?.message).toContain(`The backup ${kept.backup} is being deleted`);
    expect(kept.target.requests.writes).toEqual([]);
    expect(marksOf(kept)).toEqual(['ended']);

    await other.withdraw();
    const { result } = await restore(kept.target, kept.directory, { folder: kept.backup });
    expect(result).toMatchObject({ outcome: 'restored' });
    await other.end();
  });

  it('is refused where it was deleted between its opening and the mark', async () => {
    const kept = await keptBackup();
    const { error } = await restore(
      kept.target,
      kept.directory,
      { folder: kept.backup },
      {
        decorate: (services) => ({
          ...services,
          work: new Proxy(services.work, {
            get(work, name) {
              const value: unknown = Reflect.get(work, name);
              if (typeof value !== 'function') return value;
              return (key: string, ...words: unknown[]) => {
                if (name === 'write' && key.startsWith('readers/'))
                  rmSync(join(kept.directory, manifestKey(kept.backup)), { force: true });
                return Reflect.apply(value, work, [key, ...words]) as unknown;
              };
            },
          }),
        }),
      },
    );
    expect(error?.message).toContain('manifest.json is missing');
    expect(kept.target.requests.writes).toEqual([]);
    expect(marksOf(kept)).toEqual(['ended']);
    // Nothing of the restore is left that anybody would wait for.
    expect(existsSync(join(kept.directory, '.work', 'restores'))).toBe(false);
  });
});
