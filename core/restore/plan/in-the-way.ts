import { valuesDigest } from '../../comparison/object-values.ts';
import { comparable } from '../../comparison/spellings.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Loss } from '../../model/restore.ts';
import type { AttributeFields } from '../../ports/assets-writer.ts';
import { isSelect } from '../../reading/attribute-kinds.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { demanded, type Relaxation, relaxedReason } from '../configuration/relaxation.ts';
import {
  type AttributeInForce,
  type Demand,
  demandsInWords,
  demandWords,
  refusedValues,
  relaxedField,
  restrictionsInForce,
  unknowable,
  withOptions,
} from '../configuration/restrictions-in-force.ts';
import { toBeMade } from '../id-map/witness.ts';
import type { ConfigurationPlan, OutsideTarget } from '../plan-files.ts';
import type { Judgement } from '../values/judge-object.ts';
import type { PreparedObject } from '../values/prepare-object.ts';
import type { LastChanges } from './last-changes.ts';
import { type NeededReference, needsInCircles, roundsOf } from './makeable-objects.ts';
import { type ExistingInput, ExistingJudge, type LookedAt } from './objects-there.ts';
import { notRestored } from './outside-references.ts';
import type { ObjectDecision } from './plan-objects.ts';

interface InTheWayInput extends ExistingInput {
  readonly plan: ConfigurationPlan;
  /** As it is where nothing is relaxed. */
  readonly live: LiveConfiguration;
  /** Objects that cannot be made become conflicts. */
  readonly decisions: (ObjectDecision | undefined)[];
  /** What refers to those is told. */
  readonly outside: Map<string, OutsideTarget>;
  readonly lastChanges: LastChanges | undefined;
  readonly isRelaxed: boolean;
}

/** Which references an object cannot be made without, by source ids of the attributes, and in which round it can be. */
export interface NeededOrder {
  readonly attributes: ReadonlySet<string>;
  readonly rounds: ReadonlyMap<number, number>;
}

interface InTheWay {
  /** With the options that values in use need, and with what is relaxed. */
  readonly plan: ConfigurationPlan;
  /** Of values that the target will not take. */
  readonly losses: readonly Loss[];
  readonly order: NeededOrder;
}

/**
 * Holds the objects that are to be made, and the values that are to be written to others, against what the attributes of the target
 * demand already: what is in their way is relaxed, where the input says so, else objects that cannot be made are conflicts, and values
 * that will not be taken are losses. Reads the backup's objects of such types once more. Options in use of selects that are made
 * anew are found on the same way.
 */
export async function findInTheWay(input: InTheWayInput): Promise<InTheWay> {
  for (;;) {
    const search = new Search(input);
    await search.run();
    const found = search.end();
    // What refers to an object that cannot be made has a value less, and that may change what it meets.
    if (!search.hasRefused) return found;
  }
}

/** What the values of one attribute of an object meet. */
interface Offence {
  readonly attribute: AttributeInForce;
  readonly broken: readonly Demand[];
  /** How many values are not taken. */
  readonly values: number;
}

class Search {
  /** Whether there is a conflict that was none before. */
  hasRefused = false;
  readonly #input: InTheWayInput;
  readonly #inForce: ReadonlyMap<string, readonly AttributeInForce[]>;
  readonly #targetType: ReadonlyMap<string, string | undefined>;
  /** Source ids of selects that this restore makes, and the options that values have. */
  readonly #selects: ReadonlyMap<string, Set<string>>;
  readonly #attributes = new Map<string, AttributeInForce>();
  /** By the target's id of the attribute. */
  readonly #relaxed = new Map<string, Set<Demand>>();
  readonly #used = new Map<string, Set<string>>();
  readonly #needs: NeededReference[] = [];
  /** By attribute and value: who has it already, for attributes that are unique on the target alone. */
  readonly #holders = new Map<string, number[]>();
  readonly #losses = new Map<number, Loss[]>();
  /** Numbers of the shards, and source ids of the types, of which objects are to be made. */
  readonly #making = { shards: new Set<number>(), types: new Set<string>() };
  readonly #judge: ExistingJudge;

  constructor(input: InTheWayInput) {
    this.#input = input;
    const { plan, live } = input;
    this.#judge = new ExistingJudge(input);
    this.#inForce = restrictionsInForce(plan, live);
    this.#targetType = new Map(plan.types.map((type) => [type.source, type.target]));
    const made = plan.attributes.filter(({ finish, kind }) => finish && kind && isSelect(kind));
    this.#selects = new Map(made.map(({ source }) => [source, new Set<string>()]));
    for (const attribute of [...this.#inForce.values()].flat()) this.#attributes.set(attribute.id, attribute);
    const { scan } = input;
    for (const [number, shard] of scan.shardOf.entries()) {
      if (!this.#isMade(number)) continue;
      this.#making.shards.add(shard);
      this.#making.types.add(scan.shards[shard]?.typeId ?? '');
    }
  }

  async run(): Promise<void> {
    const { scan, reading } = this.#input;
    const shards = [...scan.shards.entries()];
    for (const [shard, { typeId }] of shards) {
      const unique = this.#demanding(typeId).filter((attribute) => this.#isUniqueHere(attribute));
      if (unique.length === 0 || !this.#making.types.has(typeId)) continue;
      for (const { object, number, decision } of await this.#objectsOf(shard)) {
        if (decision.target) this.#holdUnique(object, number, unique);
      }
    }
    for (const [shard, { typeId }] of shards) {
      const isDemanding = this.#demanding(typeId).length > 0;
      const differing = isDemanding ? await reading.differing.ofShard(shard) : new Map<number, ApiRecord>();
      const isMaking = this.#making.shards.has(shard) && (isDemanding || this.#selects.size > 0);
      if (!isMaking && differing.size === 0) continue;
      for (const looked of await this.#objectsOf(shard)) {
        const { object, number, decision } = looked;
        if (decision.action === 'create') this.#meet(object, number, typeId);
        else if (differing.has(number)) this.#meetWritten({ ...looked, differing: differing.get(number) }, typeId);
      }
    }
  }

  async #objectsOf(shard: number): Promise<LookedAt[]> {
    const { source, scan, decisions } = this.#input;
    const file = scan.shards[shard]?.file;
    const objects = file ? await source.objects(file) : [];
    return [...objects].flatMap((object) => {
      const number = scan.numberOf.get(String(object.id)) ?? -1;
      const decision = scan.shardOf[number] === shard ? decisions[number] : undefined;
      return decision ? [{ object, number, decision, differing: undefined }] : [];
    });
  }

  #meet(object: ApiRecord, number: number, typeId: string): void {
    const prepared = this.#judge.prepareNew(object);
    for (const [source, used] of this.#selects) for (const text of prepared.values.get(source) ?? []) used.add(text);
    for (const attribute of this.#demanding(typeId)) this.#meetAttribute(object, number, { prepared, attribute });
  }

  end(): InTheWay {
    const { plan } = this.#input;
    const order = this.#input.isRelaxed ? this.#relaxCircles() : this.#refuseCircles();
    const attributes = plan.attributes.map((attribute) => {
      const used = this.#selects.get(attribute.source);
      const options = withOptions(attribute.fields.options ?? '', used ?? []);
      return used && options !== '' ? { ...attribute, fields: { ...attribute.fields, options } } : attribute;
    });
    const relaxed = this.#relaxations();
    return {
      plan: { ...plan, attributes: attributes.map((attribute) => withRelaxation(attribute, relaxed)), relaxed },
      losses: [...this.#losses].flatMap(([number, losses]) => (this.#isWritten(number) ? losses : [])),
      order,
    };
  }

  /** What is in force of a type of the backup. */
  #demanding(typeId: string): readonly AttributeInForce[] {
    return this.#inForce.get(this.#targetType.get(typeId) ?? '') ?? [];
  }

  #meetAttribute(
    object: ApiRecord,
    number: number,
    { prepared, attribute }: { readonly prepared: PreparedObject; readonly attribute: AttributeInForce },
  ): void {
    const { demands, planned, id } = attribute;
    const values = prepared.values.get(planned?.source ?? '') ?? [];
    const offence = this.#offence(attribute, values, number);
    const { broken } = offence;
    const isShort = values.length < demands.minimumCardinality;
    if (this.#input.isRelaxed) {
      for (const demand of broken) this.#relax(id, demand);
      if (isShort) this.#relax(id, 'required');
    } else if (isShort || (broken.length > 0 && demands.minimumCardinality > 0)) {
      this.#refuse(
        number,
        attribute,
        broken.length > 0 ? demandsInWords(broken) : 'the backup has none that the target has',
      );
    } else if (broken.length > 0) this.#lose(object, number, offence);
    if (!isShort && demands.minimumCardinality > 0) this.#need(number, attribute, values);
  }

  /** What is written to an object that is there is lost where it is not taken: nobody has to make the object. */
  #meetWritten({ object, number, decision, differing }: LookedAt, typeId: string): void {
    const existing = this.#judge.existing(object, decision, differing);
    if (!existing || existing === 'moved') return;
    const { target, judged, prepared } = existing;
    const isWritten = (judgement: Judgement) =>
      judgement.verdict === 'write' || this.#judge.isSet(decision, target, judgement, this.#input.lastChanges);
    const written = new Map(judged.filter(isWritten).map((judgement) => [judgement.attribute.source, judgement]));
    for (const attribute of this.#demanding(typeId)) {
      const source = attribute.planned?.source ?? '';
      const judgement = written.get(source);
      if (!judgement) continue;
      const values = prepared.values.get(source) ?? [];
      const isShort = values.length < attribute.demands.minimumCardinality;
      const offence = this.#offence(attribute, values, number);
      const broken = isShort ? [...offence.broken, 'required' as const] : offence.broken;
      if (this.#input.isRelaxed) for (const demand of broken) this.#relax(attribute.id, demand);
      // What stands there already stays, however much it is.
      const lost = Math.min(offence.values, judgement.missing.length || offence.values);
      if (!this.#input.isRelaxed && broken.length > 0) this.#lose(object, number, { attribute, broken, values: lost });
    }
  }

  /** By what an attribute does not take values, and how many; what only the site can judge is no more than suspected. */
  #offence(attribute: AttributeInForce, values: readonly string[], number: number): Offence {
    const { demands, id } = attribute;
    const isRefused: Readonly<Partial<Record<Demand, (text: string) => boolean>>> = {
      ...refusedValues(attribute),
      ...(this.#isUniqueHere(attribute) && { unique: (text) => this.#isHeld(attribute, text, number) }),
    };
    const broken = new Set<Demand>();
    const taken = values.filter((text) => {
      const by = Object.entries(isRefused).flatMap(([demand, refuses]) => (refuses(text) ? [demand as Demand] : []));
      for (const demand of by) broken.add(demand);
      if (by.includes('options')) this.#used.set(id, (this.#used.get(id) ?? new Set()).add(text));
      return by.length === 0;
    });
    const most = demands.maximumCardinality < 0 ? values.length : demands.maximumCardinality;
    if (values.length > most) broken.add('most');
    if (this.#input.isRelaxed && values.length > 0) for (const demand of unknowable(attribute)) broken.add(demand);
    return { attribute, broken: [...broken], values: values.length - Math.min(taken.length, most) };
  }

  /** Values that are unique in the backup as well are not doubled. */
  #isUniqueHere({ demands, planned }: AttributeInForce): boolean {
    return demands.uniqueAttribute && planned?.restrictions.uniqueAttribute === false;
  }

  #isHeld(attribute: AttributeInForce, text: string, number: number): boolean {
    const name = `${attribute.id} ${valuesDigest([comparable(text, attribute.kind)])}`;
    const holders = this.#holders.get(name) ?? [];
    this.#holders.set(name, [...holders, number]);
    return holders.some((holder) => holder !== number);
  }

  /** An object that is there has the values of the backup, as far as anybody knows. */
  #holdUnique(object: ApiRecord, number: number, unique: readonly AttributeInForce[]): void {
    const { values } = this.#judge.prepareNew(object);
    for (const attribute of unique) {
      for (const text of values.get(attribute.planned?.source ?? '') ?? []) this.#isHeld(attribute, text, number);
    }
  }

  #need(number: number, { id, demands }: AttributeInForce, values: readonly string[]): void {
    const { scan } = this.#input;
    const made = values.flatMap((value) => {
      if (!value.startsWith(toBeMade(''))) return [];
      return scan.numberOf.get(value.slice(toBeMade('').length)) ?? [];
    });
    const least = demands.minimumCardinality - (values.length - made.length);
    if (least > 0) this.#needs.push({ object: number, attribute: id, least, made });
  }

  #relax(attribute: string, demand: Demand): void {
    this.#relaxed.set(attribute, (this.#relaxed.get(attribute) ?? new Set()).add(demand));
  }

  #isWritten(number: number): boolean {
    return this.#input.decisions[number]?.action !== 'conflict';
  }

  #isMade(number: number): boolean {
    return this.#input.decisions[number]?.action === 'create';
  }

  #refuse(number: number, { name }: AttributeInForce, why: string): void {
    const { decisions, outside, scan } = this.#input;
    this.hasRefused = true;
    const reason = `its attribute ${name} is required on the target, and cannot have a value when it is made (${why}): make it optional there, or have it relaxed until the objects are made (--relax-constraints)`;
    decisions[number] = { action: 'conflict', reason, precondition: 'none' };
    outside.set(scan.ids[number] ?? '', { lost: notRestored(reason) });
  }

  #lose(object: ApiRecord, number: number, { attribute, broken, values }: Offence): void {
    const { name } = attribute;
    const source = String(object.id);
    const where = textOf(object.objectKey) ?? source;
    const reason = `the target does not take it: ${demandsInWords(broken)} there`;
    const losses = this.#losses.get(number) ?? [];
    losses.push({ kind: 'object', source, where, attribute: name, values, reason });
    this.#losses.set(number, losses);
  }

  /** Where nobody relaxes them, whoever needs an object that cannot be made cannot be made either. */
  #refuseCircles(): NeededOrder {
    const needs = this.#openNeeds();
    const { rounds, blocked } = roundsOf(needs);
    const circles = needsInCircles(blocked);
    for (const need of blocked) {
      const { object } = need;
      const attribute = this.#attributes.get(need.attribute);
      const why = circles.has(need)
        ? 'it refers to objects that are made in a circle with it'
        : 'it refers to an object that cannot be made';
      if (attribute && this.#isMade(object)) this.#refuse(object, attribute, why);
    }
    return { attributes: this.#sourcesOf(needs), rounds };
  }

  #relaxCircles(): NeededOrder {
    for (;;) {
      const needs = this.#openNeeds();
      const { rounds, blocked } = roundsOf(needs);
      if (blocked.length === 0) return { attributes: this.#sourcesOf(needs), rounds };
      const circles = needsInCircles(blocked);
      for (const { attribute } of circles.size > 0 ? circles : blocked) this.#relax(attribute, 'required');
    }
  }

  #openNeeds(): NeededReference[] {
    return this.#needs
      .filter(({ object, attribute }) => this.#isMade(object) && !this.#relaxed.get(attribute)?.has('required'))
      .map((need) => ({ ...need, made: need.made.filter((number) => this.#isMade(number)) }));
  }

  #sourcesOf(needs: readonly NeededReference[]): Set<string> {
    return new Set(needs.flatMap(({ attribute }) => this.#attributes.get(attribute)?.planned?.source ?? []));
  }

  #relaxations(): Relaxation[] {
    return [...this.#relaxed].flatMap(([id, demands]) => {
      const attribute = this.#attributes.get(id);
      if (!attribute) return [];
      const { where, type, planned } = attribute;
      const fields = [...demands].map((demand) => relaxedField(attribute, demand, this.#used.get(id) ?? new Set()));
      const all = (of: (pair: (typeof fields)[number]) => AttributeFields) => Object.assign({}, ...fields.map(of));
      const because = [...demands].sort().map((demand) => demandWords[demand].says);
      const ids = { source: planned?.source ?? id, type, id };
      return { where, because, ...ids, before: all(({ before }) => before), meanwhile: all((pair) => pair.meanwhile) };
    });
  }
}

/** In the plan the attribute is changed, and what it demands has to be as it was seen. */
function withRelaxation(
  attribute: ConfigurationPlan['attributes'][number],
  relaxed: readonly Relaxation[],
): ConfigurationPlan['attributes'][number] {
  const relaxation = relaxed.find(({ source, id }) => source === attribute.source && id === attribute.target);
  if (!relaxation) return attribute;
  const reason = relaxedReason(relaxation);
  return { ...attribute, action: 'update', reason, precondition: demanded(relaxation) };
}
