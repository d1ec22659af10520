/** Raises the number in the work store's `count` by one, `steps` times, by reading and replacing; says each number it wrote. */
import { DirectoryWorkStore } from '../../../../adapters/disk/directory-work-store.ts';
import { VersionConflictError } from '../../../../core/errors.ts';

const [folder = '', steps = ''] = process.argv.slice(2);
const store = new DirectoryWorkStore(folder);

for (let done = 0; done < Number(steps); ) {
  const read = await store.read('count');
  if (read === undefined) throw new Error('the count is gone');
  const raised = String(Number(read.text) + 1);
  try {
    await store.replace('count', raised, read.version);
    done += 1;
    process.stdout.write(`${raised}\n`);
  } catch (error) {
    if (!(error instanceof VersionConflictError)) throw error;
  }
}
