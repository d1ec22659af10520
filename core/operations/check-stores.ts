import { KeyExistsError, StorageError, VersionConflictError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { check, type SetupCheck } from './one-check.ts';
import type { SetupWords } from './setup-words.ts';

/** Lies beside the backups for good, since nothing can be deleted there; its folder is no name of a backup. */
const backupProbe = 'check-setup/probe.json';
const workProbe = 'operations/check-setup.json';

/** Whether backups can be created, listed and read there, and never overwritten. */
export function checkBackupStore(backups: BackupStore, { stores }: SetupWords): Promise<SetupCheck> {
  const probe = (text: string) => backups.create(backupProbe, new TextEncoder().encode(text));
  return check(
    stores.backups,
    async () => {
      await isRefused(probe('{"probe":1}\n'), KeyExistsError);
      // With other bytes: an adapter may take the same ones for its own first attempt, whose answer was lost.
      if (!(await isRefused(probe('{"probe":2}\n'), KeyExistsError)))
        throw new StorageError(`${backups.addressOf(backupProbe)} was overwritten: backups are not safe there.`);
      await backups.read(backupProbe);
      const keys = await Array.fromAsync(backups.list(backupProbe));
      if (keys.length === 0) throw new StorageError(`The list lacks ${backups.addressOf(backupProbe)}.`);
      return 'Files can be created, listed and read, and are refused where one is there already.';
    },
    { otherwise: stores.remedy },
  );
}

/** Whether the work store takes a write on the condition of a version, and refuses it where that has changed. */
export function checkWorkStore(work: WorkStore, clock: Clock, { stores }: SetupWords): Promise<SetupCheck> {
  let step = 0;
  // Each text is another one: on S3 the same text is the same version.
  const text = () => JSON.stringify({ checkedAt: new Date(clock.now()).toISOString(), step: ++step });
  return check(
    stores.work,
    async () => {
      const there = await work.read(workProbe);
      const first = there ? await work.replace(workProbe, text(), there.version) : await work.create(workProbe, text());
      await work.replace(workProbe, text(), first);
      if (!(await isRefused(work.replace(workProbe, text(), first), VersionConflictError)))
        throw new StorageError(`${work.addressOf(workProbe)} was overwritten although it had changed.`);
      return 'Files can be written, and are refused where they have changed meanwhile.';
    },
    { otherwise: stores.remedy },
  );
}

async function isRefused(write: Promise<unknown>, refusal: typeof KeyExistsError | typeof VersionConflictError) {
  try {
    await write;
    return false;
  } catch (error) {
    if (error instanceof refusal) return true;
    throw error;
  }
}
