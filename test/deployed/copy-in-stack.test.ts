import { expect, it } from 'vitest';
import { openLocalStores } from '../../local/local-stores.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesIn } from '../core/copy/copy-run.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { stackName } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const backup = '2026-11-23_02-00-00';
const stack = `stack:${stackName}`;

/** A stack, and a folder whose backup was restored. */
async function prepared() {
  const aws = await pretendStack({ openBackups: async (directory) => openLocalStores(directory).backups });
  return { ...aws, from: new GoldenFolder('format-1').copy('finished') };
}

it('copy into a stack writes nothing to the backups that may write over something, and the manifest last', async () => {
  const { command, s3, from } = await prepared();

  const { exitCode, stdout, stderr } = await command([
    'copy',
    backup,
    '--from',
    from,
    '--to',
    stack,
    '--with-journals',
  ]);

  expect(stderr).toContain(`Copying ${backup} from ${from} to the stack ${stackName}`);
  expect(exitCode).toBe(0);
  for (const [key, text] of filesIn(from, backup)) {
    expect(Buffer.from(s3.objects.get(`${backup}/${key}`) ?? '').toString('latin1'), key).toBe(text);
  }
  const puts = s3.requests.filter(({ method }) => method === 'PUT');
  const ofBackup = puts.filter(({ key }) => key.startsWith(`${backup}/`));
  expect(ofBackup.length).toBe(filesIn(from, backup).size);
  for (const { headers, key } of [...ofBackup, ...puts.filter(({ key }) => key.startsWith('journals/'))]) {
    expect(headers['if-none-match'], key).toBe('*');
  }
  const order = puts.map(({ key }) => key).filter((key) => !key.startsWith('readers/'));
  expect(order.at(-1)).toBe(`${backup}/manifest.json`);
  expect(order.at(-2)).toMatch(new RegExp(`^copied/${backup}/[0-9a-f]{64}\\.json$`));
  expect(JSON.parse(Buffer.from(s3.objects.get(order.at(-2) ?? '') ?? '').toString())).toMatchObject({
    by: expect.stringContaining('AKIAIOSFODNN7EXAMPLE'),
  });
  expect(stdout).toContain(`npx assets-backup show ${backup} --stack ${stackName}`);
});

it('copy out of a stack marks the backup as read, by a process of which AWS knows nothing', async () => {
  const { command, s3, from } = await prepared();
  await command(['copy', backup, '--from', from, '--to', stack]);
  const out = temporaryFolder();

  const io = new RecordedIo();
  const { exitCode } = await command(['copy', backup, '--from', stack, '--to', out, '--json'], io);

  expect(exitCode).toBe(0);
  expect(io.document()).toMatchObject({ from: { stack: stackName }, to: { directory: out }, there: 'nothing' });
  expect(filesIn(out, backup)).toEqual(filesIn(from, backup));
  const marks = [...s3.objects].filter(([key]) => key.startsWith(`readers/${backup}/`));
  expect(marks.map(([, bytes]) => JSON.parse(Buffer.from(bytes).toString()))).toEqual([
    expect.objectContaining({
      what: 'copy',
      state: 'ended',
      holder: expect.objectContaining({ process: expect.anything() }),
    }),
    expect.objectContaining({ what: 'copy', state: 'ended' }),
  ]);
  // The same line again takes its own mark.
  await command(['copy', backup, '--from', stack, '--to', out]);
  expect([...s3.objects.keys()].filter((key) => key.startsWith(`readers/${backup}/`))).toHaveLength(2);
});
