import { describe, expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { drawIcon } from '../../simulator/site/icon-image.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { copySite, restore } from './restore-run.ts';

/** Two types whose icons have one name and different images. */
function siteOfTwins(): SimulatedSite {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'TWIN', name: 'Twins' });
  for (const [index, name] of ['One', 'Two'].entries()) {
    site.addType({ schema, name, icon: site.addIcon('Custom', drawIcon(90 + index, 16)) });
  }
  return site;
}

describe('two icons of one name', () => {
  it.each([1, 0.75, 0.5, 0.25, 0.1])(
    'stay two, also where the restore was killed at %d of its writes',
    async (share) => {
      const site = siteOfTwins();
      const run = await backUp(await testSimulator({ site }));
      const input = { folder: run.result?.backup ?? '' };
      const counting = new Killer();
      const peaceful = await testSimulator({ site: emptySiteLike(site) });
      await restore(peaceful, run.directory, input, { decorate: counting.decorate });
      const targetSite = emptySiteLike(site, { workspaceId: crypto.randomUUID() });
      const target = await testSimulator({ site: targetSite });
      const killer = new Killer(Math.ceil(counting.writes * share), 'after');
      await restore(target, run.directory, input, { decorate: killer.decorate });
      const restored = await restore(target, run.directory, input);
      expect(restored.error).toBeUndefined();
      expect(restored.report?.differences).toEqual([]);
      expect(compareSites(site, targetSite, { objects: new Map() })).toEqual([]);
    },
  );

  it('stay two where the answer to an upload is lost', async () => {
    const site = siteOfTwins();
    const run = await backUp(await testSimulator({ site }));
    const targetSite = emptySiteLike(site);
    const target = await testSimulator({ site: targetSite });
    target.faults.add({ endpoint: 'icon-create', skip: 1, times: 1, workDone: true, fault: { kind: 'close' } });
    const restored = await restore(target, run.directory, { folder: run.result?.backup ?? '' });
    expect(restored.report?.differences).toEqual([]);
    expect(compareSites(site, targetSite, { objects: new Map() })).toEqual([]);
  });
});

/** Eight bytes and more of each kind. */
const images: Record<string, Buffer> = {
  png: drawIcon(7, 16),
  svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><rect width="16" height="16"/></svg>'),
  gif: Buffer.from('GIF89a not much of a picture'),
  jpg: Buffer.from('ffd8ffe000104a4649460001', 'hex'),
  webp: Buffer.from('RIFF\x0c\0\0\0WEBPVP8 ', 'latin1'),
  bin: Buffer.from('0000010001001010', 'hex'),
};

describe('Icons whose images are no PNG', () => {
  const site = () => {
    const made = new SimulatedSite();
    const schema = made.addSchema({ key: 'PIC', name: 'Pictures' });
    for (const [kind, image] of Object.entries(images)) {
      made.addType({ schema, name: `As ${kind}`, icon: made.addIcon(`Icon ${kind}`, image) });
    }
    return made;
  };

  it.each([undefined, 'image/x-icon'])('are stored as they are, and told once (as %s)', async (iconContentType) => {
    const source = site();
    const simulator = await testSimulator({ site: source, quirks: { iconContentType } });

    const run = await backUp(simulator);

    expect(run.manifest).toMatchObject({ status: 'complete', gaps: [] });
    expect(run.manifest?.notices).toEqual([
      {
        kind: 'image-kind',
        message: expect.stringMatching(/^The images of 5 icons are no PNG/),
      },
    ]);
    const { backups } = openLocalStores(run.directory);
    const stored = new Map<string, Buffer>();
    for await (const { key } of backups.list(`${run.manifest?.name}/PIC/config/icons/`)) {
      stored.set(key.slice(key.lastIndexOf('/') + 1), Buffer.from(await backups.read(key)));
    }
    for (const [id, image] of source.iconImages) {
      const kind = Object.keys(images).find((name) => images[name]?.equals(image)) ?? '';
      expect(stored.get(`${id}.${kind}`)).toEqual(image);
    }
    expect(simulator.requests.count('icon-png')).toBe(source.types.size);
    expect((await verifyBackup({ backups, reporter: run.reporter }, run.manifest?.name ?? '')).problems).toEqual([]);
  });

  it('are told once where types of two schemas show the same', async () => {
    const source = site();
    const icon = [...source.icons.values()].find(({ name }) => name === 'Icon svg');
    const other = source.addSchema({ key: 'PIC2', name: 'More pictures' });
    source.addType({ schema: other, name: 'As svg too', icon });

    const run = await backUp(await testSimulator({ site: source }));

    expect(run.manifest?.notices.map(({ message }) => message)).toEqual([
      'The images of 5 icons are no PNG: they are stored as they are. A restore can upload PNG images only.',
    ]);
  });

  it('are each a loss where they have to be uploaded, and their types get another', async () => {
    const source = site();
    const target = emptySiteLike(source);
    const { restored, again } = await copySite(source, target, {}, { source: { iconContentType: 'image/any' } });

    expect(restored.error).toBeUndefined();
    expect(restored.report?.differences).toEqual([]);
    const told = restored.report?.losses.map(({ kind, where, reason }) => `${kind} ${where}: ${reason}`);
    const others = Object.keys(images)
      .filter((kind) => kind !== 'png')
      .sort();
    expect(told?.sort()).toEqual(
      others.map((kind) => expect.stringMatching(`^icon icon Icon ${kind}: its image is no PNG.*get the icon Box$`)),
    );
    const differences = compareSites(source, target, { objects: restored.objects });
    expect(differences.filter((text) => !/icon is "Box", not "Icon \w+"|image is /.test(text))).toEqual([]);
    expect(differences.filter((text) => text.includes('As png'))).toEqual([]);
    expect((await again()).report?.lossCount).toBe(others.length);
  });
});
