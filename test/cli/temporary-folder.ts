import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes with the test. Its name has a space, as people's folders do. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assets backup cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
