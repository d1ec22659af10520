import { describe, expect, it } from 'vitest';
import { ActivityShardFile } from '../../../../core/backup/activity/activity-shard-file.ts';
import { sha256 } from '../../../../core/backup-format/manifest.ts';
import type { Json } from '../../../../core/model/json.ts';

/** Objects of 6 MB, so that two fit in a file; the third has no line. */
const lines = ['a', 'b', undefined, 'c', 'd', 'e'].map((letter) => letter && `"${letter.repeat(6 * 1024 * 1024)}"`);

function shardFile(earlier = { stored: [], lines: [], done: 0 } as ConstructorParameters<typeof ActivityShardFile>[2]) {
  const files: string[] = [];
  const store = async (part: number, bytes: Uint8Array, records: number) => {
    files.push(new TextDecoder().decode(bytes));
    return { key: `part ${part}`, bytes: bytes.length, sha256: sha256(bytes), records };
  };
  return { files, shard: new ActivityShardFile(lines.length, store, earlier) };
}

describe('the files of a shard', () => {
  const orders = [
    [0, 1, 2, 3, 4, 5],
    [5, 4, 3, 2, 1, 0],
    [2, 0, 5, 1, 4, 3],
  ];
  it.each(orders)('have the same bytes in whatever order its objects are done: %i %i %i %i %i %i', async (...order) => {
    const { shard, files } = shardFile();
    for (const place of order) await shard.add(place, lines[place]);
    expect(shard.stored.map(({ key, records }) => [key, records])).toEqual([
      ['part 1', 2],
      ['part 2', 2],
      ['part 3', 1],
    ]);
    expect(files.flatMap((file) => JSON.parse(file) as Json[])).toEqual(
      lines.flatMap((line) => (line === undefined ? [] : (JSON.parse(line) as Json))),
    );
  });

  it('have them too where an invocation goes on with what another one has left', async () => {
    const whole = shardFile();
    for (const [place, line] of lines.entries()) await whole.shard.add(place, line);
    for (let done = 1; done < lines.length; done += 1) {
      const first = shardFile();
      for (const [place, line] of lines.slice(0, done).entries()) await first.shard.add(place, line);
      const { stored, waiting } = first.shard;
      const second = shardFile({ stored, lines: waiting, done });
      for (const [index, line] of lines.slice(done).entries()) await second.shard.add(done + index, line);
      expect(second.shard.stored).toEqual(whole.shard.stored);
    }
  });

  it('are none where no object has a line', async () => {
    const { shard, files } = shardFile();
    for (const place of lines.keys()) await shard.add(place, undefined);
    expect([files, shard.stored]).toEqual([[], []]);
  });
});
