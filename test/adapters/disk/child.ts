import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** What it wrote to stdout, a line at a time. */
  readonly lines: AsyncIterableIterator<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** As `kill -9`; returns when it is gone. */
  kill(): Promise<void>;
  /** Waits for its end; throws where it did not end well. */
  end(): Promise<void>;
}

/** A process of its own that runs a program of `programs/`. `shell` is put before it, as `umask 077`. */
export function startChild(program: string, args: readonly string[], shell = ':'): Child {
  const file = fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url));
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    'sh',
    ['-c', `${shell} && exec "$0" "$@"`, process.execPath, file, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  if (child.pid === undefined) throw new Error('the child did not start');
  return {
    pid: child.pid,
    ended,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async end() {
      const how = await ended;
      if (how !== 0) throw new Error(`${program} ended with ${how}`);
    },
  };
}
