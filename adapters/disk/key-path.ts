/**
 * How a key becomes a path, and back.
 *
 * Plain names stay as they are. What some disk refuses or reads in its own way is written as `%XX` of its UTF-8 bytes, so that
 * every key has exactly one path on Windows, macOS and Linux, no key leaves the root, and a listing gives the keys back:
 * `<>:"\|?*%` and control characters, a trailing dot or space (Windows drops them; `.` and `..` are such names), the first
 * letter of a device name (`CON`, `nul.txt`). An empty name, as in `a//b`, is `%_`.
 *
 * At the top a leading dot and the hidden names are written so too: `.work` and `logs` are folders of the program beside the
 * backups, and a key must not reach into them.
 */
export class KeyPaths {
  readonly #hidden: ReadonlySet<string>;

  /** @param hidden names at the top of the root that are no keys, in any case of letters; names with a leading dot always are */
  constructor(hidden: readonly string[] = []) {
    this.#hidden = new Set(hidden.map(folded));
  }

  /** The names on disk, from the root on, for a key or the beginning of one. */
  encode(segments: readonly string[]): string[] {
    return segments.map((segment, depth) => this.encodeAt(segment, depth));
  }

  /** The name on disk of a key's segment; depth 0 is the top of the root. */
  encodeAt(segment: string, depth: number): string {
    const name = encodeName(segment);
    return depth === 0 && (name.startsWith('.') || this.#hidden.has(folded(name))) ? escapeFirst(name) : name;
  }

  /** The key segment of a name on disk; undefined where no key gives that name: hidden, or a stranger's such as `.DS_Store`. */
  decode(name: string, depth: number): string | undefined {
    const segment = decodeName(name);
    return segment !== undefined && this.encodeAt(segment, depth) === name ? segment : undefined;
  }
}

const emptyName = '%_';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const refused = /[<>:"\\|?*%\u0000-\u001f\u007f]/g;
/** Windows takes these for devices, with any ending and with spaces before it. */
const device = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

function encodeName(segment: string): string {
  if (segment === '') return emptyName;
  const name = segment.replace(refused, percent).replace(/[. ]$/, percent);
  return device.test(name) ? escapeFirst(name) : name;
}

function decodeName(name: string): string | undefined {
  if (name === emptyName) return '';
  try {
    return decodeURIComponent(name);
  } catch (error) {
    // A stranger's file, such as `100%.txt`.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function escapeFirst(name: string): string {
  const [first = ''] = name;
  return percent(first) + name.slice(first.length);
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
