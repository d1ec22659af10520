import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { roomyPlace } from './local-run.ts';

/** What can lie at a path where a file is looked for. `outside` is a folder of the test's own, beside the backups. */
export const kindsOfFile: Readonly<Record<string, (path: string, outside: string) => void | Promise<void>>> = {
  'a named pipe': (path) => {
    execFileSync('mkfifo', [path]);
  },
  'a socket': async (path) => {
    // The name of a socket may have 107 bytes, and listening needs one; afterwards it is a file like others.
    const short = join(roomyPlace(), `socket-${process.pid}-${Math.random().toString(36).slice(2)}`);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(short, resolve));
    renameSync(short, path);
    await new Promise((resolve) => server.close(resolve));
  },
  'a link to an endless device': (path) => symlinkSync('/dev/zero', path),
  'a link to nothing': (path) => symlinkSync('/nowhere/at/all', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a folder': (path) => {
    mkdirSync(path);
    writeFileSync(join(path, 'inside.json'), '[]');
  },
};

/** The same of what had the very bytes once, so that a checksum alone does not tell it. */
export const kindsWithBytes: Readonly<Record<string, (path: string, outside: string, original: string) => void>> = {
  'a link to the file itself, outside': (path, outside, original) => {
    cpSync(original, join(outside, 'same-bytes'));
    symlinkSync(join(outside, 'same-bytes'), path);
  },
  'a link to the file itself, beside it': (path, _outside, original) => {
    writeFileSync(`${path}.original`, readFileSync(original));
    symlinkSync(`${path}.original`, path);
  },
};

/** Puts one thing in the place of a file, calls `look`, and puts the file back. */
export async function inPlaceOf<T>(
  path: string,
  outside: string,
  make: (path: string, outside: string, original: string) => void | Promise<void>,
  look: () => Promise<T>,
): Promise<T> {
  const original = join(outside, 'original');
  renameSync(path, original);
  try {
    await make(path, outside, original);
    return await look();
  } finally {
    for (const made of [path, `${path}.original`, join(outside, 'same-bytes')])
      rmSync(made, { recursive: true, force: true });
    renameSync(original, path);
  }
}
