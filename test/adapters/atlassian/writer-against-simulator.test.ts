import { describe, expect, it, onTestFinished } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { OutcomeUnknownError, type RequestRefusedError } from '../../../core/errors.ts';
import { type Id, idOf } from '../../../core/model/ids.ts';
import { type ApiRecord, recordsOf } from '../../../core/model/json.ts';
import type { AssetsReader } from '../../../core/ports/assets-reader.ts';
import type { AssetsWriter } from '../../../core/ports/assets-writer.ts';
import { emptySite } from '../../../simulator/seeds/empty.ts';
import { fingerprint } from '../../../simulator/site/fingerprint.ts';
import { drawIcon } from '../../../simulator/site/icon-image.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../simulator/start-simulator.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { ample, errorOf, loginSettings, RecordingReporter } from './test-site.ts';

interface Target {
  readonly simulator: Simulator;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly reporter: RecordingReporter;
}

/** Our client of an empty simulated site, which was written by others from the same sources. */
async function target(options: Partial<SimulatorOptions> = {}): Promise<Target> {
  const simulator = await startSimulator({ site: emptySite(), ...options });
  onTestFinished(() => simulator.close());
  const settings = loginSettings({ siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials });
  const reporter = new RecordingReporter();
  const site = createAssetsSite({ settings, clock: new VirtualClock({ runs: true }), reporter });
  const workspace = await site.discover();
  return { simulator, reporter, reader: site.reader(workspace, ample), writer: site.writer(workspace, ample) };
}

interface Office {
  readonly schema: ApiRecord;
  readonly type: ApiRecord;
  readonly typeId: Id<'object type'>;
  readonly name: Id<'object type attribute'>;
  readonly owner: Id<'object type attribute'>;
}

/** A schema with one type, and an attribute of users on it. */
async function withOffice({ reader, writer }: Target): Promise<Office> {
  const schema = await writer.createObjectSchema({
    name: 'Offices',
    objectSchemaKey: 'OFF',
    displayName: 'All offices',
  });
  const [icon] = await reader.globalIcons();
  if (!icon) throw new Error('The site has no icon.');
  const type = await writer.createObjectType({
    name: 'Office',
    objectSchemaId: idOf(schema),
    iconId: idOf(icon),
    inherited: true,
    abstractObjectType: false,
  });
  const typeId: Id<'object type'> = idOf(type);
  const owner = await writer.createAttribute(typeId, { name: 'Owner', type: 2, maximumCardinality: -1 });
  const name = (await reader.attributes(typeId)).find((attribute) => attribute.name === 'Name');
  if (!name) throw new Error('The type has no name.');
  return { schema, type, typeId, name: idOf(name), owner: idOf(owner) };
}

/** The names that objects of the office's type have, as the site gives them. */
async function labels({ reader }: Target, { typeId }: Office): Promise<unknown[]> {
  const { objects } = await reader.objects({ objectTypeId: typeId, startAt: 0, maxResults: 50 });
  return objects.map(({ label }) => label);
}

describe('Against the simulator', () => {
  it.each(['basic', 'scoped'] as const)('everything is written with a %s login', async (kind) => {
    const site = await target({ login: { kind } });
    const { reader, writer } = site;
    const office = await withOffice(site);
    const schemaId: Id<'object schema'> = idOf(office.schema);

    const properties = { allowOtherObjectSchema: true, validateQuickCreate: true, quickCreateObjects: true };
    await writer.setObjectSchemaProperties(schemaId, properties);
    expect(await reader.objectSchemaProperties(schemaId)).toMatchObject({ offered: true, value: properties });

    const status = await writer.createStatusType({ name: 'Retired', category: 0, objectSchemaId: schemaId });
    await writer.createReferenceType({ name: 'Depends on', color: '42526E', objectSchemaId: schemaId });
    expect(await reader.statusTypes(schemaId)).toMatchObject([{ name: 'Retired' }]);
    expect(await reader.referenceTypes(schemaId)).toMatchObject([{ name: 'Depends on', color: '42526E' }]);

    const state = await writer.createAttribute(office.typeId, {
      name: 'State',
      type: 7,
      defaultTypeId: -1,
      typeValueMulti: [String(status.id)],
    });
    await writer.updateAttribute(office.typeId, office.owner, { minimumCardinality: 1, hidden: true });
    const moved = await writer.moveAttribute(office.typeId, idOf(state), 2);
    expect(moved).toEqual({ offered: true, value: undefined });
    const attributes = await reader.attributes(office.typeId);
    expect(attributes.find(({ name }) => name === 'Owner')).toMatchObject({ minimumCardinality: 1, hidden: true });

    const image = drawIcon(7, 48);
    const icon = await writer.uploadIcon('Our office', image);
    if (!icon.offered) throw new Error(icon.reason);
    expect(Buffer.from(await reader.iconImage(idOf(icon.value)))).toEqual(Buffer.from(image));
    const child = await writer.createObjectType({
      name: 'Branch',
      objectSchemaId: schemaId,
      iconId: idOf(icon.value),
      inherited: false,
      abstractObjectType: false,
    });
    await writer.moveObjectType(idOf(child), { position: 0, toObjectTypeId: office.typeId });
    const types = await reader.objectTypes(schemaId);
    expect(types.find(({ name }) => name === 'Branch')).toMatchObject({ parentObjectTypeId: office.type.id });

    const accounts = await reader.accounts();
    const [accountId = ''] = accounts.offered ? accounts.value.keys() : [];
    const { object } = await writer.createObject(office.typeId, [
      { attributeId: office.name, values: ['NY-1'] },
      { attributeId: office.owner, values: [accountId] },
    ]);
    const objectId: Id<'object'> = idOf(object);
    expect(object.label).toBe('NY-1');
    await writer.updateObject(objectId, office.typeId, [{ attributeId: idOf(state), values: [String(status.id)] }]);
    expect(recordsOf((await reader.object(objectId))?.attributes)).toEqual(
      expect.arrayContaining([expect.objectContaining({ objectTypeAttributeId: String(state.id) })]),
    );
    expect(await reader.isFoundBySearch(objectId)).toBe(true);
    expect(await writer.createComment(objectId, { role: 0, comment: '<p>text</p>' })).toMatchObject({ offered: true });
    expect(await reader.comments(objectId)).toMatchObject({ value: [{ comment: '<p>text</p>' }] });
  });

  it.each(['basic', 'scoped'] as const)('everything is deleted again with a %s login', async (kind) => {
    const site = await target({ login: { kind } });
    const before = fingerprint(site.simulator.site);
    const { reader, writer } = site;
    const office = await withOffice(site);
    const schemaId: Id<'object schema'> = idOf(office.schema);
    const status = await writer.createStatusType({ name: 'Retired', category: 0, objectSchemaId: schemaId });
    const link = await writer.createReferenceType({ name: 'Depends on', color: '42526E', objectSchemaId: schemaId });
    const icon = await writer.uploadIcon('Our office', drawIcon(7, 48));
    if (!icon.offered) throw new Error(icon.reason);
    const next = await writer.createAttribute(office.typeId, {
      name: 'Next',
      type: 1,
      typeValue: office.typeId,
      additionalValue: String(link.id),
    });
    const create = async (name: string): Promise<Id<'object'>> =>
      idOf((await writer.createObject(office.typeId, [{ attributeId: office.name, values: [name] }])).object);
    const [first, second] = [await create('A'), await create('B')];
    await writer.updateObject(second, office.typeId, [{ attributeId: idOf(next), values: [first] }]);
    expect([await reader.inboundReferences(first), await reader.inboundReferences(second)]).toEqual([1, 0]);
    expect(await reader.connectedTickets(first)).toEqual([]);
    expect(await reader.object(first)).toMatchObject({ extendedInfo: { attachmentsExists: false } });

    await writer.deleteObject(first);
    expect(await reader.object(first)).toBeUndefined();
    expect((await reader.object(second))?.attributes).not.toContainEqual(
      expect.objectContaining({ objectTypeAttributeId: String(next.id) }),
    );
    expect((await errorOf(writer.deleteObject(first))).name).toBe('NotFoundError');
    await writer.deleteObject(second);
    await writer.deleteAttribute(idOf(next));
    await writer.deleteObjectType(office.typeId);
    await writer.deleteStatusType(idOf(status));
    expect(await writer.deleteReferenceType(String(link.id))).toMatchObject({ offered: true });
    expect(await writer.deleteIcon(idOf(icon.value))).toMatchObject({ offered: true });
    await writer.deleteObjectSchema(schemaId);
    site.simulator.site.mediaFiles.clear();
    site.simulator.site.iconImages.clear();
    expect(fingerprint(site.simulator.site)).toBe(before);
  });

  it('a delete whose answer is lost is sent again, and finds that it is gone', async () => {
    const site = await target();
    const office = await withOffice(site);
    const { object } = await site.writer.createObject(office.typeId, [{ attributeId: office.name, values: ['A'] }]);
    site.simulator.faults.add({ endpoint: 'object-delete', fault: { kind: 'close' }, times: 1, workDone: true });

    expect((await errorOf(site.writer.deleteObject(idOf(object)))).name).toBe('NotFoundError');
  });

  it('nobody without the right or the scope deletes anything', async () => {
    const scopes = ['read:servicedesk-request', 'read:cmdb-schema:jira', 'write:cmdb-schema:jira'];
    for (const login of [{ mayDelete: false }, { kind: 'scoped', scopes }] as const) {
      const { writer, simulator } = await target({ login });
      const schema = await writer.createObjectSchema({ name: 'A', objectSchemaKey: 'A' });

      expect((await errorOf(writer.deleteObjectSchema(idOf(schema)))).name).toBe('PermissionRefusedError');
      expect(simulator.site.schemas.has(Number(schema.id))).toBe(true);
    }
  });

  it('values arrive also where the site ignores ids of attributes that are texts', async () => {
    const site = await target({ quirks: { attributeIds: 'number' } });
    const office = await withOffice(site);
    // Nothing is required, so that such a site makes objects without their values.
    await site.writer.updateAttribute(office.typeId, office.name, { minimumCardinality: 0 });

    const names = ['A', 'B', 'C', 'D', 'E'];
    const create = (name: string) =>
      site.writer.createObject(office.typeId, [{ attributeId: office.name, values: [name] }]);
    await Promise.all(names.map(create));

    expect((await labels(site, office)).sort()).toEqual(names);
  });

  it('values arrive also where such a site refuses an object without its name', async () => {
    const site = await target({ quirks: { attributeIds: 'number' } });
    const office = await withOffice(site);
    await site.writer.updateAttribute(office.typeId, office.name, { minimumCardinality: 1 });

    for (const name of ['A', 'B']) {
      await site.writer.createObject(office.typeId, [{ attributeId: office.name, values: [name] }]);
    }

    expect(await labels(site, office)).toEqual(['A', 'B']);
  });

  it('a refused object tells its fields', async () => {
    const site = await target();
    const office = await withOffice(site);

    const error = (await errorOf(
      site.writer.createObject(office.typeId, [
        { attributeId: office.name, values: ['secret'.repeat(50)] },
        { attributeId: office.owner, values: ['secret account'] },
      ]),
    )) as RequestRefusedError;

    expect(error.refusals).toEqual([
      { field: `rlabs-insight-attribute-${office.name}`, attributeId: office.name, kind: 'too-long' },
      { field: `rlabs-insight-attribute-${office.owner}`, attributeId: office.owner, kind: 'unknown-user' },
    ]);
    expect(JSON.stringify([error.message, site.reporter.events])).not.toContain('secret');
    expect(await labels(site, office)).toEqual([]);
  });

  it('an object whose answer is lost is made once', async () => {
    const site = await target();
    const office = await withOffice(site);
    site.simulator.faults.add({ endpoint: 'object-create', fault: { kind: 'close' }, times: 1, workDone: true });

    const error = await errorOf(site.writer.createObject(office.typeId, [{ attributeId: office.name, values: ['A'] }]));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(await labels(site, office)).toEqual(['A']);
  });

  it('what no scope opens is not offered', async () => {
    const site = await target({
      login: { kind: 'scoped' },
      quirks: { internalEndpointsForScopedTokens: 'refused' },
    });
    const office = await withOffice(site);

    expect(await site.writer.uploadIcon('Our office', drawIcon(7, 48))).toMatchObject({ offered: false });
    expect(await site.writer.moveAttribute(office.typeId, office.owner, 2)).toMatchObject({ offered: false });
    expect(await site.writer.deleteIcon('1' as Id<'icon'>)).toMatchObject({ offered: false });
    expect(await site.writer.createComment('1' as Id<'object'>, { role: 0, comment: '' })).toMatchObject({
      offered: false,
    });
  });

  it('a token without write scopes is told so', async () => {
    const scopes = ['read:servicedesk-request', 'read:cmdb-schema:jira'];
    const { writer, reader } = await target({ login: { kind: 'scoped', scopes } });

    const error = await errorOf(writer.createObjectSchema({ name: 'A', objectSchemaKey: 'A' }));

    expect(error.name).toBe('LoginRefusedError');
    expect(error.message).toContain('write:cmdb-schema:jira');
    expect(await reader.accounts()).toMatchObject({
      offered: false,
      reason: expect.stringContaining('read:jira-user'),
    });
  });
});
