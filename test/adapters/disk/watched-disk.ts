import { dirname } from 'node:path';

type Fs = typeof import('node:fs');
type Callback = (error: Error | null, ...results: unknown[]) => void;

/** Calls of `node:fs` by which files of a store are made and read. */
const watchedCalls = [
  ...['openSync', 'closeSync', 'fchmodSync', 'fstatSync', 'lstatSync', 'writeFileSync', 'readFileSync'],
  ...['linkSync', 'renameSync', 'unlinkSync', 'writeFile', 'fsync', 'read'],
] as const;

/**
 * What a power cut would leave of what was written through `node:fs` since `clear`: bytes that were synced, under names in folders that
 * were synced after they got them. And a disk that fails at a call. A test puts it in the place of `node:fs` by `vi.mock`.
 */
class WatchedDisk {
  /** Names that were given to a file whose bytes were not safe: after a cut there is half a file. */
  readonly torn: string[] = [];
  /** The calls in their order. */
  calls: string[] = [];
  /** Asked before each call; what it gives is thrown. */
  refuse: ((call: string, number: number) => Error | undefined) | undefined;
  /** By what tells a file from all others, whatever its names. */
  readonly #unsafeBytes = new Set<string>();
  /** Names that were given and whose folder was not synced since. */
  readonly #unsafeNames = new Set<string>();
  readonly #opened = new Map<number, string>();

  clear(): void {
    this.torn.length = 0;
    this.calls = [];
    this.refuse = undefined;
    this.#unsafeBytes.clear();
    this.#unsafeNames.clear();
  }

  /** Whether a file is there after a power cut, with its bytes. */
  isSafe(path: string, fs: Pick<Fs, 'statSync' | 'existsSync'>): boolean {
    if (!fs.existsSync(path) || this.#unsafeBytes.has(fileOf(fs.statSync(path)))) return false;
    for (let name = path; name !== dirname(name); name = dirname(name)) if (this.#unsafeNames.has(name)) return false;
    return true;
  }

  /** `node:fs` whose calls are noted here. */
  over(fs: Fs): Fs {
    const own: Partial<Record<string, unknown>> = {};
    for (const call of watchedCalls) {
      const original = fs[call] as (...given: unknown[]) => unknown;
      const watched = (...given: unknown[]) => {
        this.calls.push(call);
        const refusal = this.refuse?.(call, this.calls.length);
        const callback = given.at(-1);
        // The descriptor is let go of all the same, as by close(2).
        if (refusal && call === 'closeSync') original(...given);
        if (refusal && typeof callback === 'function') return void setImmediate(() => (callback as Callback)(refusal));
        if (refusal) throw refusal;
        return this.#noted(fs, call, original, given);
      };
      // Some say by a property of their own what `promisify` makes of them.
      own[call] = Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original));
    }
    const promises = {
      ...fs.promises,
      mkdir: async (...given: Parameters<Fs['promises']['mkdir']>) => {
        const made = await fs.promises.mkdir(...given);
        this.#unsafeNames.add(String(given[0]));
        return made;
      },
      copyFile: async (...given: Parameters<Fs['promises']['copyFile']>) => {
        await fs.promises.copyFile(...given);
        this.#unsafeBytes.add(fileOf(fs.statSync(given[1])));
      },
    };
    const all = { ...fs, ...own, promises } as Fs;
    return { ...all, default: all } as Fs;
  }

  #noted(fs: Fs, call: string, original: (...given: unknown[]) => unknown, given: unknown[]): unknown {
    const [first, second] = given;
    if (call === 'openSync') {
      const descriptor = original(...given) as number;
      this.#opened.set(descriptor, String(first));
      if (String(second).startsWith('w')) this.#unsafeBytes.add(fileOf(fs.fstatSync(descriptor)));
      return descriptor;
    }
    if (typeof first === 'number' && call.startsWith('writeFile')) this.#unsafeBytes.add(fileOf(fs.fstatSync(first)));
    if (call === 'linkSync' || call === 'renameSync') {
      const file = fileOf(fs.statSync(String(first)));
      original(...given);
      if (this.#unsafeBytes.has(file)) this.torn.push(String(second));
      this.#unsafeNames.add(String(second));
      return;
    }
    if (call !== 'fsync') return original(...given);
    const descriptor = Number(first);
    const file = fileOf(fs.fstatSync(descriptor));
    const folder = this.#opened.get(descriptor) ?? '';
    // Only what was there when the call began is safe when it returns.
    const names = [...this.#unsafeNames].filter((name) => dirname(name) === folder);
    const callback = given.at(-1) as Callback;
    return fs.fsync(descriptor, (error) => {
      if (!error) for (const name of names) this.#unsafeNames.delete(name);
      if (!error) this.#unsafeBytes.delete(file);
      callback(error);
    });
  }
}

const fileOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }) => `${dev}/${ino}`;

export const watchedDisk = new WatchedDisk();
