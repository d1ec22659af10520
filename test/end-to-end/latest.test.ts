import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RestoreChoices } from '../../core/model/restore.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { json, restore } from './restore-run.ts';

it('`latest` in the input of the machine is the newest backup that counts, and its plan warns of what is suspicious', async () => {
  const simulator = await testSimulator({ site: companySite().site });
  const { directory, result } = await backUp(simulator, { activity: false });
  const unfinished = '2099-01-01_00-00-00';
  mkdirSync(join(directory, unfinished));
  writeFileSync(join(directory, unfinished, 'objects.json'), '[]');

  const planned = await restore(simulator, directory, { folder: 'latest', dryRun: true });

  const backup = result?.backup ?? '';
  expect(planned.plan).toMatchObject({ backup });
  expect(planned.plan?.warnings.slice(0, 2)).toEqual([
    `${unfinished} is newer, and does not count: it is unfinished.`,
    `${backup} was made without history and comments.`,
  ]);
  // Whoever approves it approves this very backup.
  expect(planned.result?.approve?.input).toMatchObject({ folder: backup });
  const keys = restoreKeys(planned.result?.restore ?? '');
  expect(json<RestoreChoices>(directory, keys.choices).backup).toBe(backup);
});
