import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a run of the bench makes outside itself: one temporary folder, and processes. All of it goes when this process
 * ends, whatever way it ends; only a SIGKILL leaves the folder.
 *
 * Whatever is measured runs in a process of its own, so that nobody else's garbage is collected in its time. This process
 * stays small: Linux counts the memory that a process had before exec, a copy of ours, into the child's peak.
 */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'assets-backup-bench-'));
  readonly #children = new Set<ChildProcess>();
  #folders = 0;

  constructor() {
    process.once('exit', () => this.clear());
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
  }

  /** The name of a new folder, which is not made. */
  folder(): string {
    this.#folders += 1;
    return join(this.#folder, String(this.#folders));
  }

  /**
   * Removes a folder that nobody needs any more, if it has few files; the others go at the end. For each new file ext4 goes past those that
   * were removed in the last minutes, one by one: whoever runs next would pay for it, some milliseconds a file.
   */
  discard(folder: string): void {
    if (readdirSync(folder, { recursive: true }).length < manyFiles) rmSync(folder, { recursive: true });
  }

  /**
   * Starts `bench/processes/<name>.ts`, which reads its input by `inputOf`.
   * @param memoryMegabytes of the function that it stands for: half of it is what V8 takes for its heap by itself on Lambda
   */
  start(name: string, input: object, memoryMegabytes?: number): ChildProcess {
    const file = fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url));
    // What is measured prints to stderr: stdout is for the table.
    // As cli/assets-backup.mjs starts the command.
    const heap = memoryMegabytes === undefined ? [] : [`--max-old-space-size=${memoryMegabytes / 2}`];
    const execArgv = ['--max-semi-space-size=8', '--heap-growing-percent=100', ...heap];
    const child = fork(file, { stdio: ['ignore', 2, 2, 'ipc'], execArgv });
    child.send(input);
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Runs such a process to its end and gives what it sent. */
  async run<Result>(name: string, input: object, memoryMegabytes?: number): Promise<Result> {
    const child = this.start(name, input, memoryMegabytes);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const result = await nextMessage<Result>(child);
    await ended;
    return result;
  }

  /** Ends what still runs, and removes the folder. */
  clear(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    // A killed process may take a moment to let go of its files.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

const manyFiles = 2_000;

/** What a child sends next. Its type is the word of the file in `processes/` that sends it. */
export function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      child.off('exit', onExit);
      resolve(message as Message);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null) => {
      child.off('message', onMessage);
      reject(new Error(`A process of the bench ended early (${signal ?? `exit code ${code}`}).`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}
