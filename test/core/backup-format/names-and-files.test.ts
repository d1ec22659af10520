import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backupName, firstName, nextName, schemaFolders, schemaKeys } from '../../../core/backup-format/keys.ts';
import {
  formatVersion,
  type Manifest,
  manifestFile,
  parseManifest,
  sha256,
} from '../../../core/backup-format/manifest.ts';
import { arrayFile, countRecords, lines, objectFile } from '../../../core/backup-format/record-files.ts';
import { safeName } from '../../../core/backup-format/safe-name.ts';
import { DamagedBackupError, UnsupportedFormatError } from '../../../core/errors.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.constantFrom(
    'Laptop: new?',
    '..',
    '.',
    'a/b',
    'CON',
    'nul.txt',
    'x. ',
    '\ud83d',
    '💻 مرحبا',
    'a\r\nb',
    'A'.repeat(300),
    '',
  ),
);

describe('names of files', () => {
  it('are legal segments on S3, Windows, macOS and Linux, whatever a type is called', async () => {
    await fc.assert(
      fc.property(anyText, (name) => {
        const safe = safeName(name);
        expect(safe).not.toMatch(/[<>:"/\\|?*%\p{Cc}]/u);
        expect(safe).not.toMatch(/[. ]$/);
        expect(safe.split('.')[0]).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe.length).toBeGreaterThan(0);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(120);
      }),
      { numRuns: 2000 },
    );
  });

  const characters = [...new Intl.Segmenter().segment('aé漢𠮷👩‍🚀한ก็ශ්‍රी🇩🇪e\u0301')].map(({ segment }) => segment);
  const longName = fc.array(fc.constantFrom(...characters, ...'.- '), { minLength: 30, maxLength: 300 });

  it('are cut by bytes, never inside a character, and fit into 255 a segment and 1,024 a key with all that follows', async () => {
    await fc.assert(
      fc.property(longName, longName, fc.bigInt({ min: 0n, max: 10n ** 18n }), (parts, schemaParts, number) => {
        const [name, key, id] = [parts.join(''), schemaParts.join(''), String(number)];
        const [folder = ''] = schemaFolders([
          { id, key },
          { id: '1', key },
        ]).values();
        const keys = schemaKeys('2026-11-23_02-00-00', folder);
        const type = { id, name };
        for (const first of [keys.attributes(type), keys.objects(type, 99_999), keys.objectsMeta(type, 99_999)]) {
          const longest = nextName(first, 99_999);
          expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(1_024);
          for (const segment of longest.split('/')) expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255);
        }
        const normal = name.normalize('NFC');
        const kept = Array.from(new Intl.Segmenter().segment(safeName(name)));
        const whole = Array.from(new Intl.Segmenter().segment(normal), ({ segment }) => segment);
        const differs = kept.findIndex(({ segment }, at) => segment !== whole[at] && !/^_$/.test(segment));
        expect(differs).toBe(-1);
        // As much as there is room for.
        if (kept.length < whole.length) expect(Buffer.byteLength(safeName(name))).toBeGreaterThan(80);
      }),
      { numRuns: 500 },
    );
  });

  it('are cut between two code points where one character alone is too long', () => {
    const tower = `a${'\u0323'.repeat(300)}`;
    expect(safeName(tower).isWellFormed()).toBe(true);
    expect(Buffer.byteLength(safeName(tower))).toBeGreaterThan(100);
    expect(Buffer.byteLength(safeName(tower))).toBeLessThanOrEqual(120);
  });

  it('leave plain names as they are', () => {
    expect(safeName('Access cards')).toBe('Access cards');
    expect(safeName('Büro')).toBe('Büro');
  });

  it('differ for two types of one name, and for names that differ only in case', () => {
    const keys = schemaKeys('2026-11-23_02-00-00', 'FAC');
    const names = [
      { id: '1', name: 'Server' },
      { id: '2', name: 'Server' },
      { id: '3', name: 'SERVER' },
    ].map((type) => keys.objects(type).toLowerCase());
    expect(new Set(names).size).toBe(3);
  });

  it('give each schema a folder of its own, also on a disk that ignores case', async () => {
    await fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.oneof(
            fc.constantFrom('CON', 'config', 'CONFIG', 'Manifest', 'FAC', 'fac', 'a/b', 'a:b', 'maſt', 'MAST'),
            fc.constantFrom(...['CONFIG_1', 'config_2', 'FAC_1_2', 'fac_3', 'Fac_2', 'FAC_2_2', 'manifest_3', 'a_b_1']),
            anyText,
          ),
        ),
        (keys) => {
          const folders = [...schemaFolders(keys.map((key, index) => ({ id: String(index + 1), key }))).values()];
          expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(keys.length);
          for (const folder of folders)
            expect(['config', 'manifest', 'manifest.json']).not.toContain(folder.toLowerCase());
        },
      ),
    );
    expect([...schemaFolders([{ id: '6', key: 'FAC' }]).values()]).toEqual(['FAC']);
    const beside = schemaFolders([
      { id: '100001', key: 'config' },
      { id: '100002', key: 'CONFIG_100001' },
    ]);
    expect(Object.fromEntries(beside)).toEqual({ 100001: 'config_100001_2', 100002: 'CONFIG_100001' });
  });

  it('have a next one, where something lies under the first, from which the first is known', () => {
    const keys = schemaKeys('2026-11-23_02-00-00', 'FAC.try-2.json');
    const type = { id: '23', name: 'Laptop.try-7' };
    for (const key of [keys.objects(type), keys.objects(type, 3), keys.icon('131', 'webp'), keys.history('5')]) {
      expect(nextName(key, 1)).toBe(key);
      const next = [2, 3, 14].map((number) => nextName(key, number));
      expect(new Set([key, ...next]).size).toBe(4);
      for (const name of [key, ...next]) expect(firstName(name)).toBe(key);
    }
    expect(nextName(keys.objects(type, 3), 2)).toMatch(/\/objects\/Laptop\.try-7_23\.00003\.try-2\.json$/);
  });

  it('name a backup by its start in UTC', () => {
    expect(backupName('2026-11-23T02:00:00.123Z')).toBe('2026-11-23_02-00-00');
    expect(backupName('2026-11-23T02:00:00+02:00')).toBe('2026-11-23_00-00-00');
  });
});

describe('files of records', () => {
  const anyRecords = fc.array(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    { maxLength: 20 },
  );

  it('are JSON with one record a line', async () => {
    await fc.assert(
      fc.property(anyRecords, (records) => {
        const bytes = arrayFile(records);
        const text = new TextDecoder().decode(bytes);
        expect(JSON.parse(text)).toEqual(records.map((record) => JSON.parse(record)));
        expect(text.trimEnd().split('\n')).toHaveLength(records.length === 0 ? 1 : records.length + 2);
        expect(countRecords('k.json', bytes)).toBe(records.length);
      }),
    );
  });

  it('do the same for objects, with any key', async () => {
    await fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 10 }), (keys) => {
        const bytes = objectFile(keys.map((key, index) => [key, JSON.stringify({ index })]));
        const entries = keys.map((key, index) => [key, { index }] as const);
        expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(Object.fromEntries(entries));
        expect(countRecords('k.json', bytes)).toBe(keys.length);
      }),
    );
  });

  it('are refused where they are cut', () => {
    const bytes = arrayFile(['{"id":"1"}', '{"id":"2"}']);
    for (let length = 0; length < bytes.length - 1; length += 1) {
      expect(() => countRecords('k.json', bytes.subarray(0, length))).toThrow(DamagedBackupError);
    }
  });

  it('come back line by line, however the bytes arrive', async () => {
    const text = fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', '').toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), async (all, size) => {
        const bytes = new TextEncoder().encode(`${all.join('\n')}\n`);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(await Array.fromAsync(lines(pieces))).toEqual(all);
      }),
    );
  });
});

describe('the manifest', () => {
  const manifest = { format: 'assets-backup', formatVersion, name: 'n', gaps: [], notices: [] } as unknown as Manifest;

  it('is read back as it was written', () => {
    expect(parseManifest('m', manifestFile(manifest))).toMatchObject(manifest);
  });

  it('is refused with any single bit flipped', () => {
    const bytes = manifestFile(manifest);
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        expect(() => parseManifest('m', damaged), `byte ${at}, bit ${bit}`).toThrow();
      }
    }
  });

  it('is refused with a sentence when a newer program wrote it', () => {
    const newer = manifestFile({ ...manifest, formatVersion: formatVersion + 1 });
    expect(() => parseManifest('m', newer)).toThrow(UnsupportedFormatError);
  });
});

describe('the sum of a file', () => {
  it('is that of its bytes, however many there are, also of a part of others', () => {
    const all = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251);
    for (const length of [0, 1, 65_535, 65_536, 65_537, 150_000]) {
      const bytes = all.subarray(3, 3 + length);
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
