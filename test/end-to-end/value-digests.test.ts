import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allFiles, readActivityLines } from '../../core/backup-format/activity-list.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { comparableValues, kindsOf, objectDigest } from '../../core/comparison/object-values.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, HurriedClock, RecordingReporter, testDirectory, testSimulator } from './local-run.ts';

/** Of each object of a backup: its line, and the digest of its values as its record has them. */
async function digestsIn(directory: string, manifest: Manifest) {
  const { backups } = openLocalStores(directory);
  const json = (key: string) => JSON.parse(readFileSync(join(directory, key), 'utf8')) as ApiRecord[];
  const lines = await Array.fromAsync(readActivityLines(backups, manifest, await allFiles(backups, manifest)));
  const types = manifest.schemas.flatMap(({ objectTypes }) => objectTypes);
  const own = types.flatMap(({ attributes, objectsMeta }) => {
    const kinds = kindsOf(json(attributes ?? ''));
    return objectsMeta.flatMap((key) =>
      json(key).map((object) => [String(object.id), objectDigest(comparableValues(object, kinds))] as const),
    );
  });
  return { lines: new Map(lines.map((line) => [line.object, line])), own: new Map(own) };
}

it.each([true, false])(
  'the line of each object has the digest of its values alone; with activity: %s',
  async (activity) => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'ONE' }), name: 'Thing' });
    site.addAttribute({ type, name: 'Colour' });
    const objects = ['a', 'b', 'c'].map((name) => site.addObject({ type, name, values: { Colour: ['red'] } }));
    const simulator = await testSimulator({ site });
    const directory = testDirectory();
    const clock = new HurriedClock();
    const night = async (options: { activity: boolean }) => {
      const { manifest, error } = await backUp(simulator, { directory, clock, ...options });
      if (!manifest) throw error;
      const { problems } = await verifyBackup(
        { ...openLocalStores(directory), reporter: new RecordingReporter() },
        manifest.name,
      );
      expect(problems).toEqual([]);
      clock.pass(86_400_000);
      return { manifest, ...(await digestsIn(directory, manifest)) };
    };
    const first = await night({ activity: true });
    const [edited, touched] = objects;
    if (!edited || !touched) throw new Error('There are three objects.');
    site.updateObject(edited, { Colour: ['blue'] });
    site.updateObject(touched, { Colour: ['green'] });
    site.updateObject(touched, { Colour: ['red'] });
    const second = await night({ activity });
    for (const { lines, own } of [first, second]) {
      expect([...lines.keys()].sort()).toEqual([...own.keys()].sort());
      for (const [id, line] of lines) expect(line.values).toBe(own.get(id));
    }
    const changed = (of: 'digest' | 'values') =>
      [...second.lines].flatMap(([id, line]) => (line[of] === first.lines.get(id)?.[of] ? [] : [id]));
    expect(changed('values')).toEqual([String(edited.id)]);
    expect(changed('digest').sort()).toEqual([edited, touched].map(({ id }) => String(id)).sort());
    if (activity) return;
    for (const { history, comments } of second.lines.values())
      expect([history, comments]).toEqual([
        { read: null, records: 0 },
        { read: null, records: 0 },
      ]);
    expect(second.manifest.activity.history).toEqual({ read: 0, carried: 0, missing: 0, oldest: null });
    const third = await night({ activity: true });
    expect(third.manifest.schemas[0]?.base).toEqual({
      backup: first.manifest.name,
      passedOver: [{ backup: second.manifest.name, reason: 'It was made without history and comments.' }],
    });
  },
);
