import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a suite needs cannot be had on this machine; the message says why, in one sentence. */
export class NotAvailableError extends Error {
  override readonly name = 'NotAvailableError';
}

export interface PythonEnvironment {
  /** What is installed, as messages name it: `MiniStack 1.5.33`. It also names the folder. */
  readonly name: string;
  /** What `pip install` is given: packages with their versions, `--constraint FILE`. */
  readonly packages: readonly string[];
  /** Other programs that it needs, which tell their version by `-version`. */
  readonly needs?: readonly string[];
  /** What else belongs into the environment's folder, such as jars. */
  readonly complete?: (place: string) => Promise<unknown>;
}

/** 3.13 was tried; the packages say that they run on the others. Then whatever the machine calls its Python. */
const versions = ['3.13', '3.12', '3.11'];

/**
 * A virtual environment of its own below `node_modules`, made where it is not there yet, with the newest Python that
 * starts. Gives its folder. Throws NotAvailableError.
 */
export async function installPython({ name, packages, needs = [], complete }: PythonEnvironment): Promise<string> {
  const folder = name.toLowerCase().replaceAll(' ', '-');
  const place = resolve(import.meta.dirname, '../../node_modules/.cache', folder);
  const isComplete = join(place, 'complete');
  if (existsSync(isComplete)) return place;
  const startedAt = Date.now();
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { recursive: true, force: true });
  try {
    for (const program of needs) await run(program, ['-version']);
    await run(await startingPython(), ['-m', 'venv', place]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(join(place, 'bin', 'pip'), ['install', ...quiet, ...packages], { timeout: 900_000 });
    await complete?.(place);
    await writeFile(isComplete, '');
  } catch (error) {
    await rm(place, { recursive: true, force: true });
    throw new NotAvailableError(`${name} could not be installed: ${reasonOf(error)}.`, { cause: error });
  }
  process.stdout.write(`${name} was installed in ${Math.round((Date.now() - startedAt) / 1000)} seconds.\n`);
  return place;
}

/** A name on the path may be a shim that finds nothing until its version is chosen: what starts is found by starting it. */
async function startingPython(): Promise<string> {
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const candidates = [
    ...versions.flatMap((version) => [`python${version}`, ...globSync(join(pyenv, `${version}.*`, 'bin', 'python3'))]),
    'python3',
  ];
  for (const candidate of candidates) {
    const starts = await run(candidate, ['-c', 'import ensurepip, venv']).then(
      () => true,
      () => false,
    );
    if (starts) return candidate;
  }
  throw new NotAvailableError('there is no Python that starts');
}

/** The last line that the program wrote, or what kept it from starting. */
function reasonOf(error: unknown): string {
  const { message, code, path, stdout = '', stderr = '' } = error as Error & Record<string, string | undefined>;
  if (code === 'ENOENT') return `there is no ${path}`;
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? message).trim().replace(/\.$/, '');
}
