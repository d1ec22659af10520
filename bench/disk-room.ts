import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * A large backup takes 10 KB an object; twice that leaves room for what is written beside it, for the second one of what is compared, and
 * for others.
 */
const bytesPerObject = 20_000;
const bytesForTheRest = 500_000_000;

/** Throws where the disk of temporary files would be full before the bench is done. */
export async function checkDiskRoom(objects: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const needed = objects * bytesPerObject + bytesForTheRest;
  if (bavail * bsize >= needed) return;
  const [free, wanted] = [bavail * bsize, needed].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  throw new Error(
    `${tmpdir()} has ${free} free, and the bench needs ${wanted}: set TMPDIR to a folder with more room.`,
  );
}
