import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { SeededRandom } from '../../simulator/seeds/seeded-random.ts';
import type { AttributeInput } from '../../simulator/site/builder-inputs.ts';
import type { Attribute, StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { isDeep } from './kill-points.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { copySite, type FinishedRestore, json, restore } from './restore-run.ts';
import { shownValues } from './site-essence.ts';
import { undoApproved } from './undo-run.ts';

interface Company {
  readonly site: SimulatedSite;
  readonly simulator: Simulator;
  readonly run: (input?: Record<string, unknown>) => Promise<FinishedRestore>;
  /** With the approval that the first try asks for. */
  readonly approved: (input?: Record<string, unknown>) => Promise<FinishedRestore>;
  readonly directory: string;
  /** The backup. */
  readonly folder: string;
}

/** Backs a site up, and lets something happen to it; then it is restored in place. */
async function afterwards(site: SimulatedSite, happens: () => void): Promise<Company> {
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  happens();
  simulator.requests.reset();
  const run = (input: Record<string, unknown> = {}) => restore(simulator, directory, { folder, ...input });
  const approved = async (input: Record<string, unknown> = {}) => {
    const first = await run(input);
    const approve = first.result?.approve?.hash;
    return approve === undefined ? first : run({ ...input, approve });
  };
  return { site, simulator, run, approved, directory, folder };
}

/** Offices have managers, and managers sit in offices: both references may be required. */
function offices({ managers = true, seats = true } = {}) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'CO' });
  const office = site.addType({ schema, name: 'Office' });
  const employee = site.addType({ schema, name: 'Employee' });
  const manager = site.addAttribute({ type: office, name: 'Manager', target: employee, required: managers });
  const seat = site.addAttribute({ type: employee, name: 'Seat', target: office, required: seats });
  const made = [1, 2].map((number) => {
    const place = site.addObject({ type: office, name: `Office ${number}` });
    const person = site.addObject({ type: employee, name: `Manager ${number}`, values: { Seat: place } });
    const rest = site.storedValues(office, { Manager: person });
    site.objects.setValues(place, new Map([...place.values, ...rest]));
    return { place, person };
  });
  const guest = site.addObject({ type: employee, name: 'Guest', values: { Seat: made[1]?.place as StoredObject } });
  const gone = [made[1]?.place, made[1]?.person, guest].filter((object) => object !== undefined);
  return { site, manager, seat, remove: () => gone.forEach((object) => void site.deleteObject(object)) };
}

const essential = ({ id: _, ...fields }: Attribute) => ({ ...fields });
const relaxedFile = (directory: string, { result }: FinishedRestore) =>
  json<{ attributes: { where: string; id: string }[]; putBack: boolean }>(
    directory,
    restoreKeys(result?.restore ?? '').relaxed,
  );

const named = (site: SimulatedSite, name: string) =>
  [...site.objects.all()].find((object) => site.label(object) === name);
const valuesOf = (site: SimulatedSite, name: string, attribute: Attribute) => {
  const object = named(site, name);
  return object && shownValues(site, attribute, object);
};

describe('A required reference inside a circle of types that are there', () => {
  it('is planned as a conflict, also of what needs such an object, and nothing is tried', async () => {
    const { site, remove } = offices();
    const { run, simulator } = await afterwards(site, remove);

    const { plan, result, report } = await run();

    expect(plan?.counts.object).toMatchObject({ create: 0, conflict: 3 });
    expect(report?.losses.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('Manager is required on the target, and cannot have a value when it is made'),
      expect.stringContaining('in a circle with it'),
      expect.stringContaining('refers to an object that cannot be made'),
    ]);
    expect(result?.outcome).toBe('restored-with-losses');
    expect(simulator.requests.writesByEndpoint()).toEqual({});
  });

  it('is relaxed where the input says so and a person agrees, and put back as it stood', async () => {
    const { site, manager, seat, remove } = offices();
    const { run, approved, simulator, directory } = await afterwards(site, remove);
    const before = [manager, seat].map(essential);

    const waiting = await run({ relaxConstraints: true });
    expect(waiting.result?.outcome).toBe('needs-approval');
    expect(waiting.plan?.approvals).toEqual([
      'relax the attribute CO / Office: Manager (it is required: that is taken off until the objects are made, and put back)',
      'relax the attribute CO / Employee: Seat (it is required: that is taken off until the objects are made, and put back)',
    ]);
    expect(simulator.requests.writes).toEqual([]);

    const restored = await approved({ relaxConstraints: true });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 3 });
    expect(valuesOf(site, 'Office 2', manager)).toEqual(['→ Manager 2']);
    expect(valuesOf(site, 'Manager 2', seat)).toEqual(['→ Office 2']);
    expect(valuesOf(site, 'Guest', seat)).toEqual(['→ Office 2']);
    expect([manager, seat].map(essential)).toEqual(before);
    expect(simulator.requests.writesByEndpoint()).toMatchObject({ 'attribute-update': 4 });
    expect(relaxedFile(directory, restored)).toMatchObject({ putBack: true, attributes: [{}, {}] });
  });

  it.each([[{ managers: true, seats: false }], [{ managers: false, seats: true }]])(
    'is no obstacle where another reference of the circle can wait (%o)',
    async (required) => {
      const { site, manager, seat, remove } = offices(required);
      const { run, simulator } = await afterwards(site, remove);

      const { result } = await run({ relaxConstraints: true });

      expect(result).toMatchObject({ outcome: 'restored', created: 3 });
      expect(valuesOf(site, 'Office 2', manager)).toEqual(['→ Manager 2']);
      expect(valuesOf(site, 'Manager 2', seat)).toEqual(['→ Office 2']);
      expect(simulator.requests.writesByEndpoint()).toMatchObject({ 'object-create': 3, 'object-update': 1 });
      expect(simulator.requests.writesByEndpoint()).not.toHaveProperty('attribute-update');
    },
  );
});

describe('What a restore that was stopped has relaxed', () => {
  /** Dies once the objects are made, while what it has relaxed is relaxed. */
  async function stopped() {
    const { site, manager, seat, remove } = offices();
    const before = [manager, seat].map(essential);
    const company = await afterwards(site, remove);
    const first = await company.run({ relaxConstraints: true });
    const approve = first.result?.approve?.hash ?? '';
    const killer = new Killer(2, 'answered', 'createObject');
    const input = { folder: company.folder, relaxConstraints: true, approve };
    const options = { decorate: killer.decorate };
    const dead = await restore(company.simulator, company.directory, input, options);
    expect([killer.hasStruck, dead.error?.name]).toEqual([true, 'Killed']);
    expect([manager, seat].map(({ minimumCardinality }) => minimumCardinality)).toEqual([0, 0]);
    const files = readdirSync(join(company.directory, '.work', 'restores'));
    const notes = () =>
      files.flatMap((name) => {
        const key = restoreKeys(name).relaxed;
        return existsSync(join(company.directory, '.work', key)) ? [json(company.directory, key)] : [];
      });
    const name = files.find((file) => existsSync(join(company.directory, '.work', restoreKeys(file).relaxed))) ?? '';
    return { ...company, manager, seat, before, notes, name };
  }

  it('is noted for whoever asks, and put back by the next one, whatever it restores', async () => {
    for (const input of [{}, { processObjects: false }, { relaxConstraints: true }]) {
      const { approved, manager, seat, before, notes } = await stopped();
      const attributes = ['CO / Office: Manager', 'CO / Employee: Seat'].map((where) => ({
        where,
        id: expect.any(String),
      }));
      expect(notes()).toMatchObject([{ attributes, putBack: false }]);

      const { error } = await approved(input);

      expect(error).toBeUndefined();
      expect([manager, seat].map(essential)).toEqual(before);
      expect(notes()).toMatchObject([{ attributes, putBack: true }]);
    }
  });

  it('is put back by an undo as well', async () => {
    const { site, simulator, directory, manager, seat, before, name } = await stopped();
    const objects = site.objects.size;

    const { error, result } = await undoApproved(simulator, directory, name);

    expect(error).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'restored', differences: 0 });
    expect(site.objects.size).toBe(objects - 2);
    expect([manager, seat].map(essential)).toEqual(before);
  });

  it('is a loss where the target does not take it back, until a later restore has put it back', async () => {
    const { site, manager, seat, remove } = offices();
    const before = [manager, seat].map(essential);
    const { approved, run, simulator, directory } = await afterwards(site, remove);
    const refusal = { kind: 'status', status: 400, body: { errorMessages: ['Not now'], errors: {} } } as const;
    simulator.faults.add({ endpoint: 'attribute-update', skip: 2, times: 1, fault: refusal });

    const refused = await approved({ relaxConstraints: true });

    expect(refused.result).toMatchObject({ outcome: 'restored-with-losses', created: 3 });
    expect(refused.report?.losses).toMatchObject([{ kind: 'attribute', where: 'CO / Office: Manager' }]);
    expect(relaxedFile(directory, refused)).toMatchObject({
      attributes: [{ where: 'CO / Office: Manager' }],
      putBack: false,
    });
    expect([manager.minimumCardinality, seat.minimumCardinality]).toEqual([0, 1]);

    expect((await run()).result).toMatchObject({ outcome: 'restored', losses: 0 });
    expect([manager, seat].map(essential)).toEqual(before);
    expect(relaxedFile(directory, refused)).toMatchObject({ putBack: true });
  });

  it('is planned by what stood there, and stays where somebody has changed it since', async () => {
    const { run, approved, site, manager, seat, before } = await stopped();
    Object.assign(manager, { minimumCardinality: 0, maximumCardinality: 3, displayName: 'Boss' });
    Object.assign(seat, { minimumCardinality: 2, maximumCardinality: 2 });
    site.configurationChanged();

    const planned = await run({ dryRun: true });
    expect(planned.error).toBeUndefined();
    expect(seat.minimumCardinality).toBe(2);

    await approved({ relaxConstraints: true });
    expect(essential(manager)).toEqual({ ...before[0], maximumCardinality: 3, displayName: 'Boss' });
    expect(essential(seat)).toEqual({ ...before[1], minimumCardinality: 2, maximumCardinality: 2 });
  });
});

describe('What an attribute demands by now', () => {
  interface Case {
    readonly name: string;
    readonly attribute: (site: SimulatedSite) => Omit<AttributeInput, 'type' | 'name'>;
    readonly value: (site: SimulatedSite) => AttributeValue;
    readonly changed: (attribute: Attribute, site: SimulatedSite) => void;
    readonly says: string;
  }
  type AttributeValue = Parameters<SimulatedSite['addObject']>[0]['values'] extends infer Values
    ? NonNullable<Values> extends Readonly<Record<string, infer Value>>
      ? Value
      : never
    : never;

  const cases: readonly Case[] = [
    {
      name: 'a pattern',
      attribute: () => ({}),
      value: () => 'old form',
      changed: (attribute) => Object.assign(attribute, { regexValidation: 'new-\\d+' }),
      says: 'its values have to match a pattern',
    },
    {
      name: 'an option that is gone',
      attribute: () => ({ kind: 'select', options: ['Lent', 'In use'] }),
      value: () => 'Lent',
      changed: (attribute) => Object.assign(attribute, { options: 'In use,Sold' }),
      says: 'it lacks options',
    },
    {
      name: 'a status that is not allowed',
      attribute: (site) => ({ kind: 'status', statuses: [...site.statusTypes.values()] }),
      value: (site) => [...site.statusTypes.values()][1] as AttributeValue,
      changed: (attribute, site) =>
        Object.assign(attribute, { typeValueMulti: [String([...site.statusTypes.keys()][0])] }),
      says: 'it is restricted to some statuses',
    },
    {
      name: 'fewer values',
      attribute: () => ({ kind: 'textarea', multiple: true }),
      value: () => ['one', 'two', 'three'],
      changed: (attribute) => Object.assign(attribute, { maximumCardinality: 2 }),
      says: 'it takes fewer values',
    },
    {
      name: 'a unique value',
      attribute: () => ({}),
      value: () => 'the same',
      changed: (attribute) => Object.assign(attribute, { unique: true }),
      says: 'it is unique',
    },
  ];

  async function things({ attribute, value, changed }: Case, isRequired = false) {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'TH' });
    const type = site.addType({ schema, name: 'Thing' });
    const made = site.addAttribute({ type, name: 'What', ...attribute(site), required: isRequired });
    const values = { What: value(site) };
    site.addObject({ type, name: 'Kept', values });
    const gone = site.addObject({ type, name: 'Gone', values });
    const company = await afterwards(site, () => {
      site.deleteObject(gone);
      changed(made, site);
      site.configurationChanged();
    });
    return { ...company, made, kept: shownValues(site, made, named(site, 'Kept') as StoredObject) };
  }

  it.each(cases)('$name, costs the value, and the plan says so', async (one) => {
    const { run } = await things(one);

    const { plan, result, report } = await run();

    expect(plan?.lossCount).toBe(1);
    expect(plan?.losses[0]).toMatchObject({ attribute: 'What', reason: expect.stringContaining(one.says) });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created: 1 });
    expect(report?.lossCount).toBe(1);
  });

  it.each(cases)('$name, of a required attribute, is a conflict', async (one) => {
    const { run, simulator } = await things(one, true);

    const { plan, report } = await run();

    expect(plan?.counts.object).toMatchObject({ create: 0, conflict: 1 });
    expect(report?.losses[0]?.reason).toContain(one.says);
    expect(simulator.requests.writesByEndpoint()).toEqual({});
  });

  it.each(cases)('$name, is relaxed where the input says so, and put back', async (one) => {
    for (const isRequired of [false, true]) {
      const { approved, site, made, kept } = await things(one, isRequired);
      const before = essential(made);

      const { result, plan } = await approved({ relaxConstraints: true });

      expect(plan?.approvals[0]).toContain(one.says);
      expect(result).toMatchObject({ outcome: 'restored', created: 1 });
      expect(valuesOf(site, 'Gone', made)).toEqual(kept);
      expect(essential(made)).toEqual(before);
    }
  });
});

it('relaxes a filter and groups, which only the site can judge, where they are not the ones of the backup', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FI' });
  const staff = site.addGroup('staff');
  const place = site.addType({ schema, name: 'Place' });
  const thing = site.addType({ schema, name: 'Thing' });
  const where = site.addAttribute({ type: thing, name: 'Where', target: place });
  const who = site.addAttribute({ type: thing, name: 'Who', kind: 'user' });
  const berlin = site.addObject({ type: place, name: 'Berlin' });
  const gone = site.addObject({ type: thing, name: 'Gone', values: { Where: berlin, Who: site.owner } });
  const company = await afterwards(site, () => {
    site.deleteObject(gone);
    Object.assign(where, { qlQuery: 'Name = Sydney' });
    Object.assign(who, { typeValueMulti: [staff.name] });
    site.configurationChanged();
  });
  const before = [where, who].map(essential);

  const { result, plan } = await company.approved({ relaxConstraints: true });

  expect(plan?.approvals).toEqual([expect.stringContaining('filter'), expect.stringContaining('groups')]);
  expect(result?.outcome).toBe('restored');
  expect(valuesOf(site, 'Gone', where)).toEqual(['→ Berlin']);
  expect([where, who].map(essential)).toEqual(before);
});

it('finds what has been required since, of attributes that the backup does not have as well', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'RE' });
  const thing = site.addType({ schema, name: 'Thing', inherited: true });
  const part = site.addType({ schema, name: 'Part', parent: thing });
  const note = site.addAttribute({ type: thing, name: 'Note' });
  const gone = site.addObject({ type: part, name: 'Gone' });
  let cost: Attribute | undefined;
  const { run, approved } = await afterwards(site, () => {
    site.deleteObject(gone);
    Object.assign(note, { minimumCardinality: 1 });
    cost = site.addAttribute({ type: part, name: 'Cost centre', required: true });
    site.configurationChanged();
  });

  const refused = await run();
  expect(refused.plan?.counts.object).toMatchObject({ create: 0, conflict: 1 });
  expect(refused.report?.losses[0]?.reason).toContain('is required on the target');

  const restored = await approved({ relaxConstraints: true });
  expect(restored.result).toMatchObject({ outcome: 'restored', created: 1 });
  expect([note, cost].map((attribute) => attribute?.minimumCardinality)).toEqual([1, 1]);
});

describe('A value that is set back, and that its attribute does not take any more', () => {
  async function changedState() {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'SB' });
    const type = site.addType({ schema, name: 'Thing' });
    const state = site.addAttribute({ type, name: 'State', kind: 'select', options: ['Lent', 'In use'] });
    const note = site.addAttribute({ type, name: 'Note' });
    const [one, other] = ['One', 'Other'].map((name) => site.addObject({ type, name, values: { State: 'Lent' } }));
    const company = await afterwards(site, () => {
      if (one) site.updateObject(one, { State: 'In use', Note: 'x' });
      Object.assign(state, { options: 'In use' });
      Object.assign(note, { minimumCardinality: 1 });
      site.configurationChanged();
    });
    return { ...company, state, note, other };
  }

  it('is a loss that the plan names', async () => {
    const { approved, site, state } = await changedState();

    const { plan, report, result } = await approved({ onExisting: 'update', include: { attributes: ['State'] } });

    expect(plan?.losses).toMatchObject([{ attribute: 'State', reason: expect.stringContaining('it lacks options') }]);
    expect([plan?.lossCount, report?.lossCount]).toEqual([1, 1]);
    expect(result?.outcome).toBe('restored-with-losses');
    expect(valuesOf(site, 'One', state)).toEqual(['In use']);
  });

  it('comes back where that is relaxed', async () => {
    const { approved, site, state, note } = await changedState();
    const before = [state, note].map(essential);

    const { plan, result } = await approved({ onExisting: 'update', relaxConstraints: true });

    expect(plan?.approvals.filter((sentence) => sentence.startsWith('relax'))).toEqual([
      expect.stringContaining('SB / Thing: State (it lacks options'),
      expect.stringContaining('SB / Thing: Note (it is required'),
    ]);
    expect(result).toMatchObject({ outcome: 'restored', updated: 1 });
    expect(valuesOf(site, 'One', state)).toEqual(['Lent']);
    expect(valuesOf(site, 'One', note)).toEqual([]);
    expect([state, note].map(essential)).toEqual(before);
  });
});

it('gives a select the options that values in use have before the objects, and its own list at the end', async () => {
  const make = (options: readonly string[]) => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'SE' });
    const type = site.addType({ schema, name: 'Thing' });
    const state = site.addAttribute({ type, name: 'State', kind: 'select', options, multiple: true });
    const other = site.addAttribute({ type, name: 'Other', kind: 'select', options });
    site.addObject({ type, name: 'A', values: { State: ['Lent', 'Sold'] } });
    site.addObject({ type, name: 'B', values: { State: 'In use', Other: 'Lent' } });
    return { site, state, other };
  };
  for (const options of [['In use', 'Kept'], []]) {
    for (const setAttributeRestrictions of [true, false]) {
      const { site } = make(options);
      const { restored, simulator } = await copySite(site, emptySiteLike(site), { setAttributeRestrictions });

      expect(restored.result).toMatchObject({ outcome: 'restored', created: 2 });
      const target = simulator.site;
      const selects = [...target.attributes.values()].filter(({ kind }) => kind === 'select');
      expect(selects.map((attribute) => attribute.options)).toEqual([options.join(','), options.join(',')]);
      const [state] = selects;
      if (state) expect(valuesOf(target, 'A', state)).toEqual(['Lent', 'Sold']);
    }
  }
});

it('is told once by a backup in which objects have values that a select no longer offers', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'SE' });
  const type = site.addType({ schema, name: 'Thing' });
  const state = { type, kind: 'select', options: ['In use', 'Sold'], multiple: true } as const;
  for (const name of ['State', 'Other']) site.addAttribute({ ...state, name });
  for (const name of ['A', 'B', 'C']) {
    site.addObject({ type, name, values: { State: ['Lent', 'Sold'], Other: ['Sold', 'In use'] } });
  }

  const { manifest } = await backUp(await testSimulator({ site }));

  expect(manifest).toMatchObject({ status: 'complete', gaps: [] });
  expect(manifest?.notices).toEqual([
    {
      ...{ kind: 'option-not-offered', schemaKey: 'SE', objectTypeId: String(type.id) },
      message: expect.stringMatching(/^Objects of Thing have values that their selects no longer offer \(State\)/),
    },
  ]);
  expect(JSON.stringify(manifest)).not.toContain('Lent');
});

describe('Options that are in use and no longer offered, where the site takes none away that is in use', () => {
  const shop = () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'SE' });
    const type = site.addType({ schema, name: 'Thing' });
    const state = site.addAttribute({ type, name: 'State', kind: 'select', options: ['In use'] });
    for (const name of ['A', 'B']) site.addObject({ type, name, values: { State: 'Lent' } });
    return { site, state };
  };

  it('come back with a select that is made anew, whose longer list is told once', async () => {
    const { site } = shop();
    const copy = await copySite(site, emptySiteLike(site), {}, { target: { optionsInUse: 'refused' } });

    expect(copy.restored.report?.losses).toEqual([
      expect.objectContaining({
        kind: 'attribute',
        where: 'SE / Thing: State',
        reason: expect.stringContaining('"options"'),
      }),
    ]);
    expect(copy.restored.report?.differences).toEqual([]);
    const { site: target } = copy.simulator;
    const [select] = [...target.attributes.values()].filter(({ kind }) => kind === 'select');
    expect(select && ['A', 'B'].map((name) => valuesOf(target, name, select))).toEqual([['Lent'], ['Lent']]);
    expect(select?.options).toBe('In use,Lent');
    expect((await copy.again()).report?.lossCount).toBe(1);
  });

  it('come back to a select that is there, once it is relaxed, and what is not put back is told once', async () => {
    const { site, state } = shop();
    const { approved } = await afterwards(site, () => {
      site.quirks.optionsInUse = 'refused';
      const gone = named(site, 'A');
      if (gone) site.deleteObject(gone);
    });

    const { report, plan } = await approved({ relaxConstraints: true });

    expect(plan?.approvals).toEqual([expect.stringContaining('SE / Thing: State (it lacks options')]);
    expect(valuesOf(site, 'A', state)).toEqual(['Lent']);
    expect(report?.losses.map(({ where, reason }) => [where, reason])).toEqual([
      ['SE / Thing: State', expect.stringContaining('what it demanded was not put back')],
    ]);
  });
});

describe('A random site of which objects are deleted, and whose attributes demand more since', () => {
  /** Of everything that an attribute can demand, some. */
  function tighten(site: SimulatedSite, random: SeededRandom, filters: boolean): void {
    for (const attribute of site.attributes.values()) {
      if (attribute.role && attribute.role !== 'name') continue;
      const { kind } = attribute;
      const isText = kind === 'text' || kind === 'email' || kind === 'url';
      if (random.chance(0.3)) attribute.minimumCardinality = 1;
      if (attribute.maximumCardinality !== 1 && random.chance(0.5)) attribute.maximumCardinality = 1;
      if (isText && random.chance(0.2)) attribute.regexValidation = 'never\\d+';
      if (isText && random.chance(0.2)) attribute.unique = true;
      if (kind === 'select' && random.chance(0.5)) attribute.options = attribute.options.split(',').slice(0, 1).join();
      const [status] = site.statusTypes.keys();
      if (kind === 'status' && random.chance(0.5)) attribute.typeValueMulti = [String(status)];
      if (filters && kind === 'reference' && random.chance(0.3)) attribute.qlQuery = 'Name = "nothing at all"';
    }
    site.configurationChanged();
  }

  async function tightened(seed: number, filters: boolean) {
    const site = randomSite(seed, 30);
    const random = new SeededRandom(seed);
    const objects = site.objects.size;
    const company = await afterwards(site, () => {
      for (const object of [...site.objects.all()]) if (random.chance(0.5)) site.deleteObject(object);
      tighten(site, random, filters);
    });
    const attributes = [...site.attributes.values()];
    return { ...company, objects, attributes, before: attributes.map(essential) };
  }

  const seeds = isDeep ? Array.from({ length: 40 }, (_, seed) => seed) : [2, 18, 38];

  it.each(seeds)('comes back whole where all of it is relaxed (seed %i)', async (seed) => {
    const { site, approved, objects, attributes, before } = await tightened(seed, true);

    const { error, result, report } = await approved({ relaxConstraints: true });

    expect(error).toBeUndefined();
    expect([report?.losses, report?.differences]).toEqual([[], []]);
    expect(result?.outcome).toBe('restored');
    expect(site.objects.size).toBe(objects);
    expect(attributes.map(essential)).toEqual(before);
  });

  it.each(seeds)('loses what the plan has said, where nothing is relaxed (seed %i)', async (seed) => {
    const { run, attributes, before } = await tightened(seed, false);

    const { error, plan, report } = await run();

    expect(error).toBeUndefined();
    expect(report?.differences).toEqual([]);
    expect(report?.lossCount).toBe(plan?.lossCount);
    expect(report?.counts.created).toBe(plan?.counts.object.create);
    expect(attributes.map(essential)).toEqual(before);
  });
});
