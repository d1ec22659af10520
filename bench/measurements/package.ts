import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand } from '../../packaging/bundle-command.ts';
import { timedCommand } from '../baseline/timed-command.ts';
import type { Bench } from '../bench.ts';
import { type FigureGroup, units } from '../figure.ts';
import { median } from '../median.ts';

const turns = 20;
/** Two starts of Node would be two of these by themselves. */
const mostStarts = 4;

/** The command as a package has it: how long it takes to say what there is, beside Node that does nothing. */
export async function measurePackage({ workshop, progress }: Bench): Promise<FigureGroup> {
  progress('the bundle of a package');
  const installed = workshop.folder();
  const launcher = join(installed, 'cli/assets-backup.mjs');
  cpSync(fileURLToPath(new URL('../../cli/assets-backup.mjs', import.meta.url)), launcher);
  const bundle = join(installed, 'bundle');
  await bundleCommand(bundle);

  progress(`--help and node -e 0, ${turns} times in turn`);
  const seconds = async (...words: string[]) => (await timedCommand({ words, folder: workshop.folder() })).seconds;
  const help: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    bare.push(await seconds('-e', '0'));
    help.push(await seconds(launcher, '--help'));
  }
  const files = readdirSync(bundle).filter((name) => name.endsWith('.mjs'));
  const bytes = files.reduce((sum, name) => sum + statSync(join(bundle, name)).size, 0);
  return {
    heading: `package: the bundled command, median of ${turns}`,
    figures: [
      {
        what: '--help',
        measured: 1000 * median(help),
        unit: units.milliseconds,
        bound: { kind: 'at most', value: mostStarts * 1000 * median(bare) },
      },
      { what: 'node -e 0', measured: 1000 * median(bare), unit: units.milliseconds },
      { what: 'size of the bundle', measured: bytes / 1e6, unit: units.megabytes },
    ],
    notes: [`the limit: ${mostStarts} times node -e 0`],
  };
}
