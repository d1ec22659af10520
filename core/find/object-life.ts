import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { ChangeKind } from './changes.ts';
import { findObjects } from './find-objects.ts';
import { silenceSentence } from './silence-words.ts';

export interface ObjectEvent {
  /** `first-seen`: in the first backup that could have it. */
  readonly kind: ChangeKind | 'first-seen';
  /** The last backup before it that tells; null of one that was first seen. */
  readonly after: string | null;
  /** The backup that shows it. */
  readonly by: string;
}

export interface ObjectLife {
  /** The oldest first; none where no backup has it that is looked into. */
  readonly events: readonly ObjectEvent[];
  /** Of backups that say nothing of it, and why: sentences. */
  readonly silences: readonly string[];
}

/** What became of one object in all backups of its site. Throws what `findObjects` does. */
export async function objectLife(
  services: { readonly backups: BackupStore; readonly reporter: Reporter },
  object: { readonly workspaceId: string; readonly id: string },
): Promise<ObjectLife> {
  const { sites, unread } = await findObjects(services, { words: [], object });
  const [site] = sites;
  const [found] = site?.objects ?? [];
  const changes = found?.changes ?? [];
  const isSeenFirst = found && changes[0]?.kind !== 'appeared';
  return {
    events: [
      ...(isSeenFirst ? [{ kind: 'first-seen', after: null, by: found.stands.first } as const] : []),
      ...changes,
    ],
    silences: [
      ...(site?.silences.map(silenceSentence) ?? []),
      ...unread.map(({ backup, reason }) => `${backup}: ${reason}`),
    ],
  };
}
