import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip as it is to be written, also one that no packer writes. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes?: Buffer;
  /** Written into the list in their place. */
  readonly crc?: number;
  readonly size?: number;
  /** The upper half of the external attributes: kind and rights of the file. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** As many bytes as the packed ones; by default they are packed. */
  readonly packed?: Buffer;
  /** Where its header is said to be: by default where it is. */
  readonly offset?: number;
}

const regular = 0o100644;

/** A zip of entries just as they are given: a packer would refuse some of them. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { name, bytes = Buffer.alloc(0), mode = name.endsWith('/') ? 0o040755 : regular, flags = 0x800 } = entry;
    const method = entry.method ?? 8;
    const packed = entry.packed ?? (method === 0 ? bytes : deflateRawSync(bytes));
    const path = Buffer.from(name);
    const sum = entry.crc ?? crc32(bytes);
    const size = entry.size ?? bytes.length;
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(flags, 6);
    header.writeUInt16LE(method, 8);
    header.writeUInt32LE(sum, 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(size, 22);
    header.writeUInt16LE(path.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE((3 << 8) | 20, 4);
    record.writeUInt16LE(20, 6);
    record.writeUInt16LE(flags, 8);
    record.writeUInt16LE(method, 10);
    record.writeUInt32LE(sum, 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(size, 24);
    record.writeUInt16LE(path.length, 28);
    record.writeUInt32LE((mode << 16) >>> 0, 38);
    record.writeUInt32LE(entry.offset ?? at, 42);
    list.push(record, path);
    parts.push(header, path, packed);
    at += header.length + path.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}
