import { readSuspicious } from '../backup/suspicious.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import type { BackupStatus } from '../model/outcome.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** The newest backup that counts, as `status` tells it. Times are ISO 8601. */
export interface LastGoodBackup {
  readonly backup: string;
  readonly status: BackupStatus;
  readonly finishedAt: string;
  readonly objects: number;
  /** False where no record says that this place made it: one of 0.1.0, as long as no newer one counts. */
  readonly isRecorded: boolean;
  /** What is suspicious about it and was not accepted by anybody, a sentence each. */
  readonly suspicions: readonly string[];
}

export async function describeLastGood(
  work: WorkStore,
  manifest: Manifest,
  isRecorded: boolean,
): Promise<LastGoodBackup> {
  const { name, status, finishedAt, counts } = manifest;
  const suspicions = await (await readSuspicious(work))(manifest);
  return {
    ...{ backup: name, status, finishedAt, objects: counts.objects, isRecorded },
    suspicions: suspicions.map(({ message }) => message),
  };
}
