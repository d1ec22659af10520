import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Memory where there is enough of it, because the many small files of these tests are synchronised to disk one by one. */
export function roomyPlace(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 30 ? memory : tmpdir();
}
