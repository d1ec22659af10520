import { issueLinksKey } from '../../backup-format/keys.ts';
import type { StoredFile } from '../../backup-format/manifest.ts';
import { arrayFileOfBytes } from '../../backup-format/record-files.ts';
import type { IssueRecord } from '../../ports/issues-reader.ts';
import type { Services } from '../../ports/services.ts';
import { linkedObjectIds } from '../../reading/stored-issue-links.ts';
import { mostBytes, mostObjects } from '../shard-writer.ts';
import { storeFile } from '../store-file.ts';

/** What has been stored of a field; survives an invocation that runs out of time. */
export interface StoredIssues {
  readonly files: StoredFile[];
  /** Files that lay where shards were to be stored. */
  readonly strays: string[];
  /** Objects in the issues of these files, each once for each issue. */
  links: number;
}

/** Writes the issues of one field, as the site gave them, into files of some megabytes, of which one is held at a time. */
export class IssueShards {
  readonly stored: StoredIssues;
  readonly #services: Pick<Services, 'backups'>;
  readonly #backup: string;
  readonly #fieldId: string;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #waitingLinks = 0;

  constructor(
    services: Pick<Services, 'backups'>,
    place: { readonly backup: string; readonly fieldId: string },
    stored: StoredIssues = { files: [], strays: [], links: 0 },
  ) {
    this.#services = services;
    this.#backup = place.backup;
    this.#fieldId = place.fieldId;
    this.stored = stored;
  }

  async add(issue: IssueRecord): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(issue));
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#waitingLinks += new Set(linkedObjectIds(issue.fields, this.#fieldId)).size;
    if (this.#waiting.length >= mostObjects || this.#waitingBytes >= mostBytes) await this.flush();
  }

  /** Stores what waits as a shard. `isWhole`: where it is the field's only one, its name needs no number; it is stored empty too. */
  async flush(isWhole = false): Promise<void> {
    const { files, strays } = this.stored;
    const isOnly = isWhole && files.length === 0;
    if (this.#waiting.length === 0 && !isOnly) return;
    const key = issueLinksKey(this.#backup, this.#fieldId, isOnly ? undefined : files.length + 1);
    const { backups } = this.#services;
    files.push(await storeFile(backups, key, arrayFileOfBytes(this.#waiting), this.#waiting.length, strays));
    this.stored.links += this.#waitingLinks;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#waitingLinks = 0;
  }
}
