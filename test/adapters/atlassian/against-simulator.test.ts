import { describe, expect, it, onTestFinished } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { type IconId, idOf, type ObjectId, type ObjectSchemaId, type ObjectTypeId } from '../../../core/model/ids.ts';
import type { ApiRecord } from '../../../core/model/json.ts';
import type { AssetsReader } from '../../../core/ports/assets-reader.ts';
import type { AssetsSite } from '../../../core/ports/assets-site.ts';
import { awkwardSite } from '../../../simulator/seeds/awkward.ts';
import { siteWithoutAssets } from '../../../simulator/seeds/empty.ts';
import { type SimulatorOptions, startSimulator } from '../../../simulator/start-simulator.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { ample, errorOf, loginSettings, RecordingReporter } from './test-site.ts';

/** Our client of a simulator, which was written by others from the same sources. */
async function simulatedSite(options: SimulatorOptions): Promise<AssetsSite> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  const isBearer = simulator.login.kind === 'bearer';
  const settings = loginSettings({
    siteName: simulator.url,
    apiUrl: simulator.url,
    ...simulator.credentials,
    ...(isBearer && { username: undefined }),
  });
  return createAssetsSite({ settings, clock: new VirtualClock({ runs: true }), reporter: new RecordingReporter() });
}

async function objectsOf(reader: AssetsReader, objectTypeId: ObjectTypeId): Promise<ApiRecord[]> {
  const objects = new Map<string, ApiRecord>();
  for (let startAt = 0; ; startAt += 3) {
    const page = await reader.objects({ objectTypeId, startAt, maxResults: 3 });
    for (const object of page.objects) objects.set(String(object.id), object);
    if (page.isLast ?? page.objects.length === 0) return [...objects.values()];
  }
}

/** Reads everything there is, and returns how many objects there were. */
async function readAll(reader: AssetsReader): Promise<number> {
  let total = 0;
  for (const schema of await reader.objectSchemas()) {
    const schemaId: ObjectSchemaId = idOf(schema);
    expect((await reader.objectSchema(schemaId)).objectSchemaKey).toBe(schema.objectSchemaKey);
    await Promise.all([
      reader.objectSchemaProperties(schemaId),
      reader.statusTypes(schemaId),
      reader.referenceTypes(schemaId),
    ]);
    let inSchema = 0;
    for (const type of await reader.objectTypes(schemaId)) {
      const typeId: ObjectTypeId = idOf(type);
      expect((await reader.attributes(typeId)).length).toBeGreaterThan(3);
      const objects = await objectsOf(reader, typeId);
      expect(objects).toHaveLength(await reader.countObjects({ objectTypeId: typeId }));
      inSchema += objects.length;
      for (const object of objects.slice(0, 5)) {
        const objectId: ObjectId = idOf(object);
        expect((await reader.object(objectId))?.objectKey).toBe(object.objectKey);
        await Promise.all([reader.history(objectId), reader.comments(objectId)]);
      }
    }
    expect(await reader.countObjects({ objectSchemaId: schemaId })).toBe(inSchema);
    total += inSchema;
  }
  const [icon] = await reader.globalIcons();
  if (!icon) throw new Error('The site has no icon.');
  const iconId: IconId = idOf(icon);
  expect((await reader.icon(iconId)).name).toBe(icon.name);
  expect((await reader.iconImage(iconId)).length).toBeGreaterThan(8);
  await Promise.all([reader.globalStatusTypes(), reader.globalReferenceTypes(), reader.usage()]);
  return total;
}

describe('Against the simulator', () => {
  it.each(['basic', 'scoped', 'bearer'] as const)(
    'everything is read with a %s login, which is found out',
    async (kind) => {
      const site = await simulatedSite({ site: awkwardSite(), login: { kind } });

      const workspace = await site.discover();

      expect(workspace.login).toBe(kind);
      expect(await readAll(site.reader(workspace, ample))).toBeGreaterThan(20);
    },
  );

  it.each<[string, NonNullable<SimulatorOptions['quirks']>]>([
    ['isLast is a boolean', { isLast: 'boolean' }],
    ['nothing tells the end', { isLast: 'absent' }],
    [
      'fields of newer or older sites',
      { displayName: false, attributeType: 'never', hasMoreResults: true, totalCap: 1 },
    ],
    [
      'icon ids are UUIDs and history has no type',
      { iconIds: 'uuid', historyType: false, valueOfNestedKinds: 'present' },
    ],
    ['little is offered', { comments: 'not-offered', usage: 'forbidden' }],
  ])('everything is read where %s', async (_case, quirks) => {
    const site = await simulatedSite({ site: awkwardSite(), quirks });

    expect(await readAll(site.reader(await site.discover(), ample))).toBeGreaterThan(20);
  });

  it('comments are known to be not offered, by an unknown route or by a missing scope', async () => {
    for (const options of [
      { quirks: { comments: 'not-offered' } },
      { quirks: { internalEndpointsForScopedTokens: 'refused' }, login: { kind: 'scoped' } },
    ] as const) {
      const site = await simulatedSite({ site: awkwardSite(), ...options });

      expect(await site.reader(await site.discover(), ample).comments('1' as ObjectId)).toMatchObject({
        offered: false,
      });
    }
  });

  it.each(['empty-list', 'not-found'] as const)('a site without Assets is told from others (%s)', async (form) => {
    const site = await simulatedSite({ site: siteWithoutAssets(), quirks: { discoveryWithoutAssets: form } });

    expect((await errorOf(site.discover())).name).toBe('NoAssetsError');
  });

  it('a wrong token is refused', async () => {
    const simulator = await startSimulator({ site: awkwardSite() });
    onTestFinished(() => simulator.close());
    const settings = loginSettings({ siteName: simulator.url, apiUrl: simulator.url });
    const site = createAssetsSite({
      settings,
      clock: new VirtualClock({ runs: true }),
      reporter: new RecordingReporter(),
    });

    expect((await errorOf(site.discover())).name).toBe('LoginRefusedError');
  });
});
