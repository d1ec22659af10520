/** Takes the swap lock of a path, says so, and keeps it until it is killed. */
import { FileLock } from '../../../../adapters/disk/file-lock.ts';

const [folder = '', path = ''] = process.argv.slice(2);

await new FileLock(folder).hold(path, async () => {
  process.stdout.write('held\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
