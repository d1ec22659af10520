import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finish, inputOf, peakMegabytes, secondsSince } from './parent.ts';
import type { ReadingReport, StoredBackup } from './verify.ts';

export interface HashedBackup extends StoredBackup {
  readonly filesAtOnce: number;
}

const { directory, backup, filesAtOnce } = await inputOf<HashedBackup>();
const start = performance.now();
const entries = await readdir(join(directory, backup), { recursive: true, withFileTypes: true });
const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
let bytes = 0;
const queue = paths.values();
await Promise.all(Array.from({ length: filesAtOnce }, hashFromQueue));
const report: ReadingReport = {
  files: paths.length,
  bytes,
  seconds: secondsSince(start),
  peakMegabytes: peakMegabytes(),
};
await finish(report);

async function hashFromQueue(): Promise<void> {
  for (const path of queue) {
    const content = await readFile(path);
    createHash('sha256').update(content).digest('hex');
    bytes += content.length;
  }
}
