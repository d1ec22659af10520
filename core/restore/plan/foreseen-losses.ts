import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Loss, RestoreChoices } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { type ListWriter, workList } from '../../work-store/list-writer.ts';
import type { ConfigurationPlan, OutsideTarget } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import { prepareObject, type Resolved, type ValueContext } from '../values/prepare-object.ts';
import { groupOf, type People, userOf, valueAttributes } from '../values/value-contexts.ts';
import { isWritten, type ObjectDecision } from './plan-objects.ts';

const shownLosses = 100;

/**
 * What is known to be lost before anything is written. All of it is listed in files; what no later step will come upon by
 * itself stands, and goes into the report from here.
 */
export class ForeseenLosses {
  readonly first: Loss[] = [];
  count = 0;
  values = 0;
  readonly #work: WorkStore;
  readonly #keys: RestoreKeys;
  readonly #lines: ListWriter<string>;
  readonly #standing: Loss[] = [];

  constructor(work: WorkStore, keys: RestoreKeys) {
    this.#work = work;
    this.#keys = keys;
    this.#lines = workList(work, keys.plannedLosses);
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  /** `comes`: the step that writes the object meets it again, and reports it. */
  async add(loss: Loss, when: 'stands' | 'comes'): Promise<void> {
    if (this.first.length < shownLosses) this.first.push(loss);
    this.count += 1;
    this.values += loss.values;
    if (when === 'stands') this.#standing.push(loss);
    await this.#lines.add(loss);
  }

  async close(): Promise<void> {
    await this.#lines.close();
    await writeJson(this.#work, this.#keys.losses('plan'), this.#standing);
  }
}

interface ObjectLossInput {
  readonly choices: RestoreChoices;
  readonly source: BackupSource;
  readonly plan: ConfigurationPlan;
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly outside: ReadonlyMap<string, OutsideTarget>;
  readonly people: People;
  readonly advance: (objects: number) => void;
}

/** Prepares every object as it will be, and notes what falls away. */
export async function addObjectLosses(losses: ForeseenLosses, input: ObjectLossInput): Promise<void> {
  const { source, plan, scan, decisions, outside, people, choices, advance } = input;
  const decisionOf = (id: string) => decisions[scan.numberOf.get(id) ?? -1];
  const statuses = new Set(plan.statusTypes.map(({ source: id }) => id));
  const made: ValueContext = {
    attribute: valueAttributes(plan, choices, scan.kindsOfValues),
    reference: (id) => planReference(id, decisionOf(id), outside),
    user: (id) => userOf(people, id),
    group: (name) => groupOf(people, name),
    status: (id) => (statuses.has(id) ? { value: id } : { lost: 'the backup does not hold the status that it names' }),
  };
  const itself = (value: string): Resolved => ({ value });
  const madeAnew = new Set(plan.attributes.flatMap(({ source: id, action }) => (action === 'create' ? [id] : [])));
  const survivor: ValueContext = {
    attribute(id) {
      const attribute = made.attribute(id);
      return attribute && madeAnew.has(id) ? { ...attribute, lost: survivorLacks } : attribute;
    },
    reference: (id) => (decisionOf(id)?.action === 'create' ? { lost: survivorKeeps } : itself(id)),
    user: itself,
    group: itself,
    status: itself,
  };
  for (const [number, shard] of scan.shards.entries()) {
    for (const object of await source.json<ApiRecord[]>(shard.file)) {
      const id = String(object.id);
      const decision = decisionOf(id);
      if (!decision || scan.shardOf[scan.numberOf.get(id) ?? -1] !== number) continue;
      for (const loss of decision.losses ?? []) await losses.add(loss, 'comes');
      if (decision.action === 'conflict' || decision.action === 'skip') {
        const where = textOf(object.objectKey) ?? id;
        await losses.add({ kind: 'object', source: id, where, values: 1, reason: decision.reason }, 'stands');
      } else if (isWritten(decision)) {
        for (const loss of prepareObject(object, made).losses) await losses.add(loss, 'comes');
      } else {
        for (const loss of prepareObject(object, survivor).losses) {
          const isNew = loss.reason === survivorLacks || (loss.reason === survivorKeeps && !decision.isOwn);
          if (isNew) await losses.add(loss, 'stands');
        }
      }
    }
    advance(shard.file.records);
  }
}

const survivorLacks =
  'the attribute is made anew, and this object is still there and is left as it is: set the value by hand';
const survivorKeeps =
  'the object that it refers to is made anew, and this object is still there and is left as it is: link them by hand';

function planReference(
  id: string,
  decision: ObjectDecision | undefined,
  outside: ReadonlyMap<string, OutsideTarget>,
): Resolved {
  if (decision?.action === 'create') return { value: id };
  if (decision?.target) return { value: decision.target.id };
  const found = outside.get(id);
  if (!found) return { lost: decision?.reason ?? 'it refers to an object that is not in the backup' };
  return 'lost' in found ? found : { value: found.id };
}
