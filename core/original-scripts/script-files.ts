import { counted } from '../counted.ts';
import { DamagedBackupError } from '../errors.ts';
import type { JsonRecord } from '../model/json.ts';
import type { Gap, Notice } from '../model/outcome.ts';
import { readDisplayedObjects, readRecords, readScriptJson } from './read-records.ts';
import type { ScriptTree } from './script-tree.ts';

const shownFiles = 5;

/** Reads files of a backup of the scripts; one that cannot be read becomes a gap, each once, under its own name. */
export class ScriptFiles {
  readonly gaps: Gap[] = [];
  readonly #tree: ScriptTree;
  readonly #failed = new Set<string>();
  readonly #windows = new Set<string>();
  readonly #byKey = new Map<string, number>();

  constructor(tree: ScriptTree) {
    this.#tree = tree;
  }

  /** Undefined where it cannot be read, or is no record. */
  async record(path: string | undefined, place: Omit<Gap, 'error' | 'reason'>): Promise<JsonRecord | undefined> {
    const value = await this.#parsed(path, place, (bytes) => readScriptJson(bytes));
    if (value === undefined || path === undefined) return undefined;
    if (typeof value.value === 'object' && value.value !== null && !Array.isArray(value.value))
      return value.value as JsonRecord;
    this.fail(path, place, 'holds no record');
    return undefined;
  }

  /** Undefined where it cannot be read, or is no list. What is no record in it is a gap, and the rest is read. */
  async records(
    path: string | undefined,
    place: Omit<Gap, 'error' | 'reason'>,
  ): Promise<readonly JsonRecord[] | undefined> {
    const read = await this.#parsed(path, place, (bytes) => readRecords(bytes));
    if (read && path !== undefined && read.passedOver > 0) this.fail(path, place, 'holds entries that are no records');
    return read?.records;
  }

  /** Displayed objects by their ids; undefined where they cannot be read. What is none among them is a gap, and the rest is read. */
  async displayed(
    path: string,
    place: Omit<Gap, 'error' | 'reason'>,
  ): Promise<ReadonlyMap<string, JsonRecord> | undefined> {
    const read = await this.#parsed(path, place, readDisplayedObjects);
    if (!read) return undefined;
    if (read.passedOver > 0) this.fail(path, place, 'holds entries that are no objects, have no id, or stand twice');
    if (read.byKey > 0) this.#byKey.set(path, read.byKey);
    return read.objects;
  }

  /** Notes that a file is not as it should be. */
  fail(path: string, place: Omit<Gap, 'error' | 'reason'>, problem: string): void {
    if (this.#failed.has(path)) return;
    this.#failed.add(path);
    this.gaps.push({ ...place, error: 'DamagedBackupError', reason: `${path} ${problem}.` });
  }

  /** What was read otherwise than as it stands there. */
  notices(): Notice[] {
    return [...this.#idsOfKeys(), ...this.#asWindows()];
  }

  #idsOfKeys(): Notice[] {
    const count = [...this.#byKey.values()].reduce((sum, one) => sum + one, 0);
    if (count === 0) return [];
    const have = counted(count, 'displayed object has', 'displayed objects have');
    return [
      { kind: 'displayed-values-read', message: `${have} no id but the number in its key, which is taken for it.` },
    ];
  }

  #asWindows(): Notice[] {
    const { size } = this.#windows;
    if (size === 0) return [];
    const more = size > shownFiles ? `, and ${size - shownFiles} more` : '';
    const names = [...this.#windows].slice(0, shownFiles).join(', ') + more;
    return [{ kind: 'displayed-values-read', message: `Not in UTF-8, and read as text of Windows: ${names}.` }];
  }

  async #parsed<Read extends { problem?: string; isWindows?: boolean }>(
    path: string | undefined,
    place: Omit<Gap, 'error' | 'reason'>,
    parse: (bytes: Uint8Array) => Read,
  ): Promise<Exclude<Read, { problem: string }> | undefined> {
    if (path === undefined) return undefined;
    try {
      const read = parse(await this.#tree.read(path));
      if (read.problem !== undefined) this.fail(path, place, read.problem);
      else if (read.isWindows) this.#windows.add(path);
      return read.problem === undefined ? (read as Exclude<Read, { problem: string }>) : undefined;
    } catch (error) {
      if (!(error instanceof DamagedBackupError)) throw error;
      this.fail(path, place, error.message.replace(/\.$/, ''));
      return undefined;
    }
  }
}
