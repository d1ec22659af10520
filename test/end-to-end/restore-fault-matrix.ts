import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointName } from '../../simulator/http/endpoint.ts';
import type { Fault, FaultRule } from '../../simulator/http/faults.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { type FinishedRestore, restore } from './restore-run.ts';

/** Everything that a restore into an empty site writes to; types are made in their order, so none is moved. */
const endpoints = [
  'objectschema-create',
  'schema-property-update',
  'statustype-create',
  'referencetype-create',
  'icon-token',
  'icon-media-upload',
  'icon-create',
  'objecttype-create',
  'attribute-create',
  'attribute-update',
  'attribute-position',
  'object-create',
  'object-update',
  'comment-create',
] as const satisfies readonly EndpointName[];

/** The request never arrives, or it is carried out and its answer lost: a client cannot tell one from the other. */
const faults: readonly [name: string, fault: Fault, workDone: boolean][] = [
  ['a 429', { kind: 'status', status: 429, retryAfter: 1 }, false],
  ['a 500 before the work', { kind: 'status', status: 500 }, false],
  ['a 500 after the work', { kind: 'status', status: 500 }, true],
  ['a 503 after the work', { kind: 'status', status: 503, retryAfter: 1 }, true],
  ['a web page after the work', { kind: 'html', status: 200 }, true],
  ['a closed connection before the work', { kind: 'close' }, false],
  ['a closed connection after the work', { kind: 'close' }, true],
  ['an answer cut off', { kind: 'cut' }, false],
  ['half an answer', { kind: 'truncated' }, false],
];

const places: readonly [name: string, place: Pick<FaultRule, 'skip' | 'times'>][] = [
  ['at the first request', { skip: 0, times: 1 }],
  ['at the third request', { skip: 2, times: 1 }],
  ['twice, from the second on', { skip: 1, times: 2 }],
];

/** Every write at least three times: types out of order, moved attributes, circles, several custom icons, comments. */
function richSite(): SimulatedSite {
  const site = configurationSite();
  const schema = site.addSchema({ key: 'MORE', name: 'More', properties: { allowOtherObjectSchema: false } });
  const closed = site.addSchema({ key: 'SHUT', name: 'Shut', properties: { allowOtherObjectSchema: false } });
  site.addSchema({ key: 'NONE', name: 'None', properties: { allowOtherObjectSchema: false } });
  for (const [index, owner] of [schema, schema, closed].entries()) {
    site.addStatusType({ name: `Extra ${index}`, schema: owner, description: 'of the matrix' });
    site.addReferenceType({ name: `Relation ${index}`, schema: owner, color: '112233' });
  }
  const icons = ['red', 'green', 'blue'].map((name) => site.addIcon(`Icon ${name}`, iconOf(name)));
  const types = ['C', 'B', 'A', 'D'].map((name, index) => {
    const icon = icons[index];
    return site.addType({ schema, name, position: 3 - index, ...(icon && { icon }) });
  });
  for (const type of types) {
    const note = site.addAttribute({ type, name: 'Note', required: true, unique: true });
    const next = site.addAttribute({ type, name: 'Next', target: type });
    // Before the automatic ones: only a move brings them there.
    note.position = -1;
    next.position = -2;
    const objects = [1, 2, 3].map((number) =>
      site.addObject({ type, name: `${type.name}${number}`, values: { Note: `n${number}` } }),
    );
    for (const [index, object] of objects.entries()) {
      object.values.set(next.id, [String(objects[(index + 1) % objects.length]?.id)]);
      site.addComment({ object, text: `<p>of ${type.name}${index}</p>`, role: index });
    }
  }
  return site;
}

const iconOf = (name: string) => Buffer.concat([pngSignature, Buffer.from(name)]);
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function expectEqual(site: SimulatedSite, targetSite: SimulatedSite, restored: FinishedRestore): void {
  expect(restored.error).toBeUndefined();
  expect(compareSites(site, targetSite, { objects: restored.objects, history: true })).toEqual([]);
  expect(restored.report?.differences).toEqual([]);
  const unexpected = restored.report?.losses.filter(({ reason }) => !reason.includes('the API lets nobody set'));
  expect(unexpected).toEqual([]);
}

/** A part of the matrix, so that several files run side by side. */
export function describeMatrix(part: number, parts: number): void {
  const cases = endpoints.flatMap((endpoint) =>
    faults.flatMap(([fault, what, workDone]) =>
      places.map(([place, when]) => ({ endpoint, fault, place, rule: { endpoint, fault: what, workDone, ...when } })),
    ),
  );
  describe('a restore whose writes are disturbed', () => {
    const site = richSite();
    const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-matrix-'));
    let folder = '';
    beforeAll(async () => {
      const source = await startSimulator({ site });
      folder = (await backUp(source, { directory })).result?.backup ?? '';
      await source.close();
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    /** The backup in a folder of its own, which does not fill with what other cases leave. */
    const ownFolder = () => {
      const own = testDirectory();
      cpSync(directory, own, { recursive: true });
      return own;
    };

    const mine = cases.slice((cases.length * part) / parts, (cases.length * (part + 1)) / parts);
    it.each(mine)('$endpoint: $fault $place: nothing twice, nothing lost', async ({ endpoint, rule }) => {
      const targetSite = emptySiteLike(site, { workspaceId: crypto.randomUUID() });
      const target = await testSimulator({ site: targetSite });
      target.faults.add(rule);
      const restored = await restore(target, ownFolder(), { folder });
      expect(target.faults.struck(rule), `${endpoint} is written to`).toBeGreaterThan(0);
      expectEqual(site, targetSite, restored);
    });

    const lasting = endpoints.flatMap((endpoint) =>
      [false, true].map((workDone) => ({ endpoint, workDone, when: workDone ? 'after the work' : 'before the work' })),
    );
    it.each(lasting.filter((_, index) => index % parts === part))(
      '$endpoint: a 500 $when, for as long as it lasts: a sentence or losses, and once it is over all is made, once',
      async ({ endpoint, workDone }) => {
        const targetSite = emptySiteLike(site, { workspaceId: crypto.randomUUID() });
        const target = await testSimulator({ site: targetSite });
        const recover = target.faults.add({ endpoint, workDone, fault: { kind: 'status', status: 500 } });
        const own = ownFolder();
        const disturbed = await restore(target, own, { folder });
        if (disturbed.error) expect(disturbed.error.message).toMatch(/\.$/);
        else expect(workDone || disturbed.report?.lossCount).toBeTruthy();
        recover();
        expectEqual(site, targetSite, await restore(target, own, { folder }));
      },
    );
  });
}
