import { idOf } from '../../model/ids.ts';
import type { ApiRecord } from '../../model/json.ts';
import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson, writeJson } from '../../work-store/json-file.ts';
import type { Relaxation } from '../configuration/relaxation.ts';
import type { JournalKeys } from '../restore-keys.ts';

/** An object of the target that somebody has made by hand, and that was said to be one of the source. */
export interface SameObject {
  /** Ids on the target. */
  readonly schema: string;
  readonly target: string;
  readonly key: string;
}

/**
 * What a restore set out to make of a configuration: written once before its first create, at places where nothing was.
 * So what stands there later is known to be a restore's own, whether or not the answer to its create arrived.
 */
export interface ConfigurationIntents {
  readonly restore: string;
  /** What its input said that objects are by now, by their source ids. */
  readonly same?: Readonly<Record<string, SameObject>>;
  readonly intents: readonly Intent[];
  /** Ids of the target's schemas, by source id, once they are known: what is bound to one is not another's. */
  readonly schemas: Readonly<Record<string, string>>;
  /**
   * Keys that the target's schemas had then, of those that the restore writes into, and of those of them that came to their
   * end: from then on they are left alone. Inside a journal a key names a schema; what it is today the ids tell.
   */
  readonly schemaKeys: readonly string[];
  /** Which of these keys is whose, by source id; journals of 0.1.0 do not have it. */
  readonly keysBySource?: Readonly<Record<string, string>>;
  readonly finishedKeys: readonly string[];
  /** Ids on the target by source id, of what was made or found: it may be renamed. Journals of 0.1.0 do not have them. */
  readonly ids?: Readonly<Record<MappedKind, Readonly<Record<string, string>>>>;
  /** What could not be made as it was: later restores find it made, and have to tell. */
  readonly losses: readonly Loss[];
  /** What it takes off attributes that are there, until that is put back. */
  readonly relaxed?: readonly Relaxation[];
  /** Keys of this restore's files that must be there; 0.1.0 did not name them, nor how it left the objects. */
  readonly files?: readonly string[];
}

export interface Intent {
  readonly kind: 'schema' | 'object-type' | 'attribute';
  readonly source: string;
  /** Key of the target's schema. */
  readonly schemaKey: string;
  /** Of a schema: its name there. */
  readonly name?: string;
}

export type MappedKind = 'types' | 'attributes' | 'statusTypes' | 'referenceTypes';

/** What a restore has taken off, and nobody has put back yet. */
export interface Relaxed {
  readonly restore: string;
  readonly attributes: readonly Relaxation[];
}

/** A schema of the backup and the one of the target that it goes to, which has this key today. */
export interface SchemaPlace {
  readonly source: string;
  readonly sourceKey: string;
  readonly key: string;
  readonly target?: string | undefined;
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
   * The schema of the target that a restore of this source schema made: the one of this key, or else the newest that was made
   * under it and is there, whatever its key is by now. Its id is known, or the answer to its create was lost and it has the
   * key and the name that it was to have.
   */
  schemaMadeFrom(source: string, key: string, schemas: readonly ApiRecord[]): ApiRecord | undefined {
    const made = this.#journals.flatMap(({ intents, schemas: ids }) =>
      intents
        .filter((intent) => intent.kind === 'schema' && intent.source === source)
        .map(({ schemaKey, name }) => ({ key: schemaKey, name, id: ids[source] })),
    );
    const named = schemas.find(({ objectSchemaKey }) => objectSchemaKey === key);
    const isOwn = ({ key: then, name, id }: (typeof made)[number], there: ApiRecord) =>
      id === undefined ? then === key && name === there.name : id === idOf(there);
    if (named && made.some((intent) => isOwn(intent, named))) return named;
    return made
      .filter((intent) => intent.key === key && intent.id !== undefined)
      .toReversed()
      .map(({ id }) => schemas.find((schema) => idOf(schema) === id))
      .find((schema) => schema !== undefined);
  }

  /**
   * Ids on the target that earlier restores noted of a thing of the backup, the newest first. Nobody has looked yet whether
   * they are there.
   * @param place its schema; null for what is in none
   */
  idsOf(kind: MappedKind, source: string, place: SchemaPlace | null): string[] {
    return this.#journals
      .filter((journal) => place === null || isAbout(journal, place))
      .flatMap(({ ids }) => ids?.[kind][source] ?? [])
      .toReversed();
  }

  /** Ids of all schemas of the target that earlier restores wrote this one into. */
  schemaIdsOf(source: string): string[] {
    return this.#journals.flatMap(({ schemas }) => schemas[source] ?? []);
  }

  /** Whether a thing was made by a restore that was stopped before it had set its restrictions. */
  isUnfinished(kind: Intent['kind'], source: string, place: SchemaPlace): boolean {
    return this.#journals.some((journal) =>
      journal.intents.some(
        (intent) =>
          intent.kind === kind &&
          intent.source === source &&
          !journal.finishedKeys.includes(intent.schemaKey) &&
          isAbout(journal, place),
      ),
    );
  }

  /** Whether a restore has set out to make a thing in a schema of the target. */
  hasSetOut(kind: Intent['kind'], source: string, place: SchemaPlace): boolean {
    return this.#journals.some(
      (journal) =>
        isAbout(journal, place) && journal.intents.some((intent) => intent.kind === kind && intent.source === source),
    );
  }

  /** What inputs of restores said that objects are, the oldest first. */
  *allSame(): Generator<readonly [restore: string, source: string, same: SameObject]> {
    for (const { restore, same = {} } of this.#journals) {
      for (const [source, object] of Object.entries(same)) yield [restore, source, object];
    }
  }

  /** By restore, the oldest first. */
  get allRelaxed(): readonly Relaxed[] {
    return this.#journals.flatMap(({ restore, relaxed: attributes = [] }) =>
      attributes.length > 0 ? [{ restore, attributes }] : [],
    );
  }

  hasEndedWithoutAWord(restore: string): boolean {
    const journal = this.#journals.find((one) => one.restore === restore);
    return (
      journal !== undefined && !journal.files && journal.schemaKeys.every((key) => journal.finishedKeys.includes(key))
    );
  }

  /** What earlier restores into these schemas could not bring back. */
  lossesOf(places: readonly SchemaPlace[]): Loss[] {
    return this.#journals
      .filter((journal) => places.some((place) => isAbout(journal, place)))
      .flatMap(({ losses }) => losses);
  }
}

/** The key that a schema has in a journal. 0.1.0 noted it of schemas that it made; others it wrote into as they were called. */
function keyIn(
  { keysBySource, intents, schemaKeys }: ConfigurationIntents,
  { source, sourceKey, key }: SchemaPlace,
): string | undefined {
  const made = intents.find((intent) => intent.kind === 'schema' && intent.source === source);
  return keysBySource?.[source] ?? made?.schemaKey ?? [sourceKey, key].find((then) => schemaKeys.includes(then));
}

/** Whether a journal is of this schema of the target: its id tells; where the answer to its create was lost, its key. */
function isAbout(journal: ConfigurationIntents, place: SchemaPlace): boolean {
  const id = journal.schemas[place.source];
  return id === undefined ? keyIn(journal, place) === place.key : id === place.target;
}

/** Notes that these schemas have come to their end, whichever restores had begun them, and which journals there are by then. */
export async function finishSchemas(
  work: WorkStore,
  keys: JournalKeys,
  { restore, places, losses }: { restore: string; places: readonly SchemaPlace[]; losses: readonly Loss[] },
): Promise<void> {
  const journals = await listJournals(work, keys);
  for await (const key of work.list(keys.allConfiguration)) {
    const journal = await needJson<ConfigurationIntents>(work, key);
    const ended = places.flatMap((place) => {
      const then = keyIn(journal, place);
      return then !== undefined && (then === place.key || isAbout(journal, place)) ? [then] : [];
    });
    const files = new Set([...(journal.files ?? []), ...(journals.get(journal.restore) ?? [])]);
    const finished = new Set([...journal.finishedKeys, ...ended]);
    const all = journal.restore === restore ? [...journal.losses, ...losses] : journal.losses;
    await writeJson(work, key, { ...journal, finishedKeys: [...finished], losses: all, files: [...files] });
  }
}

/** Notes what of that which a restore has relaxed is still to be put back. */
export async function noteRelaxed(work: WorkStore, keys: JournalKeys, { restore, attributes }: Relaxed): Promise<void> {
  const journal = await needJson<ConfigurationIntents>(work, keys.configuration(restore));
  await writeIntents(work, keys, { ...journal, relaxed: attributes });
}

export async function writeIntents(work: WorkStore, keys: JournalKeys, intents: ConfigurationIntents): Promise<void> {
  await writeJson(work, keys.configuration(intents.restore), intents);
}

/** Keys of all journals between two sites but the configurations', by the restore that wrote them. */
export async function listJournals(work: WorkStore, keys: JournalKeys): Promise<Map<string, string[]>> {
  const journals = new Map<string, string[]>();
  for await (const key of work.list(keys.all)) {
    if (key.startsWith(keys.allConfiguration)) continue;
    const [restore = ''] = key.slice(key.lastIndexOf('/') + 1).split('.');
    const known = journals.get(restore);
    if (known) known.push(key);
    else journals.set(restore, [key]);
  }
  return journals;
}
