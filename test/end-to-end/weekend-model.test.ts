import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { snapshotOf, WeekendModel } from './weekend-model.ts';

/** Two racks with servers in them, and a restore that is done by hand, rightly or wrongly. */
function madeByHand() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'HND' });
  const server = site.addType({ schema, name: 'Server' });
  const rack = site.addType({ schema, name: 'Rack' });
  site.addAttribute({ type: server, name: 'Note' });
  site.addAttribute({ type: rack, name: 'Servers', target: server, multiple: true });
  const add = (name: string) => site.addObject({ type: server, name, values: { Note: `note of ${name}` } });
  const [one, two, three] = [add('one'), add('two'), add('three')];
  const left = site.addObject({ type: rack, name: 'left', values: { Servers: [one, two] } });
  site.addObject({ type: rack, name: 'right', values: { Servers: three } });
  site.addComment({ object: one, text: 'said of one' });
  const model = new WeekendModel(site);
  const table = new Map([...site.objects.all()].map(({ id }) => [String(id), String(id)]));

  const again = (object: StoredObject, name = 'one') => {
    const made = add(name);
    site.addComment({ object: made, text: 'John Smith: said of one' });
    table.set(String(object.id), String(made.id));
    return made;
  };
  const link = (...servers: readonly StoredObject[]) => site.updateObject(left, { Servers: servers });
  const restored = (work: () => void, isWhole = true) => {
    const before = snapshotOf(site);
    work();
    return model.check(before, { objects: table, isWhole });
  };
  const unlink = (member: StoredObject, ...rest: readonly StoredObject[]) => {
    const attribute = site.typeAttributes(rack.id).find(({ name }) => name === 'Servers');
    link(...rest);
    model.takeAway(left.id, attribute?.id ?? 0, member.id);
  };
  return { site, one, two, three, left, server, again, link, unlink, restored, table };
}

describe('the model of a weekend', () => {
  it('is content with what is made again and linked again, and with a second restore that does nothing', () => {
    const { site, one, two, again, link, restored } = madeByHand();
    site.deleteObject(one);
    expect(restored(() => link(again(one), two))).toEqual([]);
    expect(restored(() => undefined)).toEqual([]);
  });

  it('is content where half of it comes first', () => {
    const { site, one, two, left, again, link, restored } = madeByHand();
    site.deleteObject(one);
    site.deleteObject(two);
    let made = left;
    const half = () => {
      made = again(one);
      link(made);
    };
    expect(restored(half, false)).toEqual([]);
    const rest = () => {
      const second = again(two, 'two');
      site.commentLists.delete(second.id);
      link(made, second);
    };
    expect(restored(rest)).toEqual([]);
  });

  it('is content where what people did stands: a link that they took away after a restore, or before it', () => {
    const { site, one, two, again, link, unlink, restored } = madeByHand();
    site.deleteObject(one);
    let made = one;
    const work = () => {
      made = again(one);
      link(made, two);
    };
    expect(restored(work)).toEqual([]);
    unlink(made, two);
    expect(restored(() => undefined)).toEqual([]);
    expect(restored(() => link(made, two))).toHaveLength(1);
  });

  it('is content where a survivor was unlinked by hand, so that nothing of the attribute comes back', () => {
    const { site, one, two, again, unlink, restored } = madeByHand();
    site.deleteObject(one);
    unlink(two);
    expect(restored(() => again(one))).toEqual([]);
  });

  type Hand = ReturnType<typeof madeByHand>;
  it.each<[what: string, work: (hand: Hand) => void, told: RegExp]>([
    ['nothing is back', () => undefined, /is not back/],
    ['a link is not back', ({ one, again }) => again(one), /Servers was .* and is/],
    ['a link is back in another order', ({ one, two, again, link }) => link(two, again(one)), /Servers was/],
    [
      'a link leads elsewhere',
      ({ one, two, three, again, link }) => void [again(one), link(three, two)],
      /Servers was/,
    ],
    [
      'something is made twice',
      ({ one, two, server, site, again, link }) => {
        link(again(one), two);
        site.addObject({ type: server, name: 'one' });
      },
      /in no table/,
    ],
    [
      'something is made that was there',
      ({ one, two, again, link }) => {
        link(again(one), two);
        again(two, 'two');
      },
      /though it was there/,
    ],
    ['its text is another one', ({ one, two, again, link }) => link(again(one, 'uno'), two), /Name is/],
    [
      'its comment is not back',
      ({ site, one, two, again, link }) => {
        const made = again(one);
        link(made, two);
        site.commentLists.delete(made.id);
      },
      /comments/,
    ],
    [
      'somebody’s text is overwritten',
      ({ site, one, two, three, again, link }) => {
        link(again(one), two);
        site.updateObject(three, { Note: 'as it was' });
      },
      /Note was/,
    ],
    [
      'something is deleted',
      ({ site, one, two, three, again, link }) => {
        link(again(one), two);
        site.deleteObject(three);
      },
      /was deleted by the restore/,
    ],
  ])('is not content where %s', (_, work, told) => {
    const hand = madeByHand();
    hand.site.deleteObject(hand.one);
    expect(hand.restored(() => work(hand)).join('\n')).toMatch(told);
  });
});
