import { KeyExistsError, VersionConflictError } from '../../errors.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { readVersionedJson, swapJson } from '../../work-store/json-file.ts';
import type { GivenUp } from '../work-files.ts';

/** Batches side by side write it, so it is written only where it changes, and over what was read just before. */
export async function noteGivenUp(work: WorkStore, key: string, before: GivenUp, now: GivenUp): Promise<void> {
  const changed = (Object.keys(now) as ActivityKind[]).filter((kind) => (before[kind] ?? 0) !== now[kind]);
  while (changed.length > 0) {
    const there = await readVersionedJson<GivenUp>(work, key);
    const next: GivenUp = { ...there?.value };
    for (const kind of changed) next[kind] = now[kind] === 0 ? 0 : (there?.value[kind] ?? 0) + 1;
    try {
      await swapJson(work, key, next, there?.version);
      return;
    } catch (error) {
      if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
    }
  }
}
