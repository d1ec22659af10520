import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { roomyPlace } from '../roomy-place.ts';

/** A folder that goes with the test. Its name has a space, as people's folders do. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(roomyPlace(), 'assets backup cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
