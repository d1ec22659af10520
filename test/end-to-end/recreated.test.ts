import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WrongInputError } from '../../core/errors.ts';
import type { PlanItem } from '../../core/model/restore.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { backUp, testClock, testSimulator } from './local-run.ts';
import { companySite, idsIn, stateOf, valuesOf } from './restore-company.ts';
import { linesIn, restore } from './restore-run.ts';

type Company = ReturnType<typeof companySite>;

/** The company's site, its backup, and restores into it. */
async function backedUp(prepare: (company: Company) => void = () => undefined) {
  const company = companySite();
  prepare(company);
  const simulator = await testSimulator({ site: company.site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  const { site, laptop, laptops } = company;
  const [first, second] = laptops as [StoredObject, StoredObject];
  return {
    ...company,
    simulator,
    directory,
    first,
    second,
    keyOf: (object: StoredObject) => site.objectKey(object),
    run: (input: object = {}) => restore(simulator, directory, { folder, ...input }),
    /** Somebody makes a laptop by hand. */
    byHand: (name: string, values: Record<string, string> = {}, type = laptop) =>
      site.addObject({ type, name, values, created: new Date(testClock.now() + 1_000) }),
  };
}

const dayOf = (object: StoredObject) => new Date(object.createdMs).toISOString().slice(0, 10);

describe('an object that somebody has made by hand in the stead of one that was deleted', () => {
  it.each<{ by: string; name: string; values: Record<string, string> }>([
    { by: 'label', name: ' laptop  0', values: {} },
    { by: 'unique value', name: 'The new one', values: { 'Serial number': 'S-0' } },
  ])(
    'of the same $by is a conflict that names both: nothing is made, and that is a loss',
    async ({ by, name, values }) => {
      const { site, simulator, run, byHand, first, second, keyOf, directory } = await backedUp();
      const old = keyOf(first);
      site.deleteObject(first);
      site.deleteObject(second);
      const made = byHand(name, values);
      const before = stateOf(site, [made.id]);
      const reason = `${old} would be made, and ${keyOf(made)} of the same ${by} was made after the backup, on ${dayOf(made)}: say --same ${old}=${keyOf(made)}, or --same ${old}=none`;

      const restored = await run();
      expect(restored.error).toBeUndefined();
      expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, differences: 0 });
      expect(restored.plan?.counts.object).toMatchObject({ create: 1, conflict: 1 });
      expect(restored.report?.losses).toContainEqual(expect.objectContaining({ kind: 'object', where: old, reason }));
      const items = (restored.plan?.itemFiles ?? []).flatMap((file) => linesIn<PlanItem>(directory, file));
      expect(items.find(({ where }) => where === old)).toMatchObject({ action: 'conflict', reason });
      expect(stateOf(site, [made.id])).toBe(before);

      const writes = simulator.requests.writes.length;
      const again = await run();
      expect(again.report?.losses).toEqual(restored.report?.losses);
      expect(simulator.requests.writes.length).toBe(writes);
    },
  );

  it.each(['key', 'id'])('is adopted where the input says by %s that it is the same, and remembered', async (by) => {
    const { site, simulator, run, byHand, first, second, keyOf } = await backedUp();
    const [old, peer] = [keyOf(first), keyOf(second)];
    site.deleteObject(first);
    const made = byHand('Another name', { Note: 'theirs' });
    const said = by === 'key' ? { old, is: keyOf(made) } : { old: String(first.id), is: String(made.id) };

    const restored = await run({ same: [said] });
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ created: 0, differences: 0 });
    expect(restored.objects.get(String(first.id))).toBe(String(made.id));
    // The survivor refers to it; what stands in it is somebody's work.
    expect(valuesOf(site, second.id, 'Peer')).toEqual([String(made.id)]);
    expect(valuesOf(site, made.id, 'Note')).toEqual(['theirs']);
    expect(restored.report?.linked.references).toBe(1);
    expect(restored.report?.losses.filter(({ where }) => where === peer)).toEqual([]);

    const writes = simulator.requests.writes.length;
    for (const input of [{}, { same: [said] }]) {
      const again = await run(input);
      expect(again.error).toBeUndefined();
      expect(again.result).toMatchObject({ outcome: restored.result?.outcome, created: 0, differences: 0 });
      expect(again.objects.get(String(first.id))).toBe(String(made.id));
    }
    expect(simulator.requests.writes.length).toBe(writes);

    // Whoever unlinks it by hand after that keeps it so.
    const cleared = new Map([...site.object(second.id).values]);
    const attribute = site.typeAttributes(second.typeId).find(({ name }) => name === 'Peer');
    cleared.delete(attribute?.id ?? 0);
    site.objects.setValues(site.object(second.id), cleared);
    await run({ same: [said] });
    expect(valuesOf(site, second.id, 'Peer')).toEqual([]);
  });

  it('is left alone where the input says none: the object is made all the same, and known from then on', async () => {
    const { site, run, byHand, first, keyOf } = await backedUp();
    site.deleteObject(first);
    const made = byHand('Laptop 0');
    const restored = await run({ same: [{ old: keyOf(first), is: 'none' }] });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 1, losses: 0, differences: 0 });
    expect(restored.objects.get(String(first.id))).not.toBe(String(made.id));
    expect(valuesOf(site, made.id, 'Note')).toEqual([]);
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 0, losses: 0 });
  });

  it('is no conflict any more where it was adopted and the input takes that back', async () => {
    const { site, run, byHand, first, keyOf } = await backedUp();
    site.deleteObject(first);
    const made = byHand('Laptop 0');
    await run({ same: [{ old: keyOf(first), is: keyOf(made) }] });
    const back = await run({ same: [{ old: keyOf(first), is: 'none' }] });
    expect(back.result).toMatchObject({ created: 1, differences: 0 });
    const now = back.objects.get(String(first.id));
    expect(now).not.toBe(String(made.id));
    expect((await run()).objects.get(String(first.id))).toBe(now);
  });

  it('of a label that several have is a conflict of each that would be made, until one is said to be it', async () => {
    const rename = ({ site, laptop, laptops }: Company) => {
      for (const object of laptops.slice(0, 3))
        site.objects.setValues(object, new Map([...object.values, ...site.storedValues(laptop, { Name: 'Same' })]));
    };
    const { site, run, byHand, laptops, keyOf, first } = await backedUp(rename);
    for (const object of laptops.slice(0, 2)) site.deleteObject(object);
    const made = byHand('Same');
    expect((await run()).plan?.counts.object).toMatchObject({ create: 0, conflict: 2 });
    const restored = await run({ same: [{ old: keyOf(first), is: keyOf(made) }] });
    expect(restored.result).toMatchObject({ created: 1, differences: 0 });
    expect(idsIn(site, 'ASSETS')).toHaveLength(6);
  });

  it('is a conflict in what a restore has made, too', async () => {
    const { site, run, byHand, first, keyOf } = await backedUp();
    const copy = {
      objectSchemas: [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'A2', newObjectSchemaName: 'A2' }],
    };
    const copied = await run(copy);
    const lost = site.object(Number(copied.objects.get(String(first.id))));
    site.deleteObject(lost);
    const made = byHand('Laptop 0', {}, site.type(lost.typeId));
    const again = await run(copy);
    expect(again.plan?.counts.object).toMatchObject({ create: 0, conflict: 1 });
    expect(again.report?.losses.find(({ where }) => where === keyOf(first))?.reason).toContain(keyOf(made));
  });

  it('is none where it is older than the backup, of another type, or has another label', async () => {
    const { site, run, byHand, first, docks, laptop } = await backedUp();
    site.deleteObject(first);
    byHand('Laptop 0', {}, docks);
    byHand('Laptop 00');
    site.addObject({ type: laptop, name: 'Laptop 0', created: new Date(testClock.now() - 86_400_000) });
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 1, losses: 0 });
  });

  it('is one of many in a file, with or without a header', async () => {
    const { run, byHand, laptops, site, keyOf, directory } = await backedUp();
    const gone = laptops.slice(0, 2);
    for (const object of gone) site.deleteObject(object);
    const made = gone.map((_, index) => byHand(`Laptop ${index}`));
    const rows = gone.map((object, index) => `${keyOf(object)},${made[index] && keyOf(made[index])}`);
    mkdirSync(join(directory, '.work', 'same'), { recursive: true });
    const file = (name: string, lines: readonly string[]) => {
      writeFileSync(join(directory, '.work', 'same', name), lines.join('\r\n'));
      return { sameFile: `same/${name}` };
    };
    const restored = await run(file('a.csv', ['Old,Is', ...rows, '']));
    expect(restored.error).toBeUndefined();
    expect(gone.map(({ id }) => restored.objects.get(String(id)))).toEqual(made.map(({ id }) => String(id)));
    expect((await run(file('b.csv', rows))).error).toBeUndefined();
    const later = await run();
    expect(later.result).toMatchObject({ outcome: restored.result?.outcome, created: 0 });
    expect(later.objects).toEqual(restored.objects);

    expect((await run(file('c.csv', [rows[0] ?? '', 'ASSETS-1,']))).error?.message).toMatch(
      /^Line 2 of the file of --same-file needs two columns/,
    );
    expect((await run({ sameFile: 'same/d.csv' })).error?.message).toContain('There is no file same/d.csv');
  });
});

describe('an input that says wrongly what is the same', () => {
  const cases: readonly {
    readonly what: string;
    readonly said: (keys: Readonly<Record<'gone' | 'lost' | 'there' | 'made' | 'dock' | 'place', string>>) => string[];
    readonly reason: RegExp;
  }[] = [
    {
      what: 'of an object that the backup does not have',
      said: ({ made }) => [`ASSETS-999=${made}`],
      reason: /have no object ASSETS-999\.$/,
    },
    {
      what: 'of an object that is not chosen',
      said: ({ place, made }) => [`${place}=${made}`],
      reason: /have no object FAC-\d+\.$/,
    },
    {
      what: 'with a key that is not there',
      said: ({ gone }) => [`${gone}=ASSETS-999`],
      reason: /the target has no object ASSETS-999 that this login sees\.$/,
    },
    {
      what: 'with an object of another type',
      said: ({ gone, dock }) => [`${gone}=${dock}`],
      reason: /is of another object type than ASSETS-\d+\.$/,
    },
    {
      what: 'with the counterpart of another',
      said: ({ gone, there }) => [`${gone}=${there}`],
      reason: /(ASSETS-\d+) is \1 of the backup already\.$/,
    },
    {
      what: 'of one that is still there',
      said: ({ there, made }) => [`${there}=${made}`],
      reason: /(ASSETS-\d+) is there already, as \1\.$/,
    },
    {
      what: 'twice of one',
      said: ({ gone, made }) => [`${gone}=${made}`, `${gone}=none`],
      reason: /the input says already that/,
    },
    {
      what: 'of two that they are one',
      said: ({ gone, lost, made }) => [`${gone}=${made}`, `${lost}=${made}`],
      reason: /of the backup already\.$/,
    },
  ];

  it.each(cases)('$what, is told so before anything is written', async ({ said, reason }) => {
    const { site, simulator, run, byHand, laptops, places, docks, keyOf } = await backedUp();
    const [gone, lost, there] = laptops as [StoredObject, StoredObject, StoredObject];
    const keys = {
      gone: keyOf(gone),
      lost: keyOf(lost),
      there: keyOf(there),
      place: keyOf(places[0] as StoredObject),
      made: keyOf(byHand('Laptop 0')),
      dock: keyOf(byHand('Laptop 0', {}, docks)),
    };
    for (const object of [gone, lost]) site.deleteObject(object);
    const same = said(keys).map((text) => ({ old: text.split('=')[0], is: text.split('=')[1] }));
    const { error } = await run({ same, objectSchemas: [{ oldObjectSchemaKey: 'ASSETS' }] });
    expect(error).toBeInstanceOf(WrongInputError);
    expect(error?.message).toMatch(/^--same \S+=\S+: /);
    expect(error?.message).toMatch(reason);
    expect(simulator.requests.writes).toEqual([]);
  });
});
