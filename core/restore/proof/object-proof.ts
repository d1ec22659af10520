import { identityOf } from '../../backup-format/manifest.ts';
import { type ComparisonProgress, compareWithSite, type SeenObject } from '../../comparison/compare-with-site.ts';
import { ExpectedObjects } from '../../comparison/expected-objects.ts';
import { comparableValues, labelDigest, objectDigest } from '../../comparison/object-values.ts';
import { idOf, type ObjectId, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Difference, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { type AttributeKind, kind } from '../../reading/attribute-kinds.ts';
import { sideBySide } from '../../side-by-side.ts';
import { EarlierRestores } from '../id-map/earlier-restores.ts';
import { witnessOf } from '../id-map/witness.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import { readBefore } from '../plan-files.ts';
import { PlannedOverwrites } from '../planned-overwrites.ts';
import { type Judgement, judgeObject } from '../values/judge-object.ts';
import { comparableToSend } from '../values/object-values-to-send.ts';
import { SetBack } from '../values/set-back.ts';
import { Findings, type FindingsFile, type Remembered } from './findings.ts';
import { madeTwice, type RightOnly } from './made-twice.ts';
import { refusalsOf } from './refusals.ts';

interface ProofInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
  readonly reader: AssetsReader;
}

/** How far the proof of the objects has come; as JSON it goes from one invocation to the next. */
export interface ProofProgress {
  /** Null when all types have streamed past. */
  readonly comparison: ComparisonProgress | null;
  /** Numbers of objects that are to be looked at by themselves. */
  readonly doubtful: readonly number[];
  readonly strangers: readonly Stranger[];
  readonly findings: FindingsFile;
}

/** An object of the target that is no counterpart of anything. */
interface Stranger extends RightOnly {
  readonly typeId: string;
}

const inFlight = 16;
/** Objects that are looked at again before the time is. */
const lookedAtOnce = 200;

/**
 * Compares every object of the backup that is on the target with what stands there now: the same comparison that the plan was
 * made by. What a page shows otherwise than it should be is believed when the object itself shows it: a search lags behind.
 */
export class ObjectProof {
  readonly #input: ProofInput;
  readonly #earlier: EarlierRestores;
  readonly #kinds: ReadonlyMap<string, AttributeKind>;
  readonly #nameOf: (attributeId: string) => string | undefined;
  readonly #sourceOf: (attributeId: string) => string | undefined;
  readonly #newAttributes: ReadonlySet<string>;
  readonly #newNow: ReadonlySet<string>;
  readonly #findings: Findings;
  readonly #setBack: SetBack;
  readonly #ids: string[] = [];
  readonly #shards: number[] = [];
  /** Numbers of objects of which some values are known to be lost. */
  readonly #incomplete = new Set<number>();
  /** What is to be remembered of objects that are as they should be, by their numbers. */
  readonly #remembered = new Map<number, Remembered>();
  readonly #doubtful: Set<number>;
  readonly #strangers: Stranger[];
  #comparison: ComparisonProgress | null;
  #expected = new ExpectedObjects(0);
  #values = 0;

  private constructor(input: ProofInput, earlier: EarlierRestores, findings: Findings, from: ProofProgress | null) {
    const { stage } = input;
    this.#input = input;
    this.#earlier = earlier;
    this.#findings = findings;
    this.#setBack = new SetBack(stage.context.choices);
    this.#comparison = from?.comparison ?? null;
    this.#doubtful = new Set(from?.doubtful);
    this.#strangers = [...(from?.strangers ?? [])];
    const entries = Object.entries(stage.map.attributes);
    this.#kinds = new Map(
      entries.flatMap(([source, target]) => {
        const attribute = stage.attribute(source);
        return attribute && attribute.lost === undefined ? [[target, attribute.kind] as const] : [];
      }),
    );
    const names = new Map(
      stage.configuration.attributes.map(({ source, name }) => [stage.map.attributes[source], name]),
    );
    this.#nameOf = (id) => names.get(id);
    const sources = new Map(entries.map(([source, target]) => [target, source]));
    this.#sourceOf = (id) => sources.get(id);
    const made = stage.configuration.attributes.filter(({ action }) => action === 'create');
    this.#newNow = new Set(made.flatMap(({ source }) => stage.map.attributes[source] ?? []));
    this.#newAttributes = new Set([...stage.plan.newAttributes, ...this.#newNow]);
  }

  static async open(input: ProofInput, from: ProofProgress | null): Promise<ObjectProof> {
    const { services, run, stage } = input;
    const earlier = await EarlierRestores.read(services.work, stage.context.journals, run.restore);
    const findings = new Findings({
      stage,
      earlier,
      refusals: await refusalsOf(services.work, stage, run.restore),
      overwrites: await PlannedOverwrites.read(services.work, stage.context.keys),
      from: from?.findings,
    });
    const proof = new ObjectProof(input, earlier, findings, from);
    await proof.#expect();
    return proof;
  }

  get objects(): number {
    return this.#expected.count;
  }

  get values(): number {
    return this.#values;
  }

  /** Target ids of the attributes that are compared; null: all that the backup has. */
  get scope(): string[] | null {
    return this.#input.stage.context.choices.include.attributes.length === 0 ? null : [...this.#kinds.keys()];
  }

  get findings(): FindingsFile {
    return this.#findings.file;
  }

  /** Null when all is compared; otherwise how far it has come when `mayGoOn` said no. */
  async run(isContinued: boolean, mayGoOn: () => boolean): Promise<ProofProgress | null> {
    const { reader, stage, services } = this.#input;
    const typeOf = (shard: number) => stage.map.types[stage.shard(shard).typeId]?.target ?? '';
    const expectedIn = Map.groupBy(this.#shards, typeOf);
    expectedIn.delete('');
    const page: SeenObject[] = [];
    const targets = new Set(stage.known.all.values().map(({ id }) => id));
    const isRead = isContinued && this.#comparison === null;
    if (!isRead) {
      this.#comparison = await compareWithSite(
        reader,
        {
          typeIds: [...expectedIn.keys()],
          objectsIn: (id) => expectedIn.get(id)?.length,
          expected: this.#expected,
          kinds: this.#kinds,
          proves: false,
          onObject: (seen) => {
            if (seen.seen === 'differs' || (seen.seen && this.#isMoved(seen))) page.push(seen);
            if (seen.seen) services.reporter.advanced('comparison', 1);
            else if (!targets.has(idOf(seen.object))) this.#strangers.push(strangerOf(seen));
          },
          afterPage: async () => {
            for (const seen of page.splice(0)) await this.#judgePage(seen);
          },
        },
        this.#comparison,
        mayGoOn,
      );
      if (this.#comparison) return this.#progress();
      await this.#afterPages();
    }
    const doubtful = [...this.#doubtful];
    for (let at = 0; at < doubtful.length; at += lookedAtOnce) {
      if (!mayGoOn()) return this.#progress();
      const part = doubtful.slice(at, at + lookedAtOnce);
      await sideBySide(part, inFlight, (number) => this.#lookAgain(number));
      for (const number of part) this.#doubtful.delete(number);
    }
    return null;
  }

  #progress(): ProofProgress {
    return {
      comparison: this.#comparison,
      doubtful: [...this.#doubtful],
      strangers: this.#strangers,
      findings: this.#findings.file,
    };
  }

  /** What the objects of the backup are to be. */
  async #expect(): Promise<void> {
    const { stage } = this.#input;
    const { twice } = stage.plan;
    this.#expected = new ExpectedObjects(stage.known.all.size);
    for await (const [shard, objects] of stage.eachShard()) {
      for (const read of objects) {
        const id = String(read.id);
        const known = stage.known.get(id);
        // One that stands in two types of the backup, since it was moved meanwhile, was made of the first; one that stands twice in a file
        // of what stands there last.
        if (!known || (twice[id] ?? shard) !== shard) continue;
        const object = twice[id] === undefined ? read : await this.#storedIn(shard, id);
        const prepared = stage.prepare(object);
        const values = comparableToSend(prepared.values, stage.targetAttribute, stage.attribute);
        const number = this.#ids.length;
        if (!this.#expected.expect(number, known.id, objectDigest(values))) continue;
        this.#ids.push(id);
        this.#shards.push(shard);
        const remembered = this.#rememberedOf(id, values);
        if (remembered) this.#remembered.set(number, remembered);
        if (prepared.losses.length > 0 || prepared.deferred.size > 0) this.#incomplete.add(number);
        this.#values += values.values().reduce((sum, texts) => sum + texts.length, 0);
      }
    }
  }

  async #judgePage({ object, number }: SeenObject): Promise<void> {
    if (number === undefined) return;
    const stored = await this.#stored(number);
    if (this.#isMoved({ object, number })) return this.#tellMoved(stored);
    const values = comparableValues(object, this.#kinds);
    const judged = this.#judge(stored, values);
    const isDoubtful = judged.some(
      (judgement) =>
        judgement.verdict === 'write' ||
        judgement.verdict === 'wrong' ||
        this.#findings.fateOf(stored, judgement) === 'set',
    );
    if (isDoubtful) this.#doubtful.add(number);
    else this.#note(stored, judged, values);
  }

  /** What no page has shown is doubtful; what is as it should be may still lack what is known to be lost. */
  async #afterPages(): Promise<void> {
    const { stage, services } = this.#input;
    for (const [number, id] of this.#ids.entries()) {
      const seen = this.#expected.seen(stage.known.get(id)?.id ?? '');
      if (seen === 'unseen') {
        this.#doubtful.add(number);
        services.reporter.advanced('comparison', 1);
      }
      if (seen !== 'equal') continue;
      const remembered = this.#remembered.get(number);
      if (remembered) this.#findings.whole(stage.known.get(id)?.id ?? '', remembered);
      if (!this.#incomplete.has(number)) continue;
      const stored = await this.#stored(number);
      const { values } = stage.prepare(stored);
      const there = comparableToSend(values, stage.targetAttribute, stage.attribute);
      this.#note(stored, this.#judge(stored, there), there);
    }
    await this.#judgeStrangers();
  }

  async #lookAgain(number: number): Promise<void> {
    const { reader, stage } = this.#input;
    const stored = await this.#stored(number);
    const target = stage.known.get(String(stored.id))?.id ?? '';
    const found = await reader.object(target as ObjectId);
    if (found && this.#isMoved({ object: found, number })) this.#tellMoved(stored);
    else if (found) {
      const values = comparableValues(found, this.#kinds);
      this.#note(stored, this.#judge(stored, values), values);
    } else this.#findings.missing(stored, target);
  }

  /** Somebody has moved it to another object type, and what it has there is theirs. */
  #isMoved({ object, number }: Pick<SeenObject, 'object' | 'number'>): boolean {
    const { stage } = this.#input;
    const type = stage.map.types[stage.shard(this.#shards[number ?? -1] ?? -1).typeId]?.target;
    return (typeIdOf(object) ?? type) !== type;
  }

  #tellMoved(stored: ApiRecord): void {
    if (!this.#input.stage.known.get(String(stored.id))?.refersBy) this.#findings.moved(stored);
  }

  #note(stored: ApiRecord, judged: readonly Judgement[], there: ReadonlyMap<string, readonly string[]>): void {
    const nothing: Remembered = { open: [], references: new Map() };
    this.#findings.add(stored, judged, this.#rememberedOf(String(stored.id), there) ?? nothing);
  }

  /** Undefined where there is nothing that the journals do not say already. */
  #rememberedOf(source: string, there: ReadonlyMap<string, readonly string[]>): Remembered | undefined {
    const id = this.#input.stage.known.get(source)?.id ?? '';
    const witness = this.#witnessOf(source);
    const open = [...there.keys()].filter((attribute) => witness.isOpen(attribute));
    const references = new Map<string, readonly string[]>();
    for (const [attribute, values] of there) {
      if (this.#kinds.get(attribute)?.type !== kind.reference) continue;
      const made = values.filter((value) => this.#earlier.madeAs(value) ?? this.#earlier.saidOf(value));
      if (made.length > 0) references.set(attribute, made);
    }
    const isLeft = this.#earlier.left.attributesOf(id).size > 0;
    return open.length > 0 || references.size > 0 || isLeft ? { open, references } : undefined;
  }

  #witnessOf(source: string) {
    const { stage } = this.#input;
    const object = { id: stage.known.get(source)?.id ?? '', isItself: stage.isItself(source) };
    return witnessOf(object, {
      earlier: this.#earlier,
      backup: identityOf(stage.context.manifest),
      newAttributes: this.#newAttributes,
      newNow: this.#newNow,
      nameOf: this.#nameOf,
      sourceOf: this.#sourceOf,
    });
  }

  #judge(stored: ApiRecord, right: ReadonlyMap<string, readonly string[]>): Judgement[] {
    const { stage } = this.#input;
    const { refersBy } = stage.known.get(String(stored.id)) ?? {};
    const witness = this.#witnessOf(String(stored.id));
    const { targetAttribute, attribute } = stage;
    const extra = refersBy ? undefined : this.#setBack.emptyOf(stored, { sourceOf: this.#sourceOf, attribute });
    return judgeObject(stage.prepare(stored), right, { targetAttribute, witness, extra }).filter(
      ({ attribute: { source } }) => !refersBy || refersBy.includes(source),
    );
  }

  #stored(number: number): Promise<ApiRecord> {
    return this.#storedIn(this.#shards[number] ?? -1, this.#ids[number] ?? '');
  }

  async #storedIn(shard: number, id: string): Promise<ApiRecord> {
    const object = (await this.#input.stage.objects(shard)).get(id);
    if (!object) throw new Error(`The backup does not hold object ${id} any more.`);
    return object;
  }

  /** Objects of a type of ours that this restore does not know: somebody else's, or made twice. */
  async #judgeStrangers(): Promise<void> {
    const { services, run, stage } = this.#input;
    const ofTypes = Map.groupBy(this.#strangers, ({ typeId }) => typeId);
    for (const { source: type, finish, where } of stage.configuration.types) {
      const typeId = stage.map.types[type]?.target ?? '';
      const strangers = ofTypes.get(typeId) ?? [];
      const twice = madeTwice(strangers, await this.#counterparts(strangers), where);
      for (const difference of twice) this.#findings.differ(difference);
      if (!finish || strangers.length === 0) continue;
      const before = (await readBefore(services.work, run.restore, new Set([typeId]))).get(typeId);
      const told = new Set(twice.map(({ target }) => target));
      const what = 'it is on the target, and this restore did not make it';
      for (const { id } of strangers) {
        const difference: Difference = { kind: 'object', source: '', target: id, where, what };
        if (!before?.has(id) && !told.has(id)) this.#findings.differ(difference);
      }
    }
  }

  /** What is known of the objects of the backup that restores have made these of. */
  async #counterparts(strangers: readonly Stranger[]) {
    const labels = new Map<string, string>();
    for (const { id } of strangers) {
      const source = this.#earlier.sourceOf(id);
      const number = source === undefined ? -1 : this.#ids.indexOf(source);
      if (source !== undefined && number >= 0) {
        labels.set(source, labelDigest(textOf((await this.#stored(number)).label) ?? ''));
      }
    }
    return {
      sourceOf: (target: string) => this.#earlier.sourceOf(target),
      counterpartOf: (source: string) =>
        this.#input.stage.known.get(source)?.id ?? this.#earlier.allMade(source).at(-1)?.target,
      labels,
    };
  }
}

function strangerOf({ object, typeId }: SeenObject): Stranger {
  const key = textOf(object.objectKey) ?? '';
  return { typeId, id: idOf(object), key, label: labelDigest(textOf(object.label) ?? '') };
}
