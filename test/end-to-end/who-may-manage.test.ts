import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

// `canManage` may be about the account that asks. It decides nothing about the data.

/** Backs up with an account that has no manager's role anywhere. */
async function backedUpByUser(site: SimulatedSite) {
  for (const schema of site.schemas.values()) site.roles.takeManagementOf(schema);
  const simulator = await testSimulator({ site });
  const run = await backUp(simulator);
  site.roles.showAll();
  return { simulator, run, directory: run.directory, folder: run.result?.backup ?? '' };
}

/** A site with a schema of Atlassian's, and one object in it. */
function withServices() {
  const company = companySite();
  const services = company.site.addSchema({ key: 'SVC', name: 'Services', canManage: false });
  company.site.addObject({ type: company.site.addType({ schema: services, name: 'Service' }), name: 'Payroll' });
  return company;
}

describe('a backup of an account that may manage nothing', () => {
  it('says so, is complete, and restores whole by an account that may', async () => {
    const { site } = companySite();
    const { run, directory, folder } = await backedUpByUser(site);
    expect(run.result?.status).toBe('complete');
    expect(run.manifest?.notices.map(({ kind }) => kind)).toEqual(['manages-nothing']);
    const target = emptySiteLike(site);
    const restored = await restore(await testSimulator({ site: target }), directory, { folder });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 9, losses: 0, differences: 0 });
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
  });

  it('says nothing where it may manage one, and nothing of a site that has Services alone', async () => {
    const { site, fac } = withServices();
    site.roles.takeManagementOf(fac);
    expect((await backUp(await testSimulator({ site }))).manifest?.notices).toEqual([]);
    const bare = emptySiteLike(site);
    bare.addSchema({ key: 'SVC', name: 'Services', canManage: false });
    expect((await backUp(await testSimulator({ site: bare }))).manifest?.notices).toEqual([]);
  });

  it("restores a customer's own schema of the key SVC, whatever the list said of it", async () => {
    const { site } = companySite();
    const own = site.addSchema({ key: 'SVC', name: 'Service catalogue' });
    site.addObject({ type: site.addType({ schema: own, name: 'Offer' }), name: 'Laptop for a newcomer' });
    const { directory, folder } = await backedUpByUser(site);
    const target = emptySiteLike(site);
    const restored = await restore(await testSimulator({ site: target }), directory, { folder });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 10, losses: 0 });
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
  });
});

describe('the schema Services', () => {
  it('is skipped whoever has backed it up, and restored under another key where that is asked for', async () => {
    const { site } = withServices();
    const { directory, folder } = await backedUpByUser(site);
    const target = emptySiteLike(site);
    const simulator = await testSimulator({ site: target });
    const restored = await restore(simulator, directory, { folder });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 9 });
    const objectSchemas = [
      { oldObjectSchemaKey: 'SVC', newObjectSchemaKey: 'OWN', newObjectSchemaName: 'Our services' },
    ];
    const again = await restore(simulator, directory, { folder, objectSchemas });
    expect(again.result).toMatchObject({ outcome: 'restored', created: 1, losses: 0 });
    expect([...target.schemas.values()].map(({ key }) => key)).toEqual(['FAC', 'ASSETS', 'OWN']);
  });

  it('of the target is no place for a schema of that key, which is said before anything is written', async () => {
    const { site } = companySite();
    const own = site.addSchema({ key: 'SVC', name: 'Service catalogue' });
    site.addObject({ type: site.addType({ schema: own, name: 'Offer' }), name: 'An offer' });
    const { directory, folder } = await backedUpByUser(site);
    const target = emptySiteLike(site);
    target.addSchema({ key: 'SVC', name: 'Services', canManage: false });
    const simulator = await testSimulator({ site: target });
    for (const intoExisting of [false, true]) {
      const { error } = await restore(simulator, directory, { folder, intoExisting });
      expect(error).toMatchObject({
        name: 'TargetRefusedError',
        message: expect.stringContaining('--schema SVC=NEWKEY'),
      });
    }
    expect(simulator.requests.writes).toEqual([]);
  });
});

describe('a target that this account may not manage', () => {
  it('gets its objects all the same, and the plan warns', async () => {
    const { site, assets, laptops } = companySite();
    const { simulator, directory, folder } = await backedUpByUser(site);
    for (const laptop of laptops.slice(0, 2)) site.deleteObject(laptop);
    site.roles.takeManagementOf(assets);
    const restored = await restore(simulator, directory, { folder });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 2, losses: 0, differences: 0 });
    expect(restored.plan?.warnings).toContainEqual(expect.stringMatching(/ASSETS: this account may not manage it/));
  });

  it('ends where it refuses a change of the configuration, names the role, and goes on once it is given', async () => {
    const { site, assets, docks } = companySite();
    const { simulator, directory, folder } = await backedUpByUser(site);
    for (const attribute of [...site.attributes.values()])
      if (attribute.typeId === docks.id) site.attributes.delete(attribute.id);
    site.types.delete(docks.id);
    site.configurationChanged();
    site.roles.takeManagementOf(assets);
    const planned = await restore(simulator, directory, { folder });
    expect(planned.result?.outcome).toBe('needs-approval');
    const approved = { folder, approve: planned.result?.hash };
    const { error } = await restore(simulator, directory, approved);
    expect(error).toMatchObject({
      name: 'PermissionRefusedError',
      message: expect.stringMatching(
        /this account may not manage it\. Give it the role Object schema manager in .*ASSETS/,
      ),
    });
    site.roles.showAll();
    const last = await restore(simulator, directory, approved);
    expect(last.error).toBeUndefined();
    expect(last.result).toMatchObject({ outcome: 'restored', losses: 0 });
  });
});
