import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { damageAll } from './damaged-files.ts';
import { backUp, HurriedClock, testSimulator } from './local-run.ts';
import { finishedNights, kinds, manifestOf, type ReadNight } from './night-reader.ts';
import { day, NightSeries } from './night-series.ts';

/** Two schemas, each with objects that have a history and comments. */
function twoSchemas(workspaceId?: string): SimulatedSite {
  const site = new SimulatedSite(workspaceId === undefined ? {} : { workspaceId });
  for (const key of ['ONE', 'TWO']) {
    const type = site.addType({ schema: site.addSchema({ key }), name: 'Thing' });
    for (let number = 1; number <= 8; number += 1) {
      const object = site.addObject({ type, name: `${key} ${number}` });
      site.addHistory({ object, attribute: 'Name', oldValue: 'before', newValue: 'after' });
      site.addComment({ object, text: `of ${key} ${number}` });
    }
  }
  return site;
}

/** The base of each schema, by its key, with the reasons against newer ones. */
const basesOf = ({ manifest }: ReadNight) =>
  Object.fromEntries(manifest.schemas.map(({ key, base }) => [key, [base.backup, base.passedOver]]));

/** Whether a night has read all of a schema's activity, or carried most of it over. */
function readOf({ manifest, lines, objects }: ReadNight, key: string): 'all' | 'some' {
  const mine = [...lines.values()].filter(({ object }) => String(objects.get(object)?.objectKey).startsWith(`${key}-`));
  const isAll = mine.every((line) => kinds.every((kind) => line[kind].read === manifest.startedAt));
  return isAll ? 'all' : 'some';
}

/** What befalls the only night before, and why nothing is built upon it. */
const fates: readonly (readonly [name: string, spoil: (nights: NightSeries, first: string) => void, why: RegExp])[] = [
  [
    'has a damaged manifest',
    ({ directory }, first) => void damageAll(directory, first, /\/manifest\.json$/, 'flipped in a bit'),
    /manifest/,
  ],
  [
    'has a damaged list of files',
    ({ directory }, first) => void damageAll(directory, first, /\/manifest\/files-/, 'flipped in a bit'),
    /files-00001\.jsonl .*(damaged|has not|is not)/,
  ],
  [
    'lacks a list of files',
    ({ directory }, first) => void damageAll(directory, first, /\/manifest\/files-/, 'removed'),
    /files-00001\.jsonl .*(missing|not there)/,
  ],
  [
    'has a damaged list of activity',
    ({ directory }, first) => void damageAll(directory, first, /\/manifest\/activity-/, 'flipped in a bit'),
    /activity-00001\.jsonl .*damaged/,
  ],
  [
    'lacks a list of activity',
    ({ directory }, first) => void damageAll(directory, first, /\/manifest\/activity-/, 'removed'),
    /activity-00001\.jsonl .*(missing|damaged)/,
  ],
  [
    'has no record that it was made here',
    ({ directory }) => rmSync(join(directory, '.work', 'finished'), { recursive: true }),
    /no record/,
  ],
  ['comes from the future, as the clock was set back', ({ clock }) => clock.pass(-30 * day), /ahead of the clock/],
];

describe('a night that is not built upon the one before', () => {
  it.each(fates)('because it %s: all is read, and the manifest says why', async (_, spoil, why) => {
    const nights = await NightSeries.of(twoSchemas());
    const first = (await nights.night()).manifest.name;
    spoil(nights, first);
    const second = await nights.night();
    const reason = { backup: first, reason: expect.stringMatching(why) };
    expect(basesOf(second)).toEqual({ ONE: [null, [reason]], TWO: [null, [reason]] });
    expect([readOf(second, 'ONE'), readOf(second, 'TWO')]).toEqual(['all', 'all']);
    expect(second.manifest.status).toBe('complete');
    expect(await nights.wrongWith(second)).toEqual([]);
    // And the one after is built upon this one.
    const third = await nights.night();
    expect(basesOf(third)).toMatchObject({
      ONE: [second.manifest.name, expect.anything()],
      TWO: [second.manifest.name, expect.anything()],
    });
    expect(readOf(third, 'ONE')).toBe('some');
  });

  it('because it is of another site', async () => {
    const nights = await NightSeries.of(twoSchemas());
    const other = await testSimulator({ site: twoSchemas('another-workspace'), clock: nights.clock });
    const first = await nights.night();
    const { result } = await backUp(other, { directory: nights.directory, clock: nights.clock });
    nights.clock.pass(day);
    const reason = { backup: result?.backup, reason: 'It is of another site.' };
    const second = await nights.night();
    expect(basesOf(second)).toEqual({ ONE: [first.manifest.name, [reason]], TWO: [first.manifest.name, [reason]] });
    expect(await nights.wrongWith(second)).toEqual([]);
    rmSync(join(nights.directory, first.manifest.name), { recursive: true });
    rmSync(join(nights.directory, second.manifest.name), { recursive: true });
    const third = await nights.night();
    expect(basesOf(third)).toEqual({ ONE: [null, [reason]], TWO: [null, [reason]] });
    expect([readOf(third, 'ONE'), readOf(third, 'TWO')]).toEqual(['all', 'all']);
    expect(await nights.wrongWith(third)).toEqual([]);
  });

  it('because somebody has copied it here, or given its folder another name', async () => {
    const elsewhere = await NightSeries.of(twoSchemas());
    const nights = await NightSeries.of(twoSchemas());
    const first = (await nights.night()).manifest.name;
    elsewhere.clock.pass(day / 2);
    const copied = (await elsewhere.night()).manifest.name;
    cpSync(join(elsewhere.directory, copied), join(nights.directory, copied), { recursive: true });
    const second = (await nights.night()).manifest.name;
    const renamed = second.replace('_02-', '_03-');
    renameSync(join(nights.directory, second), join(nights.directory, renamed));
    const third = await nights.night();
    const reasons = [
      { backup: renamed, reason: expect.stringMatching(/renamed|no record/) },
      { backup: copied, reason: expect.stringContaining('no record') },
    ];
    expect(basesOf(third)).toEqual({ ONE: [first, reasons], TWO: [first, reasons] });
    expect(await nights.wrongWith(third)).toEqual([]);
  });

  it('because it is of format 1, which does not say when anything was read', async () => {
    const golden = new GoldenFolder('format-1');
    const directory = golden.copy();
    const [backup = ''] = finishedNights(directory);
    // As the version that wrote it left it: with the record that it was made here.
    const record = join(directory, '.work', 'finished', backup);
    mkdirSync(record, { recursive: true });
    const { seal } = manifestOf(directory, backup);
    writeFileSync(join(record, `${seal}.json`), JSON.stringify({ executionId: 'an earlier one' }));

    const simulator = await testSimulator({ site: golden.sourceSite() });
    const clock = new HurriedClock(Date.UTC(2026, 10, 24, 2), () => 0);
    const { manifest } = await backUp(simulator, { directory, clock });
    const bases = manifest?.schemas.map(({ base }) => base) ?? [];
    expect(bases.map((base) => base.backup)).toEqual(bases.map(() => null));
    const reasons = bases.flatMap(({ passedOver }) => passedOver);
    expect(reasons).toHaveLength(3); // VENDORS is not in it.
    for (const passedOver of reasons)
      expect(passedOver).toEqual({ backup, reason: expect.stringContaining('format version 1') });
    expect(manifest?.activity.history.carried).toBe(0);
  });

  it('where one schema of it is partial: that one is built upon an older night', async () => {
    const nights = await NightSeries.of(twoSchemas());
    const first = (await nights.night()).manifest.name;
    const type = nights.site.typesOfSchema([...nights.site.schemas.keys()][0] ?? 0)[0]?.id;
    const stop = nights.simulator.faults.add({
      endpoint: 'object-aql',
      match: ({ rawBody }) => rawBody.toString().includes(`objectTypeId = ${type} `),
      fault: { kind: 'status', status: 403 },
    });
    const second = await nights.night();
    stop();
    expect(second.manifest.status).toBe('partial');
    const third = await nights.night();
    expect(basesOf(third)).toEqual({
      ONE: [first, [{ backup: second.manifest.name, reason: expect.stringMatching(/partial/) }]],
      TWO: [second.manifest.name, []],
    });
    expect(await nights.wrongWith(third)).toEqual([]);
  });

  it('where it was made without activity, or of one schema alone', async () => {
    const nights = await NightSeries.of(twoSchemas());
    const first = (await nights.night()).manifest.name;
    const one = (await nights.night({ objectSchemaKeys: ['ONE'] })).manifest.name;
    const bare = (await nights.night({ activity: false })).manifest.name;
    const last = await nights.night();
    const reason = { backup: bare, reason: 'It was made without history and comments.' };
    expect(basesOf(last)).toEqual({ ONE: [one, [reason]], TWO: [first, [reason]] });
    expect([readOf(last, 'ONE'), readOf(last, 'TWO')]).toEqual(['some', 'some']);
    expect(await nights.wrongWith(last)).toEqual([]);
  });

  it.each(['object', 'type'] as const)(
    'in so far as it is deleted while the night goes on, files by %s: what is gone is read, and the notice says so',
    async (activityFiles) => {
      const nights = await NightSeries.of(twoSchemas(), { activityFiles });
      const first = (await nights.night()).manifest.name;
      const second = await nights.night({
        onState: ({ kind, state }) => {
          if (kind === 'succeeded' && state === 'Plan activity')
            rmSync(join(nights.directory, first), { recursive: true });
        },
      });
      expect(second.manifest.status).toBe('complete');
      expect(basesOf(second)).toEqual({ ONE: [first, []], TWO: [first, []] });
      expect(second.manifest.notices).toMatchObject([{ kind: 'carried-file-damaged' }]);
      expect(second.manifest.activity.history.read).toBeGreaterThan(8);
      expect(await nights.wrongWith(second)).toEqual([]);
    },
  );
});
