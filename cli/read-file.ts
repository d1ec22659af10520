import { readFile } from 'node:fs/promises';
import { messageOf, WrongInputError } from '../core/errors.ts';

/** The text of a file that an option names, without the mark that Windows editors write. Throws WrongInputError. */
export async function readTextFile(file: string, option: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new WrongInputError(`There is no file ${file} (${option}).`);
    if (code === 'EISDIR') throw new WrongInputError(`${file} is a folder; ${option} needs a file.`);
    if (code === 'EACCES') throw new WrongInputError(`This user may not read ${file} (${option}).`);
    throw new WrongInputError(`${file} (${option}) could not be read: ${messageOf(error)}`);
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
