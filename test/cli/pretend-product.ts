import type { Product } from '../../cli/command-context.ts';
import { resultOf } from '../../core/backup/finish-backup.ts';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { leftOutOfNone } from '../../core/backup-format/left-out.ts';
import { formatName, formatVersion, type Manifest, manifestFile, sha256 } from '../../core/backup-format/manifest.ts';
import { diffBackups } from '../../core/diff/diff-backups.ts';
import { ChangedFileError, KeyExistsError, MissingKeyError, StackNotFoundError } from '../../core/errors.ts';
import { defaultActivity } from '../../core/model/activity.ts';
import type { BackupStore, FileToCopy } from '../../core/ports/backup-store.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { diffWithSiteLocally } from '../../local/local-diff.ts';
import { drillLocally } from '../../local/local-drill.ts';
import { relinkLocally, undoLocally } from '../../local/local-restore.ts';
import { restoreAtOnce } from './pretend-restore.ts';

export const backup = '2026-11-23_02-00-00';

/** A backup store in memory, for what the commands show; the disk has its own tests. */
export class MemoryBackups implements BackupStore {
  readonly files = new Map<string, Uint8Array>();

  async create(key: string, bytes: Uint8Array): Promise<void> {
    if (this.files.has(key)) throw new KeyExistsError(key);
    this.files.set(key, bytes);
  }

  async copy({ key: from, sha256: sum }: FileToCopy, key: string): Promise<void> {
    const bytes = await this.read(from);
    if (sha256(bytes) !== sum) throw new ChangedFileError(from);
    await this.create(key, bytes);
  }

  async read(key: string): Promise<Uint8Array> {
    const bytes = this.files.get(key);
    if (!bytes) throw new MissingKeyError(key);
    return bytes;
  }

  async readPart(key: string, from: number, bytes: number): Promise<Uint8Array> {
    return (await this.read(key)).subarray(from, from + bytes);
  }

  async *stream(key: string): AsyncIterable<Uint8Array> {
    yield await this.read(key);
  }

  async *list(prefix: string) {
    for (const [key, bytes] of this.files) if (key.startsWith(prefix)) yield { key, bytes: bytes.length };
  }

  async *folders(): AsyncIterable<string> {
    yield* new Set([...this.files.keys()].flatMap((key) => (key.includes('/') ? [key.split('/')[0] ?? ''] : [])));
  }

  addressOf(key: string): string {
    return `memory:${key}`;
  }

  /** Puts a backup in, without any file but its manifest. */
  add(manifest: Manifest): void {
    this.files.set(manifestKey(manifest.name), manifestFile(manifest));
  }
}

export function manifest(fields: Partial<Manifest> = {}): Manifest {
  return {
    format: formatName,
    formatVersion,
    name: backup,
    status: 'complete',
    site: {
      workspaceId: 'f1668d0c-828c-470c-b7d1-8c4f48cd345a',
      siteName: 'https://myorganization.atlassian.net',
      apiUrl: 'https://api.atlassian.com',
      login: 'basic',
    },
    startedAt: '2026-11-23T02:00:00.000Z',
    finishedAt: '2026-11-23T02:14:05.000Z',
    writtenBy: 'assets-backup 0.1.0',
    options: { objectSchemaKeys: null, full: false, activity: true, issueLinks: false, ...defaultActivity },
    schemas: [
      schema('1', 'FAC', 'Facilities', { Office: 12, Room: 1192 }),
      schema('2', 'USERS', 'Users', { User: 10_022 }),
    ],
    counts: {
      schemas: 2,
      objectTypes: 3,
      attributes: 31,
      objects: 11_226,
      attributeValues: 61_004,
      icons: 4,
      historyEntries: 40_101,
      comments: 233,
      historyRead: 11_226,
      commentsRead: 11_226,
      files: 11_300,
      bytes: 45_120_000,
    },
    activity: allRead(11_226, '2026-11-23T02:00:00.000Z'),
    issueLinks: null,
    references: { inside: 22_040, outside: 3 },
    requests: { 'object-aql': 30, 'object-count': 3, history: 11_226, comments: 11_226, configuration: 25 },
    notOffered: [],
    gaps: [],
    notices: [],
    measured: [],
    suspicions: [],
    fileLists: [],
    ...fields,
  } as Manifest;
}

function schema(id: string, key: string, name: string, types: Readonly<Record<string, number>>) {
  const objectTypes = Object.entries(types).map(([type, stored], index) => ({
    id: `${id}${index}`,
    name: type,
    expected: stored,
    stored,
    objectsMeta: [],
    objects: [],
    attributes: null,
    activity: null,
    ...leftOutOfNone,
  }));
  return { id, key, name, folder: key, objectTypes, base: { backup: null, passedOver: [] } };
}

/** Of a first backup: the site gave all history and comments to it. */
export function allRead(objects: number, startedAt: string): Manifest['activity'] {
  const read = { read: objects, carried: 0, missing: 0, oldest: objects === 0 ? null : startedAt };
  return { history: read, comments: read };
}

/** The product with a backup that is written at once, into memory. */
export function pretendProduct(made: Manifest = manifest(), parts: Partial<Product> = {}) {
  const backups = new MemoryBackups();
  const product: Product = {
    backUp: async () => {
      backups.add(made);
      return resultOf(backups, made);
    },
    openBackups: async () => backups,
    verify: verifyBackup,
    restore: restoreAtOnce(),
    undo: undoLocally,
    relink: relinkLocally,
    drill: drillLocally,
    diff: diffBackups,
    diffWithSite: diffWithSiteLocally,
    openStack: async ({ stack }) => {
      throw new StackNotFoundError(`There is no stack ${stack}.`);
    },
    ...parts,
  };
  return { product, backups };
}
