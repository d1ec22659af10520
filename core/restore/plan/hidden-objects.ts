import {
  type CountedSchema,
  countAnew,
  countedByLists,
  type HiddenCounts,
  moreThanSeen,
} from '../../comparison/hidden-counts.ts';
import { counted, readableCount } from '../../counted.ts';
import { countIn } from '../../model/json.ts';
import type { AssetsReader, Offered, Usage } from '../../ports/assets-reader.ts';
import type { LiveConfiguration, LiveSchema } from '../../reading/live-configuration.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { TargetReading } from './target-reading.ts';

/** Reads by id of one plan, before it takes for hidden what may only be missing in the search: most of a minute. */
const mostAsked = 1_000;

/** Why nothing is created: in some types, or in a whole schema. */
interface Hidden {
  readonly inTypes: ReadonlyMap<string, string>;
  readonly inSchema: string | undefined;
}

interface HidingInput {
  readonly reader: AssetsReader;
  readonly reading: TargetReading;
  readonly target: LiveConfiguration;
  readonly scan: StoredObjects;
  readonly plan: ConfigurationPlan;
  readonly usage: Offered<Usage>;
  readonly decide: () => (ObjectDecision | undefined)[];
}

/** What becomes of each object where this login does not see all: nothing is made where what it would be may be hidden. */
export interface DecidedObjects {
  readonly decisions: (ObjectDecision | undefined)[];
  /** Why nothing is made in some of the target's schemas, by their ids. */
  readonly hiddenSchemas: ReadonlyMap<string, string>;
}

/**
 * Decides, and holds what would be made against what the site counts. Where it counts more than was read, the objects are read
 * once more by the next invocation, after the time that a search may lag behind, and undefined is given; where it still
 * counts more then, and asking by id does not find them, nothing is made there.
 */
export async function decideObjects(input: HidingInput): Promise<DecidedObjects | undefined> {
  const { reader, reading, usage, scan, plan, decide } = input;
  const seen = (typeId: string) => reading.countOf(typeId);
  const typeOf = new Map(plan.types.map((type) => [type.source, type.target]));
  const targetTypeOf = (number: number) => typeOf.get(scan.shards[scan.shardOf[number] ?? -1]?.typeId ?? '') ?? '';
  const reasonFor = ({ inTypes, inSchema }: Hidden, number: number) => inTypes.get(targetTypeOf(number)) ?? inSchema;
  const isDoubtful = ({ schema, numbers }: Creates) => {
    const hidden = reasonsOf(moreThanSeen(schema, countedByLists(schema, usage), seen));
    return numbers.some((number) => {
      const type = targetTypeOf(number);
      return reasonFor(hidden, number) !== undefined || (type !== '' && !reading.isProven(type));
    });
  };

  let decisions = decide();
  let creates = createsOf(input, decisions);
  const doubtful = creates.filter(isDoubtful);
  if (doubtful.length > 0 && !reading.anew) {
    await reading.readAnew(doubtful.map(({ schema }) => String(schema.record.id)));
    return undefined;
  }
  const counted = new Map<LiveSchema, CountedSchema>();
  for (const { schema } of doubtful) counted.set(schema, await countAnew(reader, schema, usage));
  const hidden = () =>
    new Map([...counted].map(([schema, counts]) => [schema, reasonsOf(moreThanSeen(schema, counts, seen))]));
  let now = hidden();
  const asks = creates.flatMap(({ schema, numbers }) =>
    numbers.flatMap((number) => {
      const of = now.get(schema);
      return of && reasonFor(of, number) !== undefined ? (decisions[number]?.asks ?? []) : [];
    }),
  );
  if (asks.length > 0 && asks.length <= mostAsked) {
    await reading.ask(asks);
    decisions = decide();
    creates = createsOf(input, decisions);
    now = hidden();
  }
  const hiddenSchemas = new Map<string, string>();
  for (const { schema, numbers } of creates) {
    const of = now.get(schema);
    if (of?.inSchema !== undefined) hiddenSchemas.set(String(schema.record.id), of.inSchema);
    for (const number of numbers) {
      const reason = of && reasonFor(of, number);
      if (reason === undefined) continue;
      decisions[number] = { action: 'conflict', reason, precondition: 'objects that this login does not see' };
    }
  }
  return { decisions, hiddenSchemas };
}

/** What would be made in a schema that exists, by the objects' numbers. */
interface Creates {
  readonly schema: LiveSchema;
  readonly numbers: readonly number[];
}

function createsOf(
  { scan, plan, target }: HidingInput,
  decisions: readonly (ObjectDecision | undefined)[],
): readonly Creates[] {
  const targets = new Map(plan.schemas.map((schema) => [schema.source, target.existing.get(schema.target ?? '')]));
  const creates = new Map<LiveSchema, number[]>();
  for (const [number, decision] of decisions.entries()) {
    const schema = targets.get(scan.shards[scan.shardOf[number] ?? -1]?.schemaId ?? '');
    if (decision?.action !== 'create' || !schema) continue;
    const numbers = creates.get(schema);
    if (numbers) numbers.push(number);
    else creates.set(schema, [number]);
  }
  return [...creates].map(([schema, numbers]) => ({ schema, numbers }));
}

/** Why no object type is made in some schemas, by the target's ids: there are more than this login sees. */
export function hiddenTypes({ existing }: LiveConfiguration): Map<string, string> {
  return new Map(
    [...existing].flatMap(([id, { record, types }]) => {
      const count = countIn(record.objectTypeCount) ?? 0;
      return count > types.length ? [[id, reasonOf(types.length, count, 'types')] as const] : [];
    }),
  );
}

function reasonsOf({ inTypes, inSchema }: HiddenCounts): Hidden {
  return {
    inTypes: new Map([...inTypes].map(([id, { seen, count }]) => [id, reasonOf(seen, count, 'type')])),
    inSchema: inSchema && reasonOf(inSchema.seen, inSchema.count, 'schema'),
  };
}

function reasonOf(seen: number, count: number, of: 'type' | 'schema' | 'types'): string {
  const what = {
    type: `${readableCount(seen)} of ${counted(count, 'object')} of this type: a role of the type hides the others; nothing is created in it`,
    schema: `${readableCount(seen)} of ${counted(count, 'object')} of this schema: a role of an object type hides the others, and nothing tells of which; nothing is created in the schema`,
    types: `${readableCount(seen)} of ${counted(count, 'object type')} of this schema: a role hides the others, of which this may be one; it is not made`,
  };
  return `this login sees ${what[of]}`;
}
