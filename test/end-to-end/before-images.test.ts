import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparableValues, valuesDigest } from '../../core/comparison/object-values.ts';
import type { ObjectId } from '../../core/model/ids.ts';
import { recordsOf } from '../../core/model/json.ts';
import type { AssetsWriter } from '../../core/ports/assets-writer.ts';
import type { Services } from '../../core/ports/services.ts';
import { type BeforeImage, readBeforeImages } from '../../core/restore/before-images.ts';
import type { LinksFile } from '../../core/restore/id-map/earlier-restores.ts';
import { allBeforeImages, journalKeys } from '../../core/restore/restore-keys.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { Attribute, StoredObject } from '../../simulator/site/records.ts';
import { operationServices } from '../core/operations/operation-services.ts';
import { Killer } from './killed-restores.ts';
import { kindsOfFile } from './kinds-of-file.ts';
import { backUp, testClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { json, linesIn, restore } from './restore-run.ts';

const day = 86_400_000;

/** The company's site, whose last laptop has three peers; a backup of it; and then some of those peers are deleted. */
async function deletedPeers(deleted = 1) {
  const { site, laptop, laptops } = companySite();
  const last = laptops[5] as StoredObject;
  site.updateObject(last, { Peer: laptops.slice(0, 3) });
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  for (const object of laptops.slice(0, deleted)) site.deleteObject(object);
  const peer = site.typeAttributes(laptop.id).find(({ name }) => name === 'Peer') as Attribute;
  const { services } = operationServices(simulator);
  const workspace = await services.site.discover();
  const { work } = openLocalStores(directory);
  const { workspaceId } = workspace;
  const journals = journalKeys(workspaceId, workspaceId);
  /** What stands in the attribute as the site gives it now. */
  const standing = async () => {
    const object = await services.site.reader(workspace, services.budget).object(String(last.id) as ObjectId);
    if (!object) throw new Error('The laptop is gone.');
    return {
      raw: recordsOf(object.attributes).filter(
        ({ objectTypeAttributeId }) => objectTypeAttributeId === String(peer.id),
      ),
      digest: valuesDigest(
        comparableValues(object, new Map([[String(peer.id), undefined]])).get(String(peer.id)) ?? [],
      ),
    };
  };
  /** Images of the last laptop that a restore has kept, or any. */
  const images = (name = '') =>
    filesIn(directory, name)
      .flatMap((key) => linesIn<BeforeImage>(directory, key))
      .filter(({ id }) => id === String(last.id));
  const read = (name: string, now = testClock.now(), undoDays = 90) =>
    readBeforeImages(work, journals, name, now, undoDays);
  return {
    site,
    laptops,
    last,
    peer,
    simulator,
    directory,
    journals,
    standing,
    images,
    read,
    run: (input = {}, options = {}) => restore(simulator, directory, { folder, ...input }, options),
  };
}

/** Keys of files of images. */
function filesIn(directory: string, restoreName = ''): string[] {
  const folder = join(directory, '.work', allBeforeImages);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(restoreName))
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => `${allBeforeImages}${name}/${file}`))
    .sort();
}

describe('before-images', () => {
  it('hold the raw values that stood there and the digest of what stands there now, sealed in the journal', async () => {
    const { last, peer, site, directory, journals, standing, images, read, run } = await deletedPeers();
    const before = await standing();
    expect(recordsOf(before.raw[0]?.objectAttributeValues)).toHaveLength(2);

    const { result } = await run();
    expect(result).toMatchObject({ outcome: 'restored', losses: 0, differences: 0 });

    const name = result?.restore ?? '';
    const attribute = String(peer.id);
    const after = await standing();
    const image = {
      id: String(last.id),
      objectKey: site.objectKey(last),
      attributes: before.raw,
      sent: { [attribute]: after.digest },
    };
    expect(images(name)).toEqual([image]);
    expect(after.digest).not.toBe(before.digest);
    expect(await read(name)).toContainEqual(image);
    const named = readdirSync(join(directory, '.work', journals.allLinks)).flatMap(
      (file) => json<LinksFile>(directory, `${journals.allLinks}${file}`).images ?? [],
    );
    const sealed = filesIn(directory, name).map((key) => {
      const text = readFileSync(join(directory, '.work', key));
      return { key, sha256: createHash('sha256').update(text).digest('hex'), keptAt: expect.any(Number) };
    });
    expect(named).toEqual(sealed);
  });

  it.each(['before', 'after'] as const)(
    'keep what stood there first where the run dies %s the write',
    async (moment) => {
      const { standing, images, read, run } = await deletedPeers();
      const before = await standing();
      const killer = new Killer(1, moment, 'updateObject');
      await run({}, { decorate: killer.decorate });
      expect(killer.hasStruck).toBe(true);
      expect(images()).toMatchObject([{ attributes: before.raw }]);

      const again = await run();
      expect(again.result).toMatchObject({ outcome: 'restored', differences: 0 });
      for (const image of images()) expect(image.attributes).toEqual(before.raw);
      expect(await read(again.result?.restore ?? '')).toEqual(expect.arrayContaining(images(again.result?.restore)));
    },
  );

  it('are not written over by a second try of the same restore, which finds what the first has written', async () => {
    const { standing, images, read, run } = await deletedPeers();
    const before = await standing();
    let broken = 0;
    const decorate = (services: Services): Services => ({
      ...services,
      site: {
        ...services.site,
        writer: (...words) => {
          const writer = services.site.writer(...words);
          return new Proxy<AssetsWriter>(writer, {
            get: (there, method) => {
              const value: unknown = Reflect.get(there, method, there);
              if (typeof value !== 'function') return value;
              if (method !== 'updateObject') return value.bind(there);
              return async (...sent: Parameters<AssetsWriter['updateObject']>) => {
                await writer.updateObject(...sent);
                // The one name at which the definition starts a step anew that writes.
                broken += 1;
                if (broken === 1)
                  throw Object.assign(new Error('Slow down.'), { name: 'Lambda.TooManyRequestsException' });
              };
            },
          });
        },
      },
    });

    const { result } = await run({}, { decorate });
    expect(broken).toBeGreaterThan(0);
    expect(result).toMatchObject({ outcome: 'restored', differences: 0 });
    const name = result?.restore ?? '';
    const { digest } = await standing();
    expect(images(name)).toMatchObject([
      { attributes: before.raw, sent: { [Object.keys(images(name)[0]?.sent ?? {})[0] ?? '']: digest } },
    ]);
    expect((await read(name)).filter(({ id }) => id === images(name)[0]?.id)).toEqual(images(name));
  });

  it('tell what was left where the site refused some of what was sent', async () => {
    const { last, peer, standing, images, read, run } = await deletedPeers(2);
    peer.maximumCardinality = 2;
    const { result } = await run();
    expect(result).toMatchObject({ outcome: 'restored-with-losses', losses: 1, differences: 0 });
    const name = result?.restore ?? '';
    const { digest } = await standing();
    const attribute = String(peer.id);
    expect(images(name)[0]?.sent[attribute]).not.toBe(digest);
    const image = (await read(name)).find(({ id }) => id === String(last.id));
    expect(image?.sent).toEqual({ [attribute]: digest });
  });

  it.each([
    ['damaged', 'BeforeImageDamagedError', 15, 'is damaged: it is not what was kept before this restore wrote.'],
    ['missing', 'BeforeImageMissingError', 15, 'is missing: what stood there before this restore wrote.'],
    ['expired', 'BeforeImageExpiredError', 1, 'was kept for 90 days (`undoDays`), and is gone'],
  ] as const)('that are %s are said to be, in a sentence', async (what, name, exitCode, words) => {
    const { directory, read, run } = await deletedPeers();
    const { result } = await run();
    const [key = ''] = filesIn(directory);
    const file = join(directory, '.work', key);
    if (what === 'damaged') writeFileSync(file, readFileSync(file, 'utf8').replace('"attributes"', '"attribute5"'));
    else rmSync(file);
    const now = testClock.now() + (what === 'expired' ? 90 * day : 89 * day);
    const error = await read(result?.restore ?? '', now).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name, exitCode, message: expect.stringContaining(words) });
    expect(String(error)).toContain(file);
  });
});

describe('the time for which a folder keeps before-images', () => {
  const aged = (directory: string, days: number) => {
    const [key = ''] = filesIn(directory);
    const then = new Date(testClock.now() - days * day);
    utimesSync(join(directory, '.work', key), then, then);
  };

  it.each([
    [undefined, 90, 91],
    ['{ "undoDays": 2 }', 2, 3],
  ])('with the settings %s is %i days, and the next run removes what is older', async (settings, undoDays, older) => {
    const { directory, simulator, read, run } = await deletedPeers();
    const { result } = await run();
    if (settings !== undefined) writeFileSync(join(directory, 'settings.json'), settings);
    aged(directory, undoDays - 1);
    await backUp(simulator, { directory });
    expect(await read(result?.restore ?? '')).not.toEqual([]);
    aged(directory, older);
    await backUp(simulator, { directory });
    expect(filesIn(directory)).toEqual([]);
    await expect(read(result?.restore ?? '', testClock.now() + older * day, undoDays)).rejects.toMatchObject({
      name: 'BeforeImageExpiredError',
    });
  });

  it.each(['a named pipe', 'a folder', 'a socket', 'a link to an endless device'])(
    'is refused, and hangs nobody, where %s has their name',
    async (kind) => {
      const { directory, simulator, run } = await deletedPeers();
      const file = join(directory, 'settings.json');
      await kindsOfFile[kind]?.(file, directory);
      simulator.requests.reset();
      const { error } = await run();
      expect(error).toMatchObject({ name: 'WrongInputError', exitCode: 2 });
      expect(error?.message).toMatch(/settings\.json is a .+, where a file should be\.$/);
      expect(simulator.requests.total).toBe(0);
    },
  );

  it.each([
    ['{ "undoDays": 0 }', 'undoDays must be a whole number of days, 1 to 36500'],
    ['{ "undoDays": "90" }', 'undoDays must be a whole number of days, 1 to 36500'],
    ['{ "undodays": 90 }', 'undodays is not known; there are undoDays'],
    ['[]', 'must be a JSON object'],
    ['{ "undoDays": 9', 'is not valid JSON'],
  ])('is refused where it is wrong, before anything: %s', async (settings, words) => {
    const { directory, simulator, run } = await deletedPeers();
    const file = join(directory, 'settings.json');
    writeFileSync(file, settings);
    simulator.requests.reset();
    const { error } = await run();
    expect(error).toMatchObject({ name: 'WrongInputError', exitCode: 2 });
    expect(error?.message).toContain(file);
    expect(error?.message).toContain(words);
    expect(error?.message).not.toContain('"90"');
    expect(simulator.requests.total).toBe(0);
    expect(readdirSync(join(directory, '.work'))).not.toContain('restores');
  });
});
