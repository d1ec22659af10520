import { identityOf } from '../../backup-format/manifest.ts';
import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import { idOf, type ObjectId, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { FoundEntry, RefusedEntry } from '../id-map/object-journal.ts';
import { witnessOf } from '../id-map/witness.ts';
import type { PendingAttributes } from '../plan-files.ts';
import { judgeObject } from '../values/judge-object.ts';
import type { ObjectStage } from './object-stage.ts';

/**
 * Objects that no search showed when the plan was made, and that are there all the same: a search index lags behind, for how
 * long nobody says. Looked for by id.
 */
export class UnseenObjects {
  readonly #work: WorkStore;
  readonly #reader: AssetsReader;
  readonly #stage: ObjectStage;
  readonly #restore: string;
  /** Read only where something is found. */
  #earlier: Promise<EarlierRestores> | undefined;

  constructor(work: WorkStore, reader: AssetsReader, { stage, restore }: { stage: ObjectStage; restore: string }) {
    this.#work = work;
    this.#reader = reader;
    this.#stage = stage;
    this.#restore = restore;
  }

  /**
   * What the journal is to say of an object of the backup; undefined where none of the ids leads to an object, and it is to be
   * made. What has become an object of another type is left alone, and nothing is made in its stead.
   * @param place ids of the target's schema and type
   */
  async entryOf(
    object: ApiRecord,
    ids: readonly string[],
    place: { readonly schema: string; readonly target: string },
  ): Promise<FoundEntry | RefusedEntry | undefined> {
    const source: string = idOf(object);
    const { schema, target: type } = place;
    for (const id of ids) {
      const there = await this.#reader.object(id as ObjectId);
      if (!there) continue;
      this.#earlier ??= EarlierRestores.read(this.#work, this.#stage.context.journals, this.#restore);
      const earlier = await this.#earlier;
      const isOwn = earlier.madeAs(id) !== undefined;
      if (typeIdOf(there) !== type) {
        const what = isOwn ? 'what an earlier restore made of it' : 'it';
        const reason = `${what} has become an object of another type; it is left alone`;
        const where = textOf(object.objectKey) ?? source;
        return { state: 'refused', schema, type, losses: [{ kind: 'object', source, where, values: 1, reason }] };
      }
      const key = textOf(there.objectKey) ?? id;
      this.#stage.known.add(source, { id, key });
      const pending = this.#lacking(object, there, earlier);
      return {
        state: 'found',
        schema,
        type,
        target: id,
        key,
        ...(isOwn && { isOwn }),
        ...(Object.keys(pending).length > 0 && { pending }),
      };
    }
    return undefined;
  }

  /** What it lacks that is ours to write, and what may refer to objects that are still to be made. */
  #lacking(object: ApiRecord, there: ApiRecord, earlier: EarlierRestores): PendingAttributes {
    const { configuration, map, targetAttribute, attribute, plan } = this.#stage;
    const kinds = new Map(
      configuration.attributes.flatMap(({ source }) => {
        const target = map.attributes[source];
        return target === undefined ? [] : [[target, attribute(source)?.kind] as const];
      }),
    );
    const names = new Map(configuration.attributes.map(({ source, name }) => [map.attributes[source], name]));
    const sources = new Map(configuration.attributes.map(({ source }) => [map.attributes[source], source]));
    const prepared = this.#stage.prepare(object);
    const witness = witnessOf(
      { id: String(there.id), isItself: this.#stage.isItself(String(object.id)) },
      {
        earlier,
        newAttributes: new Set(plan.newAttributes),
        newNow: new Set(),
        backup: identityOf(this.#stage.context.manifest),
        sourceOf: (id) => sources.get(id),
        nameOf: (id) => names.get(id),
      },
    );
    const judged = judgeObject(prepared, comparableValues(there, kinds), { targetAttribute, witness });
    return Object.fromEntries(
      judged.flatMap(({ attribute: { source }, verdict, right }) => {
        const mayComeLater = verdict === 'same' && prepared.deferred.has(source);
        return verdict === 'write' || mayComeLater ? [[source, valuesDigest(right)]] : [];
      }),
    );
  }
}
