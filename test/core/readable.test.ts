import { describe, expect, it } from 'vitest';
import { table } from '../../cli/output/table.ts';
import { counted } from '../../core/counted.ts';
import { clockTime, readableMoment, readableSize, roughTime } from '../../core/readable.ts';
import { shellCommand } from '../../core/shell-word.ts';

describe('what people read', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [9_949, '9.9 kB'],
    [9_960, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [45_120_000, '45 MB'],
    [3_200_000_000_000_000, '3200 TB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(readableSize(bytes)).toBe(text);
  });

  it.each([
    [1, 'under a minute'],
    [59_999, 'under a minute'],
    [60_000, 'about 1 min'],
    [3_540_000, 'about 59 min'],
    [3_600_000, 'about 1 h'],
    [4_000_000, 'about 1 h 10 min'],
  ])('%i ms are %s', (milliseconds, text) => {
    expect(roughTime(milliseconds)).toBe(text);
  });

  it('times, moments and amounts', () => {
    expect([clockTime(42_999), clockTime(3_723_000)]).toEqual(['0:42', '1:02:03']);
    expect(readableMoment('2026-11-23T02:00:00.123Z')).toBe('2026-11-23 02:00:00 UTC');
    expect([counted(1, 'entry', 'entries'), counted(1204, 'entry', 'entries')]).toEqual(['1 entry', '1,204 entries']);
  });

  it('commands can be pasted into a shell', () => {
    expect(shellCommand('list', '--local', './backups')).toBe('npx assets-backup list --local ./backups');
    expect(shellCommand('list', '--local', "my boss's $HOME")).toBe(
      `npx assets-backup list --local 'my boss'\\''s $HOME'`,
    );
  });
});

describe('a table', () => {
  const columns = [{ title: 'Name' }, { title: 'Objects', isNumber: true }];

  it('aligns wide characters by the columns that they take', () => {
    expect(
      table(columns, [
        ['日本', '1'],
        ['Büro', '22'],
        ['💻', '333'],
      ]),
    ).toBe(['  Name  Objects', '  日本        1', '  Büro       22', '  💻        333'].join('\n'));
  });

  it('cuts names that are longer than a table should be wide', () => {
    const lines = table(columns, [['x'.repeat(300), '1']]).split('\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
    expect(lines[1]).toMatch(/x…/);
  });
});
