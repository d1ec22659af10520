import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What can lie at a path where a file is looked for. `outside` is a folder of the test's own, beside the backups. */
export const kindsOfFile: Readonly<Record<string, (path: string, outside: string) => void | Promise<void>>> = {
  'a named pipe': (path) => {
    execFileSync('mkfifo', [path]);
  },
  'a socket': async (path) => {
    // The name of a socket may have 107 bytes, and its folder may lie on a disk of its own: a short link leads to that. Closing
    // removes the name by which it was opened, so the socket gets its own only then.
    const short = join(tmpdir(), `${process.pid}-${Math.random().toString(36).slice(2)}`);
    symlinkSync(dirname(path), short);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(short, 'socket'), resolve));
    renameSync(join(dirname(path), 'socket'), path);
    rmSync(short);
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
