import { mkdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AskedRequest, SiteReady } from './site.ts';

export interface BareLoopInput {
  readonly site: Pick<SiteReady, 'url' | 'credentials'>;
  /** One list after the other: a list begins when all answers to the one before have been read. */
  readonly requests: readonly (readonly AskedRequest[])[];
  /** Requests under way at once. */
  readonly atOnce: number;
  /** A new folder. */
  readonly directory: string;
  /** Files to write there, as the answers come. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** What it took to read the input, which is no part of the loop. */
export interface BareLoopReport {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const [inputFile = ''] = process.argv.slice(2);
const [start, cpuStart] = [performance.now(), process.cpuUsage()];
const { site, requests, atOnce, directory, files } = JSON.parse(readFileSync(inputFile, 'utf8')) as BareLoopInput;
const { user, system } = process.cpuUsage(cpuStart);
const report: BareLoopReport = { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };

const { username, apiToken } = site.credentials;
const authorization = `Basic ${Buffer.from(`${username}:${apiToken}`).toString('base64')}`;
const headers = { authorization, accept: '*/*', 'content-type': 'application/json' };
// The same bytes for all: what a file holds makes no difference to the time that writing it takes.
const content = Buffer.alloc(Math.max(0, ...files.map(({ bytes }) => bytes)), ' ');
for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
  mkdirSync(join(directory, folder), { recursive: true });
}
const total = requests.reduce((sum, list) => sum + list.length, 0);
let [answered, written] = [0, 0];
for (const list of requests) {
  const queue = list.values();
  await Promise.all(Array.from({ length: atOnce }, () => fetchFrom(queue)));
}
process.stdout.write(JSON.stringify(report));

async function fetchFrom(queue: Iterable<AskedRequest>): Promise<void> {
  for (const { method, path, body } of queue) {
    const response = await fetch(site.url + path, { method, headers, ...(body !== '' && { body }) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}.`);
    answered += 1;
    const due = Math.floor((files.length * answered) / total);
    for (let file = files[written]; file && written < due; file = files[written]) {
      written += 1;
      await writeFile(join(directory, file.path), content.subarray(0, file.bytes));
    }
  }
}
