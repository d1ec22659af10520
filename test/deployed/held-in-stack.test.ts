import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysIn } from '../end-to-end/damaged-files.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { pretendStack } from './stack-command.ts';

const backup = '2026-11-25_02-00-00';

async function prepared() {
  const stack = await pretendStack();
  const directory = new GoldenFolder('format-2').copy();
  for (const night of ['2026-11-24_02-00-00', backup])
    for (const key of keysIn(directory, night, /./)) stack.put(key, readFileSync(join(directory, key)));
  return stack;
}

describe('what a backup in a stack holds', () => {
  it('is shown object by object, with what became of it', async () => {
    const { run } = await prepared();
    const { exitCode, stdout } = await run(['show', backup, '--object', 'ASSETS-4', '--history']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Place          Office SYD (FAC-1)');
    expect(stdout).toContain('changed value of Note: note of 0 → changed on Monday');
    expect(stdout).toContain('first seen  in 2026-11-24_02-00-00');
  });

  it('is listed, and exported, and where it is not there a line says where to look', async () => {
    const { run } = await prepared();
    expect((await run(['ls', backup, 'FAC'])).stdout).toMatch(/^ {2}Place +3 +1$/m);
    expect((await run(['export', backup, '--type', 'Laptop', '--csv'])).stdout).toContain('\r\nASSETS-5,Laptop 1,');
    const { exitCode, stderr } = await run(['show', backup, '--object', 'FAC-99']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('npx assets-backup find FAC-99 --stack assets-backup');
  });
});
