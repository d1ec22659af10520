import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../core/csv.ts';
import { itemActions, type Loss, type PlanItem } from '../../core/model/restore.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testSimulator } from './local-run.ts';
import { allValues, companySite, idsIn, valuesOf } from './restore-company.ts';
import { type Copied, copySite, type FinishedRestore, json, linesIn, restore } from './restore-run.ts';

async function copiedCompany(input: Record<string, unknown> = {}) {
  const company = companySite();
  const target = emptySiteLike(company.site);
  return { ...company, target, ...(await copySite(company.site, target, input)) };
}

const toOf = (restored: FinishedRestore, object: { id: number } | undefined) =>
  Number(restored.objects.get(String(object?.id)));

describe('what is asked for alone is restored:', () => {
  it.each([
    ['by name', () => 'Place'],
    ['by id', ({ place }: ReturnType<typeof companySite>) => String(place.id)],
  ])('objects of a type, %s, below the whole configuration', async (_, naming) => {
    const { site, target, restored, simulator } = await copiedCompany({
      include: { objectTypes: [naming(companySite())] },
    });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(restored.plan?.counts.object).toMatchObject({ create: 3 });
    expect(simulator.requests.writesByEndpoint()).toMatchObject({ 'object-create': 3 });
    expect(idsIn(target, 'FAC')).toHaveLength(3);
    expect(idsIn(target, 'ASSETS')).toEqual([]);
    const left = companySite().site;
    for (const id of idsIn(left, 'ASSETS')) left.deleteObject(left.object(id));
    expect(compareSites(left, target, { objects: restored.objects, history: true })).toEqual([]);
    expect(site.objects.size).toBe(9);
  });

  it('objects by key and by id, whose references to those left out are named as lost', async () => {
    const { target, laptops, restored, places } = await copiedCompany({
      include: { objects: ['ASSETS-4', String(companySite().laptops[1]?.id), 'FAC-1'] },
    });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 3 });
    expect(allValues(target, 'ASSETS', 'Name')).toEqual(['Laptop 0', 'Laptop 1']);
    expect(valuesOf(target, toOf(restored, laptops[0]), 'Place')).toEqual([String(toOf(restored, places[0]))]);
    expect(valuesOf(target, toOf(restored, laptops[0]), 'Peer')).toEqual([String(toOf(restored, laptops[1]))]);
    expect(restored.report?.losses).toMatchObject([
      { kind: 'object', where: 'ASSETS-5', attribute: 'Place', values: 1 },
    ]);
  });

  it('attributes by name and by id; the label and the Name come along, and nothing is a loss', async () => {
    const { site, laptop } = companySite();
    const note = site.typeAttributes(laptop.id).find(({ name }) => name === 'Note');
    const { target, restored } = await copiedCompany({ include: { attributes: ['Serial number', String(note?.id)] } });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(restored.result?.created).toBe(9);
    for (const name of ['Name', 'Serial number', 'Note']) expect(allValues(target, 'ASSETS', name)).toHaveLength(6);
    for (const name of ['Place', 'Peer', 'Owner', 'Teams', 'State'])
      expect(allValues(target, 'ASSETS', name)).toEqual([]);
  });

  it('a required attribute that is left out does not stop the objects', async () => {
    const { target, restored } = await copiedCompany({ include: { attributes: ['Note'] } });
    expect(restored.result).toMatchObject({ created: 9, differences: 0 });
    expect(idsIn(target, 'FAC')).toHaveLength(3);
    expect(allValues(target, 'FAC', 'Code')).toEqual([]);
  });

  it('some schemas, each under the key and name that it is given', async () => {
    const { site, target, restored } = await copiedCompany({
      objectSchemas: [
        { oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'ASSETS_IMP', newObjectSchemaName: 'Assets [Imported]' },
        { oldObjectSchemaKey: 'FAC' },
      ],
    });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect([...target.schemas.values()].map(({ key, name }) => [key, name]).sort()).toEqual([
      ['ASSETS_IMP', 'Assets [Imported]'],
      ['FAC', 'Facilities'],
    ]);
    const schemas = new Map([
      ['ASSETS', 'ASSETS_IMP'],
      ['FAC', 'FAC'],
    ]);
    expect(compareSites(site, target, { objects: restored.objects, schemas, history: true })).toEqual([
      'schema ASSETS: name is "Assets [Imported]", not "Assets"',
      'schema ASSETS: displayName is "Assets [Imported]", not "Assets"',
    ]);
    expect(restored.report?.schemas).toMatchObject([
      { from: 'FAC', to: 'FAC', created: 3, reused: 0, updated: 0, lost: 0 },
      { from: 'ASSETS', to: 'ASSETS_IMP', created: 6, reused: 0, updated: 0, lost: 0 },
    ]);
    for (const { to, targetId } of restored.report?.schemas ?? []) {
      expect(target.schema(Number(targetId)).key).toBe(to);
    }
  });

  it('an empty list of schemas means all of them, as in the original', async () => {
    const { target } = await copiedCompany({ objectSchemas: [] });
    expect(idsIn(target, 'ASSETS').length + idsIn(target, 'FAC').length).toBe(9);
  });
});

describe('what is left out is not restored:', () => {
  it.each([
    ['comments', { processComments: false }, { comments: 0, historyComments: 9 }],
    ['history', { processHistory: false }, { comments: 6, historyComments: 0 }],
    ['both', { processComments: false, processHistory: false }, { comments: 0, historyComments: 0 }],
  ])('%s', async (_, choices, counts) => {
    const { site, target, restored, simulator } = await copiedCompany(choices);
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [], counts });
    const written = counts.comments + counts.historyComments;
    expect(simulator.requests.writesByEndpoint()['comment-create'] ?? 0).toBe(written);
    expect(restored.result?.comments).toBe(written);
    expect(
      compareSites(site, target, {
        objects: restored.objects,
        comments: counts.comments > 0,
        history: counts.historyComments > 0,
      }),
    ).toEqual([]);
  });

  it('objects, and with them everything that belongs to them', async () => {
    const { site, target, restored, simulator } = await copiedCompany({ processObjects: false });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(restored.result).toMatchObject({ created: 0, reused: 0, comments: 0 });
    expect(Object.keys(simulator.requests.writesByEndpoint())).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(object-|comment)/)]),
    );
    for (const object of [...site.objects.all()]) site.deleteObject(object);
    expect(compareSites(site, target, { objects: new Map() })).toEqual([]);
  });

  it('restrictions of attributes, which leaves them as a new attribute has them', async () => {
    const site = configurationSite();
    const target = emptySiteLike(site);
    const { restored } = await copySite(site, target, { setAttributeRestrictions: false });
    expect(restored.report?.differences).toEqual([]);
    expect(compareSites(site, target, { objects: restored.objects, history: true, restrictions: false })).toEqual([]);
    const own = [...target.attributes.values()].filter(({ role }) => role === undefined);
    expect(own.filter(({ unique, minimumCardinality }) => unique || minimumCardinality > 0)).toEqual([]);
    expect(own.filter(({ regexValidation, qlQuery }) => regexValidation || qlQuery)).toEqual([]);
    expect(own.filter(({ typeValueMulti }) => typeValueMulti.length > 0)).toEqual([]);
  });

  it('restrictions, also those that the Name of a new type has', async () => {
    const { site, type } = oneType();
    const name = site.typeAttributes(type.id).find(({ role }) => role === 'name');
    if (name) name.regexValidation = 'Laptop.*';
    const target = emptySiteLike(site);
    const { restored } = await copySite(site, target, { setAttributeRestrictions: false });
    expect(restored.report).toMatchObject({ outcome: 'restored', differences: [] });
    expect([...target.attributes.values()].filter(({ regexValidation }) => regexValidation)).toEqual([]);
  });
});

function oneType() {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'ASSETS' }), name: 'Laptop' });
  site.addObject({ type, name: 'Laptop 1' });
  return { site, type };
}

/** The company with a user, a group and a project that the target lacks, and a deleted place. */
async function lossyCopy({ stopsAfterSecondWrites = false } = {}) {
  const company = companySite();
  const { site, laptop, laptops, users, groups } = company;
  const simulator = await testSimulator({ site });
  site.addAttribute({ type: laptop, name: 'Project', kind: 'project', multiple: true });
  for (const object of laptops.slice(0, 2)) {
    site.updateObject(object, { Project: [site.addProject('ONE'), site.addProject('TWO')] });
  }
  const { directory, result } = await backUp(simulator);
  const target = emptySiteLike(site);
  target.users.delete(users[0]?.accountId ?? '');
  target.groups.delete(groups[1]?.name ?? '');
  target.projects.delete('TWO');
  const targetSimulator = await testSimulator({ site: target });
  const run = (options = {}) => restore(targetSimulator, directory, { folder: result?.backup ?? '' }, options);
  const controller = new AbortController();
  // The next search is that of the proof.
  const { requests } = targetSimulator;
  targetSimulator.onRequest('object-aql', () => {
    if (stopsAfterSecondWrites && (requests.byEndpoint['object-update'] ?? 0) > 0) controller.abort(new Error('stop'));
  });
  const restored = await run({ signal: controller.signal });
  return { ...company, target, simulator: targetSimulator, directory, run, restored };
}

describe('plan and report', () => {
  it('agree with what the server was asked and has', async () => {
    const { site, target, restored, simulator, directory } = await copiedCompany();
    const { plan, report, result } = restored;
    const writes = simulator.requests.writesByEndpoint({ onlySuccessful: true });
    expect(plan?.counts).toMatchObject({
      schema: { create: writes['objectschema-create'] },
      'object-type': { create: writes['objecttype-create'] },
      attribute: { create: writes['attribute-create'] },
      object: { create: writes['object-create'] },
    });
    expect(plan?.counts['status-type'].create).toBe(writes['statustype-create']);
    expect(plan?.counts['reference-type'].create).toBe(writes['referencetype-create']);
    expect(report?.counts).toMatchObject({ created: writes['object-create'], reused: 0, updated: 0 });
    expect((report?.counts.comments ?? 0) + (report?.counts.historyComments ?? 0)).toBe(writes['comment-create']);
    expect(result).toMatchObject({ created: 9, hash: plan?.hash, losses: 0, differences: 0 });
    expect(plan).toMatchObject({ objectsNow: 0, objectsAfterwards: target.objects.size, lossCount: 0 });
    expect(report?.counts.objectsCompared).toBe(9);
    const values = [...site.objects.all()].reduce((sum, { values }) => sum + [...values.values()].flat().length, 0);
    expect(report?.counts.valuesCompared).toBe(values);
    // All requests but the discovery are counted, and no write more than the plan says, give or take its reads.
    const asked = Object.values(report?.requests ?? {}).reduce((sum, count) => sum + count, 0);
    expect(asked).toBeGreaterThanOrEqual(simulator.requests.writes.length);
    expect(asked).toBeLessThanOrEqual(simulator.requests.total);
    expect(plan?.requests).toBeGreaterThanOrEqual(simulator.requests.writes.length);
    expect(plan?.requests).toBeLessThanOrEqual(simulator.requests.total);
    expect(json(directory, restoreKeys(result?.restore ?? '').report)).toEqual(report);
  });

  it('count objects by schema and type', async () => {
    const { site, laptops, simulator, directory, backup } = await inPlace();
    site.deleteObject(laptops[0] as StoredObject);
    const { plan, report } = await restore(simulator, directory, { folder: backup });
    const counts = (numbers: object) => ({
      ...Object.fromEntries(itemActions.map((action) => [action, 0])),
      ...numbers,
    });
    expect(plan?.schemas).toMatchObject([
      { from: 'FAC', to: 'FAC', action: 'reuse', objects: counts({ reuse: 3 }) },
      { from: 'ASSETS', to: 'ASSETS', action: 'reuse', objects: counts({ create: 1, update: 1, reuse: 4 }) },
    ]);
    expect(plan?.schemas[1]?.types).toEqual([
      { name: 'Hardware', objects: counts({}) },
      { name: 'Hardware / Laptop', objects: counts({ create: 1, update: 1, reuse: 4 }) },
      { name: 'Dock', objects: counts({}) },
    ]);
    expect(plan?.counts.object).toEqual(counts({ create: 1, update: 1, reuse: 7 }));
    expect(report?.schemas).toMatchObject([
      { from: 'FAC', created: 0, reused: 3, lost: 0 },
      { from: 'ASSETS', created: 1, reused: 4, lost: 0 },
    ]);
    expect(plan).toMatchObject({ objectsNow: 8, objectsAfterwards: 9 });
    expect(plan?.warnings).toContainEqual(expect.stringMatching(/^Jira automation rules/));
  });

  it('say nothing of automation where nothing is to be made', async () => {
    const { simulator, directory, backup } = await inPlace();
    const { plan } = await restore(simulator, directory, { folder: backup, dryRun: true });
    expect(plan?.counts.object).toMatchObject({ create: 0, reuse: 9 });
    expect(plan?.warnings).toEqual([]);
  });

  it('name each loss with its reason, in the report, in a file of lines, and in the text', async () => {
    const { restored, directory } = await lossyCopy();
    const { report, result, plan } = restored;
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created: 9, differences: 0 });
    const lines = linesIn<Loss>(directory, report?.files.losses ?? '');
    expect(lines).toEqual(report?.losses);
    expect(lines).toHaveLength(report?.lossCount ?? 0);
    expect(result?.losses).toBe(lines.length);
    expect(lines.every(({ reason, where }) => reason.length > 10 && /^ASSETS-\d+$/.test(where))).toBe(true);
    const sum = (name: string) =>
      lines.filter(({ attribute }) => attribute === name).reduce((total, { values }) => total + values, 0);
    expect({ owner: sum('Owner'), teams: sum('Teams'), project: sum('Project') }).toEqual({
      owner: 2,
      teams: 6,
      project: 2,
    });
    // Users and groups are known before anything is written; projects only the target knows.
    expect(plan?.lossCount).toBe(8);
    const text = readFileSync(join(directory, '.work', restoreKeys(result?.restore ?? '').reportText), 'utf8');
    expect(text).toContain(`Not brought back (${lines.length} values):`);
    for (const { where, attribute } of lines) {
      const alike = lines.filter((line) => line.attribute === attribute);
      if (alike.length <= 3) expect(text).toContain(`- ${where} ${attribute}: 1 value (`);
      else expect(text).toContain(`- ASSETS ${attribute}: ${alike.length} values of `);
    }
    expect(report?.neverRestored.length).toBeGreaterThan(3);
    expect(report?.files.differences).toBeNull();
  });

  it('tell the same losses when the restore is run again', async () => {
    const { restored, run, simulator } = await lossyCopy();
    const writes = simulator.requests.writes.length;
    const again = await run();
    // What the target refused is tried once more.
    const counts = { created: 0, updated: 2, reused: 7, differences: 0 };
    expect(again.result).toMatchObject({ outcome: 'restored-with-losses', ...counts });
    const told = ({ report }: FinishedRestore) =>
      report?.losses.map(({ where, attribute, values }) => `${where} ${attribute} ${values}`).sort();
    expect(told(again)).toEqual(told(restored));
    expect(simulator.requests.writes.slice(writes).every(({ status }) => status === 400)).toBe(true);
  });

  it('tell of every loss where the restore was stopped after its second writes and goes on', async () => {
    const { restored, run } = await lossyCopy({ stopsAfterSecondWrites: true });
    expect(restored.error?.name).toBe('InterruptedError');
    const again = await run();
    expect(again.report?.differences).toEqual([]);
    expect(again.result).toMatchObject({ outcome: 'restored-with-losses', created: 0, updated: 2, reused: 7 });
    const projects = again.report?.losses.filter(({ attribute }) => attribute === 'Project');
    expect(projects?.map(({ where, values }) => `${where} ${values}`)).toEqual(['ASSETS-4 1', 'ASSETS-5 1']);
  });

  it.each([
    ['takes no images', { iconUpload: 'not-offered' }, 'icon icon Rack unit'],
    ['wants names of types to be unique', { typeNamesUniqueIn: 'schema' }, 'object-type CFG / Virtual / Server'],
    [
      'lacks the endpoint for the order of attributes',
      { attributePosition: 'not-offered' },
      'object-type CFG / Hardware / Server',
    ],
  ] as const)(
    'tell of every loss where the target %s and the restore was stopped after its configuration',
    async (_, quirks, lost) => {
      const site = configurationSite();
      const { directory, result } = await backUp(await testSimulator({ site }));
      const simulator = await testSimulator({ site: emptySiteLike(site), quirks });
      const controller = new AbortController();
      const end = simulator.onRequest('object-create', () => controller.abort(new Error('stop')));
      const run = (options = {}) => restore(simulator, directory, { folder: result?.backup ?? '' }, options);
      expect((await run({ signal: controller.signal })).error?.name).toBe('InterruptedError');
      end();
      const { report } = await run();
      expect(report?.differences).toEqual([]);
      expect(report?.losses.map(({ kind, where }) => `${kind} ${where}`)).toContain(lost);
    },
  );

  it('have a table from old keys to new ones, in which each object stands once', async () => {
    const { site, target, restored, directory } = await copiedCompany();
    const text = readFileSync(join(directory, '.work', restored.report?.files.keys ?? ''), 'utf8');
    const [header, ...rows] = parseCsv(text);
    expect(header).toEqual(['old key', 'old id', 'new key', 'new id', 'how']);
    expect(rows.map(([key]) => key).sort()).toEqual(
      [...site.objects.all()].map((object) => site.objectKey(object)).sort(),
    );
    for (const [oldKey, oldId, newKey, newId, how] of rows) {
      expect(site.objectKey(site.object(oldId ?? ''))).toBe(oldKey);
      expect(target.objectKey(target.object(newId ?? ''))).toBe(newKey);
      expect(how).toBe('created');
    }
    expect(new Set(rows.map(([, , , newId]) => newId)).size).toBe(9);
  });

  it('say of objects in the table how they came there', async () => {
    const { site, laptops, simulator, directory, backup } = await inPlace();
    site.deleteObject(laptops[0] as StoredObject);
    const hows = async () => {
      const { report } = await restore(simulator, directory, { folder: backup });
      const rows = parseCsv(readFileSync(join(directory, '.work', report?.files.keys ?? ''), 'utf8')).slice(1);
      return Object.groupBy(rows, ([, , , , how = '']) => how);
    };
    const first = await hows();
    expect([first.created?.length, first.updated?.length, first['was there']?.length]).toEqual([1, 1, 7]);
    const second = await hows();
    expect([second['made by an earlier restore']?.length, second['was there']?.length]).toEqual([1, 8]);
  });

  it('are one line of text in the result, which says how it went', async () => {
    const whole = await copiedCompany();
    expect(whole.restored.result?.message).toMatch(/^The restore \S+ is done and proven: 9 objects created/);
    const lossy = await lossyCopy();
    expect(lossy.restored.result?.message).toMatch(/9 objects created.*10 values.* could not be brought back/);
    for (const { restored } of [whole, lossy]) expect(restored.result?.message.split('\n')).toHaveLength(1);
  });
});

async function inPlace() {
  const company = companySite();
  const simulator = await testSimulator({ site: company.site });
  const { directory, result } = await backUp(simulator);
  return { ...company, simulator, directory, backup: result?.backup ?? '' };
}

const canary = (what: string) => `canary-${what}-7d1f`;

/** Everything that holds personal data is a canary: names of objects, values, comments, histories, users. */
function canarySite() {
  const site = new SimulatedSite();
  const users = [1, 2].map((number) =>
    site.addUser({
      accountId: canary(`account-${number}`),
      displayName: canary('display'),
      emailAddress: `${canary('mail')}@example.com`,
    }),
  );
  const groups = ['first', 'second'].map((name) => site.addGroup(canary(`group-${name}`)));
  const type = site.addType({ schema: site.addSchema({ key: 'ASSETS' }), name: 'Laptop' });
  const attributes = [
    { name: 'Text', unique: true },
    { name: 'Long', kind: 'textarea' },
    { name: 'Choice', kind: 'select', multiple: true, options: [canary('option'), 'plain'] },
    { name: 'Link', kind: 'url' },
    { name: 'Mail', kind: 'email', multiple: true },
    { name: 'Owner', kind: 'user', multiple: true },
    { name: 'Teams', kind: 'group', multiple: true },
    { name: 'Project', kind: 'project', multiple: true },
  ] as const;
  for (const attribute of attributes) site.addAttribute({ type, ...attribute });
  site.addAttribute({ type, name: 'Peer', target: type });
  const projects = ['A', 'B'].map((key) => site.addProject(canary(`project-${key}`)));
  const objects = [1, 2, 3].map((number) =>
    site.addObject({
      type,
      name: canary(`name-${number}`),
      values: {
        Text: canary(`text-${number}`),
        Long: canary('long'),
        Choice: [canary('option'), 'plain'],
        Link: `https://example.com/${canary('link')}`,
        Mail: [`${canary('value')}@example.com`],
        Owner: users,
        Teams: groups,
        Project: projects,
      },
    }),
  );
  const [first, second] = objects as [StoredObject, StoredObject];
  site.updateObject(first, { Peer: second });
  site.updateObject(second, { Peer: first });
  site.addComment({ object: first, text: `<p>${canary('comment')}</p>`, actor: users[0] as (typeof users)[number] });
  site.addHistory({ object: first, attribute: 'Text', oldValue: canary('old'), newValue: canary('new') });
  return { site, users, groups, objects };
}

describe('what a restore says of itself', () => {
  /** Everything that a person, a log or the console may see. */
  function saidBy({ restored, directory }: Pick<Copied, 'restored' | 'directory'>): string {
    const { reporter, result, plan, report, error } = restored;
    const read = (key: string | null | undefined) => (key ? readFileSync(join(directory, '.work', key), 'utf8') : '');
    const files = [
      ...(plan?.itemFiles ?? []),
      report?.files.losses,
      report?.files.differences,
      report && result ? restoreKeys(result.restore).reportText : null,
    ].map(read);
    return [JSON.stringify([reporter.events, result, plan, report]), error?.message, ...files].join('\n');
  }

  const canaries = (text: string) => [...new Set(text.match(/canary-[\w-]+7d1f/g) ?? [])].sort();

  it('holds no value, name, comment or person of an object where all goes well', async () => {
    const { site } = canarySite();
    const copy = await copySite(site, emptySiteLike(site));
    expect(copy.restored.result?.outcome).toBe('restored');
    expect(canaries(saidBy(copy))).toEqual([]);
    const keys = readFileSync(join(copy.directory, '.work', copy.restored.report?.files.keys ?? ''), 'utf8');
    expect(canaries(keys)).toEqual([]);
  });

  it('holds none where values are lost, but the accounts and groups that are missing, in the plan', async () => {
    const { site, users, groups } = canarySite();
    const target = emptySiteLike(site);
    target.users.delete(users[0]?.accountId ?? '');
    target.groups.delete(groups[1]?.name ?? '');
    target.projects.clear();
    const copy = await copySite(site, target);
    const { restored } = copy;
    expect(restored.result?.outcome).toBe('restored-with-losses');
    expect(restored.plan).toMatchObject({
      missingAccounts: [canary('account-1')],
      missingGroups: [canary('group-second')],
    });
    const { missingAccounts: _, missingGroups: __, ...plan } = restored.plan ?? {};
    const said = saidBy({ ...copy, restored: { ...restored, plan: plan as never } });
    expect(canaries(said)).toEqual([]);
    expect(restored.plan?.itemFiles.flatMap((file) => linesIn<PlanItem>(copy.directory, file)).length).toBeGreaterThan(
      3,
    );
  });

  it('holds none where the target refuses everything, in the error either', async () => {
    const { site, objects } = canarySite();
    for (let number = 4; number <= 30; number += 1) {
      const [first] = objects;
      const values = { Project: site.projects.values().toArray(), Text: canary(`text-${number}`) };
      site.addObject({ type: site.type(first?.typeId ?? 0), name: canary(`name-${number}`), values });
    }
    const target = emptySiteLike(site);
    target.projects.clear();
    const copy = await copySite(site, target);
    expect(copy.restored.error).toMatchObject({ name: 'TooManyRefusalsError', exitCode: 1 });
    expect(canaries(saidBy(copy))).toEqual([]);
    expect(canaries(String(copy.restored.error?.cause ?? ''))).toEqual([]);
  });

  it('holds none where objects are in conflict or differ, nor the token', async () => {
    const { site, objects } = canarySite();
    const target = emptySiteLike(site);
    const token = 'canary-token-7d1f';
    const from = await testSimulator({ site });
    const { directory, result } = await backUp(from);
    const simulator = await testSimulator({ site: target, login: { apiToken: token } });
    simulator.faults.add({ endpoint: 'object-create', skip: 1, times: 1, fault: { kind: 'status', status: 500 } });
    simulator.faults.add({ endpoint: 'comment-create', times: 1, fault: { kind: 'close' } });
    const end = simulator.onRequest('comment-create', () => {
      end();
      const [made] = target.objects.all();
      if (made) target.updateObject(made, { Text: canary('changed') });
    });
    const run = () => restore(simulator, directory, { folder: result?.backup ?? '' });
    const first = await run();
    expect(first.result?.outcome).toBe('differences-found');
    expect(first.report?.differences).toMatchObject([{ kind: 'object', what: 'the values of Text' }]);
    expect(canaries(saidBy({ restored: first, directory }))).toEqual([]);

    const moved = target.object(first.objects.get(String(objects[1]?.id)) ?? '');
    const other = target.addType({ schema: [...target.schemas.values()][0] as never, name: 'Tablet' });
    target.moveObject(moved, other);
    const second = await run();
    expect(second.plan?.changed.places.map(({ where }) => where)).toContainEqual(
      expect.stringContaining('its object type'),
    );
    expect(canaries(saidBy({ restored: second, directory }))).toEqual([]);
  });
});
