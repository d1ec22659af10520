import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const launcher = fileURLToPath(new URL('../../cli/assets-backup.mjs', import.meta.url));

export interface EndedProcess {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  /** Everything written to stderr so far. */
  readonly stderr: () => string;
  readonly ended: Promise<EndedProcess>;
}

/** Runs the real command in a process of its own, with no settings but these in its environment. */
export function startCommand(argv: readonly string[], { env = {}, node = process.execPath } = {}): RunningProcess {
  return startProcess([node, launcher, ...argv], env, 'ignore');
}

/** The same of any program; it is stopped with the test. */
export function startProcess(
  [program = '', ...argv]: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: 'ignore' | 'pipe',
): RunningProcess {
  const child = spawn(program, argv, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<EndedProcess>((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, stderr: () => stderr, ended };
}

export function runCommand(argv: readonly string[], options: { env?: Record<string, string>; node?: string } = {}) {
  return startCommand(argv, options).ended;
}
