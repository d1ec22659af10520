import { backupName } from '../backup-format/keys.ts';
import { backupNames } from '../backup-format/open-backup.ts';
import { KeyExistsError } from '../errors.ts';
import type { Notice } from '../model/outcome.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import type { Services } from '../ports/services.ts';
import { createJson, readJson } from '../work-store/json-file.ts';
import { workKeys } from './work-files.ts';

/** A name is a second. Whoever takes more of them in advance keeps the run from starting, which rings. */
const mostNames = 600;

/** The names that a run of this time may have, in the order in which it tries them. */
export function namesFrom(startedAt: string): string[] {
  const start = Date.parse(startedAt);
  return Array.from({ length: mostNames }, (_, second) => backupName(new Date(start + second * 1000).toISOString()));
}

/**
 * Gives an execution the first free name from its start on. A name belongs to one: another one of the same second, perhaps of
 * another site, must not write into it, and what somebody has put there in advance must not keep a night from being backed up.
 * A second try gets the name of the first. `passed` are the names that were taken. Throws KeyExistsError where all are.
 */
export async function takeName(
  { work, backups, runs }: Pick<Services, 'work' | 'backups' | 'runs'>,
  { executionId, startedAt }: { readonly executionId: string; readonly startedAt: string },
): Promise<{ readonly name: string; readonly passed: readonly string[] }> {
  const stored = new Set(await backupNames(backups));
  const passed: string[] = [];
  for (const name of namesFrom(startedAt)) {
    const { owner } = workKeys(name);
    if (!stored.has(name)) await createJson<RunHolder>(work, owner, runs.holder(executionId));
    const holder = await readJson<RunHolder>(work, owner);
    if (holder?.executionId === executionId) return { name, passed };
    passed.push(name);
  }
  throw new KeyExistsError(
    `Every name that this backup could have, from ${passed[0]} to ${passed.at(-1)}, is taken. Find out who wrote there (docs/security.md), and start again.`,
  );
}

/** What a reader of the backup should know of the names that were taken: it is not named by the second of its start. */
export function namesTaken(passed: readonly string[]): Notice[] {
  const [first, ...others] = passed;
  if (first === undefined) return [];
  const names = others.length > 0 ? `The names from ${first} to ${others.at(-1)} were` : `The name ${first} was`;
  const message = `${names} taken, by another run or by somebody who put files there: look what lies there.`;
  return [{ kind: 'name-taken', message }];
}
