import { spawn } from 'node:child_process';
import { StorageError } from '../core/errors.ts';

/** What shows a file in the program that the person has chosen for its kind; no shell sees its path. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...words: string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Throws StorageError where nothing on this machine shows it. */
export async function openFile(path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
  const problem = await new Promise<string | undefined>((resolve) => {
    const opener = spawn(command, [...words, path], { env, stdio: 'ignore', shell: false });
    opener.on('error', ({ message }) => resolve(message));
    opener.on('exit', (code) => resolve(code === 0 ? undefined : `it ended with ${code}`));
  });
  if (problem === undefined) return;
  throw new StorageError(`${command} could not open the report: ${problem}. Open ${path} in a browser.`);
}
