import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Slots, sideBySide } from '../../core/side-by-side.ts';

/** Work that lasts until it is told to end. */
class Works {
  readonly started: number[] = [];
  most = 0;
  #running = 0;
  readonly #ends = new Map<number, (error?: Error) => void>();

  readonly start = async (number: number): Promise<void> => {
    this.started.push(number);
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    const error = await new Promise<Error | undefined>((resolve) => this.#ends.set(number, resolve));
    this.#running -= 1;
    if (error) throw error;
  };

  async end(number: number, error?: Error): Promise<void> {
    this.#ends.get(number)?.(error);
    await turn();
  }
}

describe('Work side by side', () => {
  it('is started in order, so many at a time', async () => {
    const works = new Works();
    const all = sideBySide([1, 2, 3, 4, 5], 2, works.start);
    await turn();
    expect(works.started).toEqual([1, 2]);
    await works.end(2);
    expect(works.started).toEqual([1, 2, 3]);
    for (const number of [1, 3, 4, 5]) await works.end(number);
    await all;
    expect(works).toMatchObject({ started: [1, 2, 3, 4, 5], most: 2 });
  });

  it('asks for an item no sooner than it can be started', async () => {
    const works = new Works();
    const asked: number[] = [];
    function* items() {
      for (const number of [1, 2]) {
        asked.push(number);
        yield number;
      }
    }
    const all = sideBySide(items(), 1, works.start);
    await turn();
    expect(asked).toEqual([1]);
    await works.end(1);
    await works.end(2);
    await all;
  });

  it('starts nothing after a failure, awaits what is under way, and throws the first error', async () => {
    const works = new Works();
    let outcome: unknown = 'under way';
    const all = sideBySide([1, 2, 3, 4], 3, works.start).catch((error: unknown) => {
      outcome = error;
    });
    await turn();
    const first = new Error('first');
    await works.end(2, first);
    await works.end(1, new Error('second'));
    expect(outcome).toBe('under way');
    await works.end(3);
    await all;
    expect(outcome).toBe(first);
    expect(works.started).toEqual([1, 2, 3]);
  });

  it('may be ten thousand items', async () => {
    let done = 0;
    await sideBySide(Array(10_000).keys(), 64, async () => {
      await turn();
      done += 1;
    });
    expect(done).toBe(10_000);
  });
});

describe('Slots', () => {
  it('throw an error to who hands in next, once all under way is done', async () => {
    const works = new Works();
    const slots = new Slots(2);
    await slots.run(() => works.start(1));
    await slots.run(() => works.start(2));
    const third = slots.run(() => works.start(3)).catch((error: unknown) => error);
    await works.end(1, new Error('first'));
    await works.end(2);
    expect(await third).toMatchObject({ message: 'first' });
    await expect(slots.idle()).rejects.toThrow('first');
    expect(works.started).toEqual([1, 2]);
  });

  it('are taken by several at once, in order: what needs few does not go past what needs many', async () => {
    const works = new Works();
    const slots = new Slots(3);
    const weights = [2, 2, 1, 9, 1];
    const all = (async () => {
      for (const [index, weight] of weights.entries()) await slots.run(() => works.start(index + 1), weight);
      await slots.idle();
    })();
    await turn();
    expect(works.started).toEqual([1]);
    await works.end(1);
    expect(works.started).toEqual([1, 2, 3]);
    await works.end(2);
    expect(works.started).toEqual([1, 2, 3]);
    // More than there are is all of them.
    await works.end(3);
    expect(works.started).toEqual([1, 2, 3, 4]);
    await works.end(4);
    await works.end(5);
    await all;
  });

  it('say when one piece of work is done', async () => {
    const works = new Works();
    const slots = new Slots(2);
    await slots.oneDone();
    await slots.run(() => works.start(1));
    await slots.run(() => works.start(2));
    const oneDone = slots.oneDone();
    await works.end(2);
    await oneDone;
    await works.end(1);
    await slots.idle();
  });
});
