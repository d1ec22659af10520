import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson, writeJson } from '../../work-store/json-file.ts';
import type { JournalKeys } from '../restore-keys.ts';

/**
 * What a restore set out to make of a configuration: written once before its first create, at places where nothing was.
 * So what stands there later is known to be a restore's own, whether or not the answer to its create arrived.
 */
export interface ConfigurationIntents {
  readonly restore: string;
  readonly intents: readonly Intent[];
  /** Ids of the target's schemas, by source id, once they are known: what is bound to one is not another's. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Keys of the target's schemas that the restore writes into, and those of them that came to their end: from then on they are left alone. */
  readonly schemaKeys: readonly string[];
  readonly finishedKeys: readonly string[];
  /** What could not be made as it was: later restores find it made, and have to tell. */
  readonly losses: readonly Loss[];
  /** It notes in the end how it leaves the objects; version 0.1.0 did not. */
  readonly notesWhatIsLeft?: true;
}

export interface Intent {
  readonly kind: 'schema' | 'object-type' | 'attribute';
  readonly source: string;
  /** Key of the target's schema. */
  readonly schemaKey: string;
  /** Of a schema: its name there. */
  readonly name?: string;
}

/** What earlier restores from this source to this target have made, and whether they came to their end. */
export class OwnConfiguration {
  readonly #journals: readonly ConfigurationIntents[];

  constructor(journals: readonly ConfigurationIntents[]) {
    this.#journals = journals;
  }

  static async read(work: WorkStore, keys: JournalKeys): Promise<OwnConfiguration> {
    const journals: ConfigurationIntents[] = [];
    for await (const key of work.list(keys.allConfiguration)) {
      journals.push(await needJson<ConfigurationIntents>(work, key));
    }
    return new OwnConfiguration(journals);
  }

  /**
   * Whether a schema of the target was made by a restore of this source schema: its id is known, or the answer to its create
   * was lost and it has the name that it was to have.
   */
  hasMadeSchema(source: string, there: { readonly key: string; readonly id: string; readonly name: string }): boolean {
    return this.#journals.some(({ intents, schemas }) => {
      const intent = intents.find(
        ({ kind, source: id, schemaKey }) => kind === 'schema' && id === source && schemaKey === there.key,
      );
      const known = schemas[source];
      return intent !== undefined && (known === undefined ? intent.name === there.name : known === there.id);
    });
  }

  /** Whether a thing was made by a restore that was stopped before it had set its restrictions. */
  isUnfinished(kind: Intent['kind'], source: string, schemaKey: string): boolean {
    return this.#journals.some(
      ({ intents, finishedKeys }) =>
        !finishedKeys.includes(schemaKey) &&
        intents.some((intent) => intent.kind === kind && intent.source === source && intent.schemaKey === schemaKey),
    );
  }

  /** Ids of the target's schemas that restores have written this source schema into, the newest first. */
  targetsOf(source: string): string[] {
    return [...new Set(this.#journals.flatMap(({ schemas }) => schemas[source] ?? []).toReversed())];
  }

  /** Whether a restore has set out to make a thing of this source in a schema of the target. */
  hasSetOut(kind: Intent['kind'], source: string, schemaKey: string): boolean {
    return this.#journals.some(({ intents }) =>
      intents.some((intent) => intent.kind === kind && intent.source === source && intent.schemaKey === schemaKey),
    );
  }

  hasEndedWithoutAWord(restore: string): boolean {
    const journal = this.#journals.find((one) => one.restore === restore);
    return (
      journal !== undefined &&
      !journal.notesWhatIsLeft &&
      journal.schemaKeys.every((key) => journal.finishedKeys.includes(key))
    );
  }

  /** What earlier restores could not bring back of schemas with these keys. */
  lossesOf(keys: ReadonlySet<string>): Loss[] {
    return this.#journals
      .filter(({ schemaKeys }) => schemaKeys.some((key) => keys.has(key)))
      .flatMap(({ losses }) => losses);
  }
}

/** Notes that these schemas have come to their end, whichever restores had begun them. */
export async function finishSchemas(
  work: WorkStore,
  keys: JournalKeys,
  { restore, schemaKeys, losses }: { restore: string; schemaKeys: readonly string[]; losses: readonly Loss[] },
): Promise<void> {
  for await (const key of work.list(keys.allConfiguration)) {
    const journal = await needJson<ConfigurationIntents>(work, key);
    const finished = new Set([
      ...journal.finishedKeys,
      ...schemaKeys.filter((schema) => journal.schemaKeys.includes(schema)),
    ]);
    const all = journal.restore === restore ? [...journal.losses, ...losses] : journal.losses;
    await writeJson(work, key, { ...journal, finishedKeys: [...finished], losses: all });
  }
}

export async function writeIntents(work: WorkStore, keys: JournalKeys, intents: ConfigurationIntents): Promise<void> {
  await writeJson(work, keys.configuration(intents.restore), intents);
}
