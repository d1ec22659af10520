import { crc32 } from 'node:zlib';
import type { StoredFile } from '../../core/backup-format/manifest.ts';
import { DamagedBackupError } from '../../core/errors.ts';
import { parseLosslessJson } from '../../core/lossless-json.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import { type BackupStore, partOf } from '../../core/ports/backup-store.ts';

/** Where an object stands in a file of objects, and the sum of its bytes. */
export interface LinePlace {
  readonly at: number;
  readonly bytes: number;
  readonly sum: number;
}

const [newline, comma, brace] = [0x0a, 0x2c, 0x7b];

/**
 * Where the objects of a file stand: every file of a backup has one on each line. Throws DamagedBackupError of one that somebody has laid
 * out anew and sealed.
 */
export function linePlaces({ key, records }: StoredFile, file: Uint8Array): LinePlace[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const places: LinePlace[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(newline, at);
    const endOfLine = found === -1 ? bytes.length : found;
    const end = bytes[endOfLine - 1] === comma ? endOfLine - 1 : endOfLine;
    if (bytes[at] === brace) places.push({ at, bytes: end - at, sum: crc32(bytes.subarray(at, end)) });
    at = endOfLine + 1;
  }
  if (places.length === records) return places;
  throw new DamagedBackupError(`${key} has not one object on each line, as every assets-backup writes it.`);
}

/** The object in a line of a file. Throws DamagedBackupError. */
export function objectIn(key: string, line: Uint8Array): ApiRecord {
  try {
    return parseLosslessJson(new TextDecoder().decode(line)) as ApiRecord;
  } catch {
    // What is wrong with it would quote it.
    throw new DamagedBackupError(`${key} has a line that is no JSON.`);
  }
}

/** One object, of which the index knows the place. Throws DamagedBackupError where the file has changed since. */
export async function objectAt(backups: BackupStore, key: string, { at, bytes, sum }: LinePlace): Promise<ApiRecord> {
  const line = await partOf(backups, key, at, bytes);
  if (line.length === bytes && crc32(line) === sum) return objectIn(key, line);
  throw new DamagedBackupError(`${key} has changed since it was indexed. Run \`assets-backup verify\`.`);
}
