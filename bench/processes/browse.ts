import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readPageFiles } from '../../browse/page-files.ts';
import { startBrowseServer } from '../../browse/server.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { BrowseFolder } from '../../local/browse-folder.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { BackupAnswer, ObjectsAnswer, SearchAnswer } from '../../pages/answers.ts';
import { finish, inputOf, secondsSince } from './parent.ts';
import type { StoredBackup } from './verify.ts';

export interface BrowseInput extends StoredBackup {
  /** Whether memory is weighed, which takes time. */
  readonly isWeighed: boolean;
}

export interface BrowseReport {
  /** What it takes to read all files of objects and to parse them. */
  readonly readingSeconds: number;
  /** From the first question until the index is there. */
  readonly indexSeconds: number;
  /** The page and what it asks for at first, while the index is made. */
  readonly firstSeconds: number;
  readonly searchSeconds: number;
  readonly found: number;
  /** The first page of a grid that is sorted anew, and one of an order that was made. */
  readonly sortSeconds: number;
  readonly pageSeconds: number;
  /** The most that was alive at once, of V8's heap and of arrays beside it, beyond what was there before; 0 where nobody weighs. */
  readonly bytes: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const { directory, backup, isWeighed } = await inputOf<BrowseInput>();
// Every turn makes the index anew.
rmSync(join(directory, '.work', 'browse'), { recursive: true, force: true });
const { backups, work } = openLocalStores(directory);
const manifest = await openBackup(backups, backup);
const files = manifest.schemas.flatMap(({ objectTypes }) => objectTypes.flatMap(({ objectsMeta }) => objectsMeta));

let start = performance.now();
for (const file of files) JSON.parse(await readFile(join(directory, file), 'utf8'));
const readingSeconds = secondsSince(start);

const before = alive();
let most = 0;
const server = await startBrowseServer(
  {
    ...{ name: directory, restoreWords: [], searchesValues: true, version: '0', backups, work },
    indexes: await BrowseFolder.beside(directory),
    onFault: (error) => {
      throw error;
    },
  },
  await readPageFiles(),
);
const { origin, hash } = new URL(server.address);
const ask = async <Answer>(path: string, query: Record<string, string> = {}): Promise<Answer> => {
  const answer = await fetch(`${origin}${path}?${new URLSearchParams({ backup, ...query })}`, {
    headers: { 'x-assets-backup-token': hash.slice(1) },
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}.`);
  return (await answer.json()) as Answer;
};

start = performance.now();
const { schemas } = await ask<BackupAnswer>('/api/backup');
const types = schemas.flatMap(({ id, types: of }) =>
  of.map((type) => ({ schema: id, type: type.id, objects: type.objects })),
);
const [largest = { schema: '', type: '', objects: 0 }] = types.toSorted((one, other) => other.objects - one.objects);
const { schema, type } = largest;
const first = await ask<ObjectsAnswer>('/api/objects', { schema, type });
const firstSeconds = secondsSince(start);
for (let isReady = false; !isReady; ) {
  isReady = (await ask<SearchAnswer>('/api/search', { words: 'nothing' })).state === 'found';
  weigh();
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const indexSeconds = secondsSince(start);

let [searchSeconds, found] = [0, 0];
for (const words of ['a', 'o', 'server', 'a e', 'ASSETS-12', 'nothing at all', '1', '2024']) {
  start = performance.now();
  const answer = await ask<SearchAnswer>('/api/search', { words });
  searchSeconds = Math.max(searchSeconds, secondsSince(start));
  if (answer.state === 'found') found = Math.max(found, answer.total);
  weigh();
}
const columns = first.state === 'page' ? first.columns.slice(0, 6) : [];
let [sortSeconds, pageSeconds] = [0, 0];
for (const { id } of columns) {
  start = performance.now();
  await sorted({ sort: id });
  sortSeconds = Math.max(sortSeconds, secondsSince(start));
  for (const from of [0, Math.floor(largest.objects / 2), Math.max(0, largest.objects - 50)]) {
    start = performance.now();
    await sorted({ sort: id, order: 'down', from: String(from), filter: 'a' });
    pageSeconds = Math.max(pageSeconds, secondsSince(start));
    weigh();
  }
}
await server.close();
const report: BrowseReport = {
  ...{ readingSeconds, indexSeconds, firstSeconds, searchSeconds, found, sortSeconds, pageSeconds },
  bytes: most,
};
await finish(report);

/** A page of the type in an order: the server waits a moment for it, and is asked again. */
async function sorted(query: Readonly<Record<string, string>>): Promise<void> {
  while ((await ask<ObjectsAnswer>('/api/objects', { schema, type, ...query })).state !== 'page');
}

function weigh(): void {
  if (isWeighed) most = Math.max(most, alive() - before);
}

function alive(): number {
  // Arrays that the first one has found to be garbage are freed beside it, and still counted.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
