import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkStore } from '../../../../core/ports/work-store.ts';
import {
  type ObjectEntry,
  ObjectJournal,
  type ObjectJournalFile,
} from '../../../../core/restore/id-map/object-journal.ts';
import { SavedObjects } from '../../../../core/restore/id-map/saved-objects.ts';

const key = 'journals/source/target/objects/one.00000.json';

/** A store with one file, each of whose writes takes as long as the test wants. */
class SlowFile {
  text = JSON.stringify({ $file: key, restore: 'one', entries: {} });
  #version = 0;
  readonly #wait: () => Promise<void>;

  constructor(wait: () => Promise<void>) {
    this.#wait = wait;
  }

  get store(): WorkStore {
    const missing = () => Promise.reject(new Error('There is one file.'));
    return {
      read: async () => ({ text: this.text, version: String(this.#version) }),
      write: missing,
      create: missing,
      replace: async (_key, text, version) => {
        expect(version).toBe(String(this.#version));
        await this.#wait();
        this.text = text;
        this.#version += 1;
        return String(this.#version);
      },
      list: () => (async function* () {})(),
      addressOf: (name) => name,
    };
  }

  get entries(): ObjectJournalFile['entries'] {
    return (JSON.parse(this.text) as ObjectJournalFile).entries;
  }
}

const place = { schema: '1', type: '2' };
const open: ObjectEntry = { ...place, state: 'open', digest: 'd', label: 'l' };
const made: ObjectEntry = { ...place, state: 'created', target: '9', key: 'K-9' };
const refused: ObjectEntry = { ...place, state: 'refused', losses: [] };
const sources = ['a', 'b', 'c', 'd'];
const deed = fc.oneof(
  fc.record({
    what: fc.constant('note' as const),
    source: fc.constantFrom(...sources),
    entry: fc.constantFrom(open, made, refused),
  }),
  fc.record({ what: fc.constant('save' as const) }),
  fc.record({ what: fc.constant('ask' as const), source: fc.constantFrom(...sources) }),
);

describe('an object whose journal is being written', () => {
  it('is settled when the file says what has become of it, never before; and then it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(deed, { maxLength: 30 }), async (scheduler, deeds) => {
        const file = new SlowFile(() => scheduler.schedule(Promise.resolve()));
        const known = new Set<string>();
        const saved = new SavedObjects((source) => known.has(source));
        const journal = await ObjectJournal.open(file.store, key, saved);
        const [saves, asked]: [Promise<void>[], Promise<void>[]] = [[], []];
        const ask = async (source: string) => {
          const isSettled = await saved.settled([source]);
          const state = file.entries[source]?.state;
          if (isSettled) expect(state === 'created' || state === 'refused').toBe(true);
          else expect(known.has(source)).toBe(false);
        };
        const carriedOut = deeds.map((one) => async () => {
          if (one.what === 'save') saves.push(journal.save());
          else if (one.what === 'ask') asked.push(ask(one.source));
          // What is known to be made or refused stays so.
          else if (!known.has(one.source)) {
            journal.note(one.source, one.entry);
            if (one.entry.state !== 'open') known.add(one.source);
          }
        });
        await scheduler.waitFor(scheduler.scheduleSequence(carriedOut).task);
        saves.push(journal.save());
        await scheduler.waitFor(Promise.all(saves));
        saved.end();
        await Promise.all(asked);
        for (const source of known) expect(await saved.settled([source])).toBe(true);
      }),
    );
  });

  it('is not waited for any longer once its worker has ended', async () => {
    const saved = new SavedObjects((source) => source === 'a');
    const waiting = saved.settled(['a', 'b']);
    saved.end();
    expect(await waiting).toBe(false);
    expect(await saved.settled(['a'])).toBe(true);
  });
});
