import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import {
  type Manifest,
  type ManifestObjectType,
  manifestFile,
  type StoredFile,
  sha256,
} from '../../core/backup-format/manifest.ts';
import { arrayFile, objectFile } from '../../core/backup-format/record-files.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import type { ObjectPlan } from '../../core/restore/plan-files.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { BreakingOff, type BreakingPoint } from './broken-off.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { type FinishedRestore, json, linesIn, restore } from './restore-run.ts';

/** Every invocation hands back as soon as it may: after one page, or one thing that cannot be cut. */
const noTime = { remainingMilliseconds: () => 0 };
const points: readonly BreakingPoint[] = ['before it stores', 'when all is stored'];
/** Several pages a type. */
const smallPages = { maxPageSize: 5 };

const callsOf = (step: string, { reporter }: FinishedRestore) =>
  reporter.events.filter(({ name, fields }) => name === 'step.started' && fields.step === step).length;

/** As 0.1.0 stored an object that became another type's while it was read: in both types. */
async function storeTwice(
  directory: string,
  manifest: Manifest,
  { id, inType, changed = (text) => text }: { id: string; inType: string; changed?: (text: string) => string },
) {
  const path = (key: string) => join(directory, key);
  const types = manifest.schemas.flatMap(({ objectTypes }) => objectTypes);
  const type = types.find((one) => one.id === inType);
  const records = (keys: readonly string[] = []) =>
    keys.flatMap((key) => JSON.parse(readFileSync(path(key), 'utf8')) as ApiRecord[]);
  const object = records(types.flatMap(({ objectsMeta }) => objectsMeta)).find((one) => String(one.id) === id);
  if (!type || !object) throw new Error('no such object');
  const lists: StoredFile[] = [];
  for (const list of manifest.fileLists) {
    const files = readFileSync(path(list.key), 'utf8').trimEnd().split('\n');
    const lines = files.map((line) => {
      const file = JSON.parse(line) as StoredFile;
      const isMeta = type.objectsMeta.includes(file.key);
      if (!isMeta && !type.objects.includes(file.key)) return line;
      const there = JSON.parse(readFileSync(path(file.key), 'utf8')) as ApiRecord[] & Record<string, unknown>;
      const both = isMeta
        ? arrayFile([...there.map((one) => JSON.stringify(one)), changed(JSON.stringify(object))])
        : objectFile([...Object.entries(there), [id, {}]].map(([key, one]) => [String(key), JSON.stringify(one)]));
      writeFileSync(path(file.key), both);
      return JSON.stringify({ ...file, bytes: both.length, sha256: sha256(both), records: file.records + 1 });
    });
    const text = Buffer.from(`${lines.join('\n')}\n`);
    writeFileSync(path(list.key), text);
    lists.push({ ...list, bytes: text.length, sha256: sha256(text) });
  }
  const stored = (one: ManifestObjectType) => (one.id === inType ? { ...one, stored: one.stored + 1 } : one);
  const schemas = manifest.schemas.map((one) => ({ ...one, objectTypes: one.objectTypes.map(stored) }));
  const twice = { ...manifest, schemas, fileLists: lists };
  writeFileSync(path(manifestKey(manifest.name)), manifestFile(twice));
}

/** Pages of objects that are asked for while something is done, in any order: some are asked for at once. */
async function pagesDuring<T>(simulator: Simulator, work: () => Promise<T>): Promise<[T, string[]]> {
  const pages: string[] = [];
  const end = simulator.onRequest('object-aql', ({ query, rawBody }) => {
    pages.push(`${query.get('startAt')} ${rawBody}`);
  });
  const done = await work();
  end();
  return [done, pages.toSorted()];
}

describe('a plan into schemas that exist, in invocations that never have time', () => {
  const sites: [string, () => SimulatedSite][] = [
    ['of random site 6', () => randomSite(6, 120)],
    ['of every configuration feature', () => configurationSite()],
    ['of objects known by unique values', () => companySite().site],
  ];

  /** A backup of a site from which then every third object is deleted. */
  async function withHoles(make: () => SimulatedSite) {
    const site = make();
    const simulator = await testSimulator({ site, quirks: smallPages });
    const { directory, result } = await backUp(simulator, { activity: false });
    for (const [index, object] of [...site.objects.all()].entries()) if (index % 3 === 0) site.deleteObject(object);
    const plan = async (options = {}) => {
      const planned = await restore(simulator, directory, { folder: result?.backup ?? '', dryRun: true }, options);
      expect(planned.error).toBeUndefined();
      const lines = (files: readonly string[] = []) => files.flatMap((file) => linesIn<object>(directory, file));
      const { itemFiles, lossFiles, linkFiles, changedFiles } = planned.plan ?? {};
      return { ...planned, lists: [itemFiles, lossFiles, linkFiles, changedFiles].map(lines) };
    };
    return { site, simulator, directory, plan, backup: result?.backup ?? '' };
  }

  it.each(sites)('%s is the one made in one go, and reads no page twice', async (_, make) => {
    const { simulator, plan } = await withHoles(make);
    const [whole, pages] = await pagesDuring(simulator, () => plan());
    const [cut, pagesOfCut] = await pagesDuring(simulator, () => plan(noTime));
    expect(callsOf('PlanRestore', whole)).toBe(1);
    // One for each page, and one for the plan.
    expect(pages.length).toBeGreaterThan(3);
    expect(callsOf('PlanRestore', cut)).toBe(pages.length + 1);
    expect(pagesOfCut).toEqual(pages);
    expect(whole.plan?.counts.object.reuse).toBeGreaterThan(0);
    expect(whole.plan?.counts.object.create).toBeGreaterThan(0);
    expect(cut.lists).toEqual(whole.lists);
    // Only the names of files have the restore's own name in them.
    const named = (text: string) => text.replaceAll(whole.plan?.restore ?? '', cut.plan?.restore ?? '');
    expect(cut.plan).toEqual(JSON.parse(named(JSON.stringify(whole.plan))));
    expect(cut.reporter.advancedCounts.planning).toBe(whole.reporter.advancedCounts.planning);
    expect(cut.reporter.plannedCounts.planning).toBe(whole.reporter.plannedCounts.planning);
  });

  it.each(points)('is the same where each invocation breaks off once %s, and is tried again', async (point) => {
    const { plan } = await withHoles(() => randomSite(6, 120));
    const whole = await plan();
    const breaking = new BreakingOff(['PlanRestore'], point);
    const cut = await plan({ ...noTime, decorate: breaking.decorate });
    expect(breaking.broken).toBeGreaterThan(5);
    expect(callsOf('PlanRestore', cut)).toBe(2 * breaking.broken);
    expect(cut.plan?.hash).toBe(whole.plan?.hash);
    expect(cut.lists).toEqual(whole.lists);
  });

  it('begins a type anew where its pages shift between two invocations, and knows every object that is there', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'FAC' }), name: 'Large' });
    const objects = Array.from({ length: 23 }, (_, number) => site.addObject({ type, name: `object ${number}` }));
    const simulator = await testSimulator({ site, quirks: smallPages });
    const { directory, result } = await backUp(simulator);
    let page = 0;
    simulator.onRequest('object-aql', () => {
      page += 1;
      const [first] = objects;
      if (page === 4 && first) site.deleteObject(first);
    });
    const input = { folder: result?.backup ?? '', dryRun: true };
    const cut = await restore(simulator, directory, input, noTime);
    expect(cut.plan?.counts.object).toMatchObject({ reuse: 23, create: 0 });
    // Three pages of the first sweep, the one that begins with another object, six more, and one that shows that no other
    // follows: after a shift the site's word that a page is the last is not believed.
    expect(page).toBe(11);
  });

  it('goes on with what was read, whatever becomes of the configuration meanwhile, and is refused when it is carried out', async () => {
    const { site, simulator, directory, backup } = await withHoles(() => companySite().site);
    const schema = [...site.schemas.values()].find(({ key }) => key === 'ASSETS');
    const laptop = [...site.types.values()].find(({ name }) => name === 'Laptop');
    if (!schema || !laptop) throw new Error('The company has changed.');
    const writes = simulator.requests.writes.length;
    let page = 0;
    simulator.onRequest('object-aql', () => {
      page += 1;
      const dock = [...site.types.values()].find(({ name }) => name === 'Dock');
      if (page === 3 && dock) site.types.delete(dock.id);
    });
    const cut = await restore(simulator, directory, { folder: backup }, noTime);
    expect(cut.error).toMatchObject({ name: 'PlanChangedError', message: expect.stringContaining('Dock is gone') });
    expect(simulator.requests.writes.length).toBe(writes);
  });
});

/** The same number for the same label. */
const lotOf = (label: string) =>
  [...label].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973, 7);

describe('a restore that is verified in invocations that never have time', () => {
  /** A backup, and how to restore it into an empty site, which changes before its objects are read back. */
  async function changedMeanwhile(
    make: () => SimulatedSite,
    change: (target: SimulatedSite, simulator: Simulator) => void,
    quirks = smallPages,
  ) {
    const site = make();
    const { directory, result } = await backUp(await testSimulator({ site }), { activity: false });
    return async (options = {}) => {
      // Each time a workspace of its own, so that no restore finds what another has made.
      const workspaceId = crypto.randomUUID();
      const target = emptySiteLike(site, { workspaceId });
      const simulator = await testSimulator({ site: target, quirks });
      const reporter = new RecordingReporter();
      let isChanged = false;
      reporter.event = (level, name, fields) => {
        reporter.events.push({ level, name, fields });
        if (name !== 'step.started' || fields.step !== 'VerifyRestore' || isChanged) return;
        isChanged = true;
        change(target, simulator);
      };
      const restored = await restore(simulator, directory, { folder: result?.backup ?? '' }, { ...options, reporter });
      expect(restored.error).toBeUndefined();
      return { ...restored, reporter };
    };
  }

  /** Of every type some objects lose a value, some are gone and one is new: which ones does not depend on their new ids. */
  function disturb(target: SimulatedSite): void {
    const objects = [...target.objects.all()];
    const lots = new Map(objects.map((object) => [object.id, lotOf(target.label(object))]));
    for (const object of objects) {
      const lot = lots.get(object.id) ?? 0;
      if (lot % 7 === 2) target.deleteObject(object);
      else if (lot % 4 === 1) target.objects.setValues(object, new Map([...object.values].slice(0, -1)));
    }
    for (const id of new Set(objects.map(({ typeId }) => typeId)))
      target.addObject({ type: target.type(id), name: 'new one' });
  }

  const found = ({ report, reporter }: FinishedRestore) => ({
    differences: report?.differences.map(({ target, ...difference }) => JSON.stringify(difference)).sort(),
    differenceCount: report?.differenceCount,
    counts: report?.counts,
    notices: report?.notices,
    told: reporter.events
      .filter(({ name }) => name === 'restore.difference')
      .map(({ fields }) => JSON.stringify(fields))
      .sort(),
    compared: reporter.advancedCounts.comparison,
  });

  const sites: [string, () => SimulatedSite, { maxPageSize: number }][] = [
    ['of random site 6', () => randomSite(6, 120), smallPages],
    [
      'with more differences than are looked at at once',
      () => largeSite({ objects: 900, schemas: 1, types: 2 }),
      { maxPageSize: 50 },
    ],
  ];

  it.each(sites)(
    '%s finds exactly the differences that are found in one go',
    async (_, make, pages) => {
      const run = await changedMeanwhile(make, disturb, pages);
      const whole = await run();
      const cut = await run(noTime);
      expect(callsOf('VerifyRestore', whole)).toBe(1);
      expect(callsOf('VerifyRestore', cut)).toBeGreaterThan(15);
      expect(whole.report?.differenceCount).toBeGreaterThan(15);
      expect(found(cut)).toEqual(found(whole));
      // Two restores of 900 objects, on a machine that may be busy.
    },
    180_000,
  );

  it.each(points)('finds them where each invocation breaks off once %s, and is tried again', async (point) => {
    const run = await changedMeanwhile(() => randomSite(6, 120), disturb);
    const whole = await run();
    const breaking = new BreakingOff(['VerifyRestore'], point);
    const cut = await run({ ...noTime, decorate: breaking.decorate });
    expect(breaking.broken).toBeGreaterThan(15);
    const { told, compared, ...inReport } = found(cut);
    expect(found(whole)).toMatchObject(inReport);
  });

  it('counts no object twice where pages shift, and a type is begun anew', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'FAC' }), name: 'Large' });
    for (let number = 0; number < 23; number += 1) site.addObject({ type, name: `object ${number}` });
    const run = await changedMeanwhile(
      () => site,
      (target, simulator) => {
        const [there] = [...target.objects.all()];
        const [made] = target.types.values();
        if (!there || !made) throw new Error('Nothing was restored.');
        for (let number = 0; number < 12; number += 1) target.addObject({ type: made, name: `new ${number}` });
        let page = 0;
        simulator.onRequest('object-aql', () => {
          page += 1;
          if (page === 8) target.deleteObject(there);
        });
      },
    );
    const whole = await run();
    const cut = await run(noTime);
    expect(whole.report?.differenceCount).toBe(12);
    expect(found(cut)).toEqual(found(whole));
  });

  it('knows one object where it stands in two types of the backup', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'FAC' });
    const type = site.addType({ schema, name: 'First' });
    const other = site.addType({ schema, name: 'Second' });
    const objects = Array.from({ length: 450 }, (_, number) => site.addObject({ type, name: `object ${number}` }));
    site.addObject({ type: other, name: 'only one' });
    const simulator = await testSimulator({ site });
    const { directory, result, manifest } = await backUp(simulator);
    if (manifest) await storeTwice(directory, manifest, { id: String(objects[5]?.id), inType: String(other.id) });
    const target = await testSimulator({ site: emptySiteLike(site) });
    const cut = await restore(target, directory, { folder: result?.backup ?? '' }, noTime);
    const plan = json<ObjectPlan>(directory, restoreKeys(cut.result?.restore ?? '').objectPlan);
    expect(plan.twice).toEqual({ [String(objects[5]?.id)]: 0 });
    expect(cut.report).toMatchObject({ outcome: 'restored', differences: [], counts: { created: 451 } });
  });

  it('holds one that stands twice in a file against what it was made of', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'FAC' }), name: 'Only' });
    const object = site.addObject({ type, name: 'first' });
    const simulator = await testSimulator({ site });
    const { directory, result, manifest } = await backUp(simulator);
    const changed = (text: string) => text.replaceAll('first', 'last');
    if (manifest) await storeTwice(directory, manifest, { id: String(object.id), inType: String(type.id), changed });
    const toEmpty = async (before: (target: SimulatedSite) => void) => {
      const target = emptySiteLike(site, { workspaceId: crypto.randomUUID() });
      const reporter = new RecordingReporter();
      reporter.event = (_, name, { step }) => {
        if (name === 'step.started' && step === 'VerifyRestore') before(target);
      };
      const { report } = await restore(
        await testSimulator({ site: target }),
        directory,
        { folder: result?.backup ?? '' },
        { reporter },
      );
      return report;
    };
    const untouched = await toEmpty(() => undefined);
    expect(untouched).toMatchObject({ outcome: 'restored', differences: [], counts: { created: 1 } });
    const renamed = await toEmpty((target) => {
      for (const made of target.objects.all()) {
        const values = [...made.values].map(
          ([id, texts]) => [id, texts.map((text) => text.replace('last', 'first'))] as const,
        );
        target.objects.setValues(made, new Map(values));
      }
    });
    expect(renamed).toMatchObject({ outcome: 'differences-found', differenceCount: 1 });
  });
});
