import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorePlace } from '../../contracts/store-place.ts';

/** A folder that does not exist yet, in one that is removed afterwards. */
export async function newFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const above = await mkdtemp(join(tmpdir(), 'assets-backup-'));
  return { path: join(above, 'backups'), remove: () => rm(above, { recursive: true, force: true }) };
}

export async function placeFor<Store>(open: (folder: string) => Store): Promise<StorePlace<Store>> {
  const folder = await newFolder();
  return { open: () => open(folder.path), dispose: folder.remove };
}
