import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const demo = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

it('the demo backs up, verifies and lists, also in a folder that it used before', { timeout: 90_000 }, () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'site.json'), '{}');
  mkdirSync(join(folder, '2020-01-01_00-00-00'));
  writeFileSync(join(folder, '2020-01-01_00-00-00', 'file.json'), '{}');

  const stdout = execFileSync(process.execPath, [demo, folder], { encoding: 'utf8', stdio: 'pipe' });

  expect(stdout).toMatch(
    /\$ npx assets-backup backup .*\$ npx assets-backup verify .* is whole.*\$ npx assets-backup list .*2 backups in .*chmod 600.*npx assets-backup backup --local \.\/backups/s,
  );
});
