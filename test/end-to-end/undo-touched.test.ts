import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allBeforeImages } from '../../core/restore/restore-keys.ts';
import type { Comment, StoredObject } from '../../simulator/site/records.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite, valuesOf } from './restore-company.ts';
import { restore } from './restore-run.ts';
import { undoApproved } from './undo-run.ts';

/** A company that has lost a place and two laptops, and has them back. `name` is the restore's. */
async function restoredCompany(prepare: (company: ReturnType<typeof companySite>) => void = () => {}) {
  const company = companySite();
  prepare(company);
  const { site, places, laptops } = company;
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  const lost = [places[0], laptops[0], laptops[3], ...laptops.slice(6)].flatMap((object) => object ?? []);
  for (const object of lost) site.deleteObject(object);
  const restored = await restore(simulator, directory, { folder: result?.backup ?? '' });
  const idOfMade = (object: StoredObject | undefined) => Number(restored.objects.get(String(object?.id)));
  const madeOf = (object: StoredObject | undefined) => site.object(idOfMade(object));
  const made = () => lost.flatMap((object) => site.objects.get(idOfMade(object)) ?? []);
  const undone = () => undoApproved(simulator, directory, restored.result?.restore ?? '');
  return { ...company, simulator, directory, made, madeOf, undone };
}

describe('what people have touched in a way that is hard to see stays too', () => {
  it('referred to by somebody else, beside an object that refers to it by two attributes', async () => {
    const { site, laptop, places, madeOf, undone } = await restoredCompany(
      ({ site, laptop, place, laptops, places }) => {
        const [referenceType] = site.referenceTypes.values();
        site.addAttribute({
          type: laptop,
          name: 'Second place',
          target: place,
          ...(referenceType && { referenceType }),
        });
        if (laptops[0] && places[0]) site.updateObject(laptops[0], { 'Second place': places[0] });
      },
    );
    const place = madeOf(places[0]);
    const mine = site.addObject({ type: laptop, name: 'Mine', values: { 'Serial number': 'M', Place: place } });
    const before = valuesOf(site, mine.id, 'Place');
    const { report } = await undone();
    expect(report?.stays).toMatchObject([{ source: String(place.id), reason: 'something else refers to it' }]);
    expect(valuesOf(site, mine.id, 'Place')).toEqual(before);
  });

  it.each<readonly [string, (comment: Comment, add: (text: string) => void) => void]>([
    [
      'a comment of the restore that somebody has added to',
      (comment) => {
        comment.text += '<p>mine</p>';
      },
    ],
    [
      'a comment of the restore that somebody has changed before its mark',
      (comment) => {
        comment.text = comment.text.replace('comment on', 'my words on');
        comment.updatedMs += 5_000;
      },
    ],
    ['an answer that quotes one', ({ text }, add) => add(`<p>mine</p><blockquote>${text}</blockquote>`)],
    ['the same comment twice', ({ text }, add) => add(text)],
  ])('by %s', async (_, touch) => {
    const { site, laptops, madeOf, undone } = await restoredCompany();
    const object = madeOf(laptops[0]);
    const [comment] = site.commentsOf(object.id);
    if (!comment) throw new Error('it was commented on');
    touch(comment, (text) => void site.addComment({ object, text }));
    const { report } = await undone();
    expect(report?.stays.filter(({ source }) => source === String(object.id))).toMatchObject([
      { reason: 'somebody has commented on it' },
    ]);
    expect(site.objects.get(object.id)).toBeDefined();
  });

  it('changed by the account of the restore while the restore ran', async () => {
    const { site, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    const [lost] = laptops;
    if (lost) site.deleteObject(lost);
    const there = new Set([...site.objects.all()].map(({ id }) => id));
    const made = () => [...site.objects.all()].find(({ id }) => !there.has(id));
    simulator.faults.add({
      endpoint: '*',
      match: ({ method, path }) => {
        const object = made();
        if (!object || method !== 'POST' || !path.includes('comment')) return false;
        const account = site.users.get(object.createdBy);
        if (account && valuesOf(site, object.id, 'Note')[0] !== 'mine')
          site.updateObject(object, { Note: 'mine' }, account);
        return false;
      },
      fault: { kind: 'close' },
    });
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '' });
    expect(restored.result?.outcome).toBe('differences-found');
    const undone = await undoApproved(simulator, directory, restored.result?.restore ?? '');
    expect(undone.report?.stays).toMatchObject([
      { source: String(made()?.id), reason: expect.stringContaining('Note differs from what the restore wrote') },
    ]);
  });

  it('changed by accounts that the site does not tell any more', async () => {
    const { site, laptops, madeOf, undone } = await restoredCompany();
    const object = madeOf(laptops[0]);
    const nobody = { ...person(site), accountId: '' };
    site.users.set('', nobody);
    Object.assign(object, { createdBy: '' });
    site.updateObject(object, { Note: 'mine' }, nobody);
    site.updateObject(object, { Note: 'note of 0' }, nobody);
    const { report } = await undone();
    expect(report?.stays.filter(({ source }) => source === String(object.id))).toMatchObject([
      { reason: 'its history does not say who has created it' },
    ]);
  });

  it.each(['hidden', 'deleted'])('not shown, since it was %s', async (what) => {
    const { site, made, undone } = await restoredCompany();
    const ids = made().map(({ id }) => id);
    for (const object of made()) {
      if (what === 'hidden') site.roles.hideObject(object);
      else site.deleteObject(object);
    }
    const { report, result } = await undone();
    site.roles.showAll();
    if (what === 'deleted') {
      expect(report?.stays.filter(({ kind, reason }) => kind === 'object' && /does not see/.test(reason))).toEqual([]);
      return;
    }
    expect(result?.outcome).toBe('restored-with-losses');
    expect(report?.stays.map(({ source }) => source)).toEqual(expect.arrayContaining(ids.map(String)));
    expect(ids.every((id) => site.objects.get(id))).toBe(true);
  });

  it('and what goes is kept with its comments', async () => {
    const { directory, laptops, madeOf, undone } = await restoredCompany();
    const { id } = madeOf(laptops[0]);
    const { result } = await undone();
    expect(result).toMatchObject({ outcome: 'restored', deleted: 3 });
    const folder = join(directory, '.work', allBeforeImages, result?.restore ?? '');
    const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'));
    const images = lines.map((line) => JSON.parse(line) as { id: string; comments?: { comment: string }[] });
    const image = images.find((one) => one.id === String(id));
    expect(image?.comments?.map(({ comment }) => comment).join('\n')).toContain('comment on 0');
  });

  it('commented on while others of its batch go', async () => {
    const { site, simulator, made, undone } = await restoredCompany(addLaptops);
    let touched: readonly number[] = [];
    simulator.faults.add({
      endpoint: '*',
      match: ({ method }) => {
        if (method !== 'DELETE' || touched.length > 0) return false;
        // Ten at most are past their last look.
        const there = made();
        for (const object of there) site.addComment({ object, text: 'mine' });
        touched = there.map(({ id }) => id);
        return false;
      },
      fault: { kind: 'close' },
    });
    const { report } = await undone();
    const kept = touched.filter((id) => site.objects.get(id));
    expect(touched.length).toBeGreaterThan(30);
    expect(touched.length - kept.length).toBeLessThanOrEqual(10);
    expect(report?.stays.map(({ source }) => source).toSorted()).toEqual(kept.map(String).toSorted());
  });

  it('commented on while the undo waits for references to go', async () => {
    const { site, laptop, simulator, made, undone } = await restoredCompany(addLaptops);
    const of = made();
    const isReferences = (path: string) => path.includes('referenceinfo');
    let looks = 0;
    simulator.faults.add({
      endpoint: '*',
      match: ({ path }) => {
        if (!isReferences(path)) return false;
        looks += 1;
        // Of the plan, of the batch, then of the one that is doubtful.
        const [first] = of;
        if (looks === of.length + 1 && first) {
          site.addObject({ type: laptop, name: 'Mine', values: { 'Serial number': 'M', Peer: of.slice(-1) } });
        }
        if (looks === 2 * of.length + 1) for (const object of of) site.addComment({ object, text: 'mine' });
        return false;
      },
      fault: { kind: 'close' },
    });
    const { result } = await undone();
    expect(looks).toBeGreaterThan(2 * of.length);
    expect(result).toMatchObject({ outcome: 'restored-with-losses', deleted: 0 });
    expect(of.every(({ id }) => site.objects.get(id) !== undefined)).toBe(true);
  });
});

function addLaptops({ site, laptop, laptops }: ReturnType<typeof companySite>): void {
  for (let number = 10; number < 40; number += 1) {
    const values = { 'Serial number': `S-${number}`, Note: `note of ${number}` };
    laptops.push(site.addObject({ type: laptop, name: `Laptop ${number}`, values }));
  }
}

function person(site: ReturnType<typeof companySite>['site']) {
  const [user] = site.users.values();
  if (!user) throw new Error('there is nobody');
  return user;
}
