import type { Bench } from '../bench.ts';
import { type FigureGroup, units } from '../figure.ts';
import type { HashedBackup } from '../processes/hash-files.ts';
import type { ReadingReport } from '../processes/verify.ts';
import { largeBackup } from './large-backup.ts';

/** Verifying the large backup, next to reading and hashing its files. */
export async function measureVerification(bench: Bench): Promise<FigureGroup> {
  const { stored, report } = await largeBackup(bench);
  bench.progress(`verify of ${report.objects} objects`);
  // First, so that the files come from the disk's cache for both or, where they do not fit, for neither.
  const floor = await bench.workshop.run<ReadingReport>('hash-files', {
    ...stored,
    // As many as `verify` reads at once.
    filesAtOnce: 8,
  } satisfies HashedBackup);
  const verified = await bench.workshop.run<ReadingReport>('verify', stored);
  return {
    heading: `verify: the backup of ${report.objects.toLocaleString('en-US')} objects, ${verified.files} files, ${Math.round(verified.bytes / 1e6).toLocaleString('en-US')} MB`,
    figures: [
      {
        what: 'speed',
        measured: speedOf(verified),
        unit: units.megabytesPerSecond,
        bound: { kind: 'floor', value: speedOf(floor) },
      },
      {
        what: 'time',
        measured: verified.seconds,
        unit: units.seconds,
        bound: { kind: 'floor', value: floor.seconds },
      },
      {
        what: 'peak memory of its process',
        measured: verified.peakMegabytes,
        unit: units.megabytes,
        bound: { kind: 'floor', value: floor.peakMegabytes },
      },
    ],
    notes: ['floor: the same files read and hashed (SHA-256), as many at once, with nothing else done'],
  };
}

function speedOf({ bytes, seconds }: ReadingReport): number {
  return bytes / 1e6 / seconds;
}
