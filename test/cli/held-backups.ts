import { runCommandLine } from '../../cli/command-line.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';

/** Runs a command on a real folder of backups. */
export async function runOn(directory: string, ...argv: readonly string[]) {
  const io = new RecordedIo();
  const { product } = pretendProduct(undefined, { openBackups: async (of) => openLocalStores(of).backups });
  const exitCode = await runCommandLine([...argv, '--local', directory], io, product);
  return {
    exitCode,
    io,
    stdout: io.stdout.text.replaceAll(directory, 'DIR'),
    stderr: io.stderr.text.replaceAll(directory, 'DIR'),
  };
}

export const goldenCopy = (format: 'format-1' | 'format-2') => new GoldenFolder(format).copy();
