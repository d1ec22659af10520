import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite, idsIn } from './restore-company.ts';
import { copySite, restore } from './restore-run.ts';

/** Reasons of what could not be made where an empty site refuses every create of an object by such a body. */
async function refused(body: unknown) {
  const { site } = companySite();
  const { directory, result } = await backUp(await testSimulator({ site }));
  const target = await testSimulator({ site: emptySiteLike(site) });
  target.faults.add({ endpoint: 'object-create', fault: { kind: 'status', status: 400, body } });
  const restored = await restore(target, directory, { folder: result?.backup ?? '' });
  expect(restored.error).toBeUndefined();
  const reasons = (restored.report?.losses ?? []).map(({ reason }) => reason);
  return reasons.filter((reason) => reason.startsWith('it could'));
}

describe('a refusal without a named attribute', () => {
  it('stands in the loss with the words of the site, on one line and harmless', async () => {
    const [reason] = await refused({ errorMessages: ['The licence\n\u001b[31m"ends"\u202e today'], errors: {} });
    expect(reason).toMatch(
      /\(400\): the site names no field that is wrong; it says "The licence \\u001b\[31m'ends'\\u202e today"\)/,
    );
  });

  it.each([
    ['a value', 'The text "NOTE OF 1" is not wanted'],
    ['the label', 'There is no room for Laptop  3 any more'],
    ['what a value is shown as', 'Linus may not own anything'],
    ['a value in HTML', 'No &quot;Office&nbsp;BER&quot; here'],
  ])('is told without them where they quote %s', async (_what, message) => {
    const reasons = await refused({ errorMessages: [message] });
    expect(reasons.length).toBeGreaterThan(0);
    const quoted = reasons.filter((reason) =>
      reason.includes("the site's words are left out, since they quote a value"),
    );
    expect(quoted.length).toBeGreaterThan(0);
  });

  it('is cut where the site says much', async () => {
    const [reason = ''] = await refused({ errorMessages: ['so much ß '.repeat(500)] });
    expect(reason.length).toBeLessThan(500);
    expect(reason).toContain('so much ß so');
  });

  it.each([[''], [{}], [{ errorMessages: [] }], [[]]])('says so where the site gives no reason: %j', async (body) => {
    const [reason] = await refused(body);
    expect(reason).toContain('the site names no field that is wrong; it gives no reason');
  });

  it('of an attribute with a text that nobody knows says that text', async () => {
    const { site } = companySite();
    const { directory, result } = await backUp(await testSimulator({ site }));
    const target = await testSimulator({ site: emptySiteLike(site) });
    target.faults.add({
      endpoint: 'object-create',
      match: ({ body }) => JSON.stringify(body).includes('S-0'),
      fault: { kind: 'status', status: 400, body: { errors: { weird: 'Moon phase is wrong' } } },
    });
    const { report } = await restore(target, directory, { folder: result?.backup ?? '' });
    expect(report?.losses.map(({ reason }) => reason).join()).toContain('it says "Moon phase is wrong"');
  });
});

describe('a limit of objects', () => {
  it('stops the restore with the words of the site', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'MANY', name: 'Many' });
    const type = site.addType({ schema, name: 'Thing' });
    for (let number = 0; number < 60; number += 1) site.addObject({ type, name: `Thing no. ${number}` });
    const { restored } = await copySite(site, emptySiteLike(site), {}, { target: { objectLimit: 30 } });
    expect(restored.error).toMatchObject({ name: 'TooManyRefusalsError' });
    expect(restored.error?.message).toMatch(/20 objects in a row \(.*it says "The limit of 30 objects is reached"\)/);
    expect(restored.error?.message).not.toContain('include.attributes');
  });
});

describe('an abstract type', () => {
  it('made so since the backup is in the plan, with its objects as losses, and nothing is tried', async () => {
    const { site, laptop, laptops, places } = companySite();
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    for (const object of [...laptops, ...places.slice(0, 1)]) site.deleteObject(object);
    laptop.abstract = true;
    const folder = result?.backup ?? '';
    const planned = await restore(simulator, directory, { folder, dryRun: true });
    expect(planned.plan?.counts.object).toMatchObject({ create: 1, conflict: 6 });
    const restored = await restore(simulator, directory, { folder });
    expect(restored.result).toMatchObject({ created: 1 });
    const reasons = restored.report?.losses
      .filter(({ where }) => where.startsWith('ASSETS-'))
      .map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(
      new Set([
        'its object type ASSETS / Hardware / Laptop is abstract on the target by now, and holds no objects: make it hold objects there, and plan again',
      ]),
    );
    expect(simulator.requests.writes.filter(({ endpoint }) => endpoint === 'object-create')).toHaveLength(1);
    laptop.abstract = false;
    expect((await restore(simulator, directory, { folder })).result).toMatchObject({ created: 6 });
  });

  it('that has become so since the plan is another target: nothing is written', async () => {
    const { site, laptop, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    for (const object of laptops) site.deleteObject(object);
    simulator.onRequest('users-search', () => {
      laptop.abstract = true;
    });
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '' });
    expect(restored.error).toMatchObject({ name: 'PlanChangedError' });
    expect(restored.error?.message).toContain('ASSETS / Hardware / Laptop is abstract now');
    expect(simulator.requests.writes).toEqual([]);
  });

  it('with objects in the backup is made as one that holds them, and that is named', async () => {
    const { site, laptop } = companySite();
    laptop.abstract = true;
    const target = emptySiteLike(site);
    const { restored } = await copySite(site, target);
    expect(restored.report?.losses).toMatchObject([
      { kind: 'object-type', where: 'ASSETS / Hardware / Laptop', reason: expect.stringContaining('yet has objects') },
    ]);
    expect(restored.report?.differences).toEqual([]);
    expect(idsIn(target, 'ASSETS')).toHaveLength(6);
  });
});
