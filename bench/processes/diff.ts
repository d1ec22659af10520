import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { diffBackups } from '../../core/diff/diff-backups.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { finish, inputOf, secondsSince } from './parent.ts';
import { silentReporter } from './silent-reporter.ts';

export interface DiffInput {
  readonly directory: string;
  readonly left: string;
  readonly right: string;
  /** Whether memory is weighed, which takes time. */
  readonly isWeighed: boolean;
}

export interface DiffReport {
  readonly objects: number;
  readonly lines: number;
  readonly seconds: number;
  /** The most that was alive at once, of V8's heap and of arrays beside it, beyond what was there before; 0 where nobody weighs. */
  readonly bytes: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Of all objects of both backups; and each so many lines. */
const [timesWeighed, linesBetween] = [10, 1_000];

const { directory, left, right, isWeighed } = await inputOf<DiffInput>();
const { backups } = openLocalStores(directory);
const manifests = [await openBackup(backups, left), await openBackup(backups, right)] as const;
const objects = manifests.reduce((sum, { counts }) => sum + counts.objects, 0);
const before = alive();
let [met, lines, most] = [0, 0, 0];
const weigh = () => {
  if (isWeighed) most = Math.max(most, alive() - before);
};
const start = performance.now();
await diffBackups(
  {
    backups,
    reporter: {
      ...silentReporter,
      advanced: () => {
        met += 1;
        if (met % Math.ceil(objects / timesWeighed) === 0) weigh();
      },
    },
  },
  ...manifests,
  {
    filters: {},
    onLine: () => {
      if (lines % linesBetween === 0) weigh();
      lines += 1;
    },
  },
);
const report: DiffReport = { objects: objects / 2, lines, seconds: secondsSince(start), bytes: most };
await finish(report);

function alive(): number {
  // Arrays that the first one has found to be garbage are freed beside it, and still counted.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
