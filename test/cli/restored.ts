import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../cli/command-line.ts';
import type { LocalRestoreOptions } from '../../local/local-restore.ts';
import { manifest, pretendProduct } from './pretend-product.ts';
import { type PretendRestore, restoreAtOnce } from './pretend-restore.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const env = { ASSETS_SITE_NAME: 'target.atlassian.net', ASSETS_API_TOKEN: 'token' };

export interface Attempt extends PretendRestore {
  /** Written beside the backups before the command runs: as text, or as JSON. */
  readonly files?: Readonly<Record<string, string | object>>;
  readonly env?: Record<string, string>;
  readonly askSecret?: (question: string) => Promise<string>;
  /** What a person answers at a terminal; without it there is none. */
  readonly ask?: (question: string, io: RecordedIo) => Promise<string>;
}

/** Runs a command against a pretend product whose folder has one backup; `@name` in argv is a file of `files`. */
export async function run(argv: readonly string[], attempt: Attempt = {}) {
  const directory = temporaryFolder();
  const files = temporaryFolder();
  for (const [name, content] of Object.entries(attempt.files ?? {})) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(files, name), text, { mode: 0o600 });
  }
  const { product, backups } = pretendProduct();
  backups.add(manifest());
  const asked: LocalRestoreOptions[] = [];
  const restore = restoreAtOnce(attempt);
  const io = new RecordedIo({
    env: attempt.env ?? env,
    ...(attempt.askSecret && { askSecret: attempt.askSecret }),
  });
  const { ask } = attempt;
  if (ask) io.ask = (question) => ask(question, io);
  const [command = '', ...rest] = argv.map((word) => (word.startsWith('@') ? join(files, word.slice(1)) : word));
  const exitCode = await runCommandLine([command, '--local', directory, ...rest], io, {
    ...product,
    restore: (options) => {
      asked.push(options);
      return restore(options);
    },
  });
  return {
    exitCode,
    directory,
    files,
    io,
    stdout: io.stdout.text,
    stderr: io.stderr.text,
    /** Undefined where nothing was started. */
    asked: asked[0],
    /** The same of every run that was started. */
    allAsked: asked.map(({ choices }) => choices),
    lastLine: io.stdout.text.trimEnd().split('\n').at(-1) ?? '',
  };
}
