import { readFile } from 'node:fs/promises';
import { messageOf, WrongInputError } from '../core/errors.ts';

/**
 * The text of a file that an option names: UTF-8, or UTF-16 with its mark, as PowerShell and spreadsheets write it; without the mark.
 * Throws WrongInputError, also for other encodings, which would turn names into other names.
 */
export async function readTextFile(file: string, option: string): Promise<string> {
  try {
    return textIn(file, option, await readFile(file));
  } catch (error) {
    if (error instanceof WrongInputError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new WrongInputError(`There is no file ${file} (${option}).`);
    if (code === 'EISDIR') throw new WrongInputError(`${file} is a folder; ${option} needs a file.`);
    if (code === 'EACCES') throw new WrongInputError(`This user may not read ${file} (${option}).`);
    throw new WrongInputError(`${file} (${option}) could not be read: ${messageOf(error)}`);
  }
}

function textIn(file: string, option: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new WrongInputError(
      `${file} (${option}) is not UTF-8 text. Save it as UTF-8, in a spreadsheet as "CSV UTF-8".`,
    );
  }
}

/** The same for JSON. What stands in the file is never shown: it may be a token. */
export async function readJsonFile(file: string, option: string): Promise<unknown> {
  const text = await readTextFile(file, option);
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own sentence quotes the text; only the place in it is kept.
    const place = /line \d+ column \d+/.exec(messageOf(error))?.[0];
    throw new WrongInputError(
      `${file} is not valid JSON${place ? ` at ${place.replace(' column', ', column')}` : ''}.`,
    );
  }
}
