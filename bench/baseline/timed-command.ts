import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a command took, seen from outside: the start of its processes included. */
export interface Usage {
  readonly seconds: number;
  /** Of all its processes and their threads. */
  readonly cpuSeconds: number;
  /** Of the largest of its processes. */
  readonly peakMegabytes: number;
}

export interface TimedCommand {
  /** The Node that it runs on. @default the one of this process */
  readonly node?: string;
  /** What stands behind `node`. */
  readonly words: readonly string[];
  /** A new folder, for what its processes leave of themselves. */
  readonly folder: string;
}

export interface TimedEnd extends Usage {
  /** Requests that its processes had under way at once. */
  readonly mostInFlight: number;
  readonly stdout: string;
}

/** What `report-usage.cjs` writes. */
type ProcessUsage = Omit<TimedEnd, 'seconds' | 'stdout'>;

const reporter = fileURLToPath(new URL('report-usage.cjs', import.meta.url));

/** Runs a command to its end. Throws where it does not end well: its figures would say nothing. */
export async function timedCommand({ node = process.execPath, words, folder }: TimedCommand): Promise<TimedEnd> {
  mkdirSync(folder);
  const start = performance.now();
  const child = spawn(node, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // `--require` costs no more than a file that is read; it works in any version of the product, and of Node.
    env: {
      ...process.env,
      NODE_OPTIONS: [process.env.NODE_OPTIONS, `--require=${JSON.stringify(reporter)}`].join(' '),
      BENCH_USAGE: folder,
    },
  });
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) {
    throw new Error(`node ${words.join(' ')} ended with ${code}.\n${(await stderr).slice(-2_000)}`);
  }
  const parts = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessUsage);
  if (parts.length === 0) throw new Error(`node ${words.join(' ')} left no word of what it took.`);
  return {
    seconds,
    cpuSeconds: parts.reduce((sum, part) => sum + part.cpuSeconds, 0),
    peakMegabytes: Math.max(...parts.map((part) => part.peakMegabytes)),
    mostInFlight: Math.max(...parts.map((part) => part.mostInFlight)),
    stdout: await stdout,
  };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
