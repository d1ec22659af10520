import type { Manifest } from '../../../core/backup-format/manifest.ts';
import { type DiffOptions, diffBackups } from '../../../core/diff/diff-backups.ts';
import type { ConfigurationLine, DiffLine, DiffSummary, ObjectLine } from '../../../core/diff/diff-lines.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { RecordingReporter } from '../../end-to-end/local-run.ts';

export interface Diffed {
  readonly summary: DiffSummary;
  readonly lines: readonly DiffLine[];
  readonly objects: readonly ObjectLine[];
  readonly configuration: readonly ConfigurationLine[];
}

/** Compares two backups of a folder. */
export async function diffed(
  directory: string,
  left: Manifest,
  right: Manifest,
  options: Partial<DiffOptions> = {},
): Promise<Diffed> {
  const lines: DiffLine[] = [];
  const services = { ...openLocalStores(directory), reporter: new RecordingReporter() };
  const summary = await diffBackups(services, left, right, {
    filters: {},
    onLine: (line) => void lines.push(line),
    ...options,
  });
  return {
    summary,
    lines,
    objects: lines.filter((line) => line.kind === 'object'),
    configuration: lines.filter((line) => line.kind !== 'object'),
  };
}
