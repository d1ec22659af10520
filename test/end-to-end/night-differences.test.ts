import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { nightDifferences } from './night-differences.ts';
import { fullNight } from './night-judge.ts';
import { type Kind, type ReadLine, type ReadNight, readNight } from './night-reader.ts';
import { NightSeries } from './night-series.ts';
import { truthOf } from './stored-site.ts';

/** A second night in which object 1 has changed, with what is needed to judge it. */
async function secondNight() {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'ONE' }), name: 'Thing' });
  for (const name of ['first', 'second', 'third']) {
    const object = site.addObject({ type, name });
    site.addHistory({ object, attribute: 'Name', oldValue: 'x', newValue: name });
    site.addComment({ object, text: `of ${name}` });
  }
  const nights = await NightSeries.of(site, { activityMaxAgeDays: 14 });
  const siteAt = new Map();
  const first = await nights.night();
  siteAt.set(first.manifest.startedAt, truthOf(site));
  site.updateObject(site.object(1), { Name: ['changed'] });
  const night = await nights.night();
  siteAt.set(night.manifest.startedAt, truthOf(site));
  const full = await fullNight(nights.simulator, nights.clock);
  return { nights, night, first, moment: { full, siteAt } };
}

it('finds nothing in a night that is right, and each thing that is wrong with one (the comparison can fail)', async () => {
  const { night, first, moment } = await secondNight();
  expect(nightDifferences(night, moment)).toEqual([]);
  const carried =
    [...night.lines.values()].find(({ history }) => history.read !== night.manifest.startedAt)?.object ?? '';
  expect(carried).not.toBe('');
  const judged = (change: Partial<ReadNight>) => nightDifferences({ ...night, ...change }, moment).join('\n');
  const line = (id: string, kind: Kind, state: Partial<ReadLine[Kind]>) => {
    const old = night.lines.get(id) as ReadLine;
    return new Map(night.lines).set(id, { ...old, [kind]: { ...old[kind], ...state } });
  };
  const without = <T>(map: ReadonlyMap<string, T>, id: string) => new Map([...map].filter(([key]) => key !== id));

  expect(judged({ history: without(night.history, '1') })).toContain('history of 1 are []');
  expect(judged({ comments: without(night.comments, carried) })).toContain(`comments of ${carried} are []`);
  expect(judged({ history: new Map(night.history).set('1', first.history.get('1') ?? []) })).toContain('history of 1');
  expect(judged({ objects: without(night.objects, '3') })).toContain('object 3 is missing');
  expect(judged({ objects: new Map(night.objects).set('1', first.objects.get('1') ?? {}) })).toContain('object 1 is');
  expect(judged({ files: without(night.files, 'ONE/config/objecttypes.json') })).toContain(
    'objecttypes.json is missing',
  );
  expect(judged({ lines: line('1', 'history', { read: first.manifest.startedAt }) })).toContain('and were');
  expect(judged({ lines: line(carried, 'comments', { read: null }) })).toContain('were never read');
  expect(judged({ lines: line(carried, 'comments', { missed: 'failed' }) })).toContain('without a cause');
  expect(judged({ lines: line(carried, 'history', { read: '2026-11-01T00:00:00.000Z' }) })).toContain('too old');
  expect(judged({ manifest: { ...night.manifest, status: 'partial' } })).toContain('status is "partial"');
  const options = { ...night.manifest.options, full: true };
  expect(judged({ manifest: { ...night.manifest, options } })).toContain(`history of ${carried} are too old`);
});

it('reads a night by its files alone, and names what contradicts itself', async () => {
  const { nights, night } = await secondNight();
  const { name } = night.manifest;
  const faultsAfter = (path: string, change: (text: string) => string) => {
    const file = join(nights.directory, name, path);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, change(before));
    const { faults } = readNight(nights.directory, name);
    writeFileSync(file, before);
    return faults.join('\n');
  };
  expect(readNight(nights.directory, name).faults).toEqual([]);
  const list = 'manifest/activity-00001.jsonl';
  expect(faultsAfter(list, (text) => text.replace('"records":2', '"records":1'))).toContain('its line says 1');
  expect(faultsAfter(list, (text) => text.replace(/^.*\n/, ''))).toMatch(/has a line of type undefined/);
  expect(faultsAfter(list, (text) => text.replaceAll(night.manifest.startedAt, '2026-11-24T02:00:00.000Z'))).toMatch(
    /the manifest counts history/,
  );
  expect(faultsAfter('ONE/objects/history/2.json', (text) => text.replace('"x"', '"y"'))).toMatch(
    /2\.json has another checksum/,
  );
  writeFileSync(join(nights.directory, name, 'ONE', 'objects', 'history', '99.json'), '[]');
  expect(readNight(nights.directory, name).faults).toEqual([`${name}/ONE/objects/history/99.json is in no list`]);
});
