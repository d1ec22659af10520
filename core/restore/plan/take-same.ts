import { pairsOfCsv } from '../../csv.ts';
import { WrongInputError } from '../../errors.ts';
import { type ObjectId, typeIdOf } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { RestoreChoices, RestoreRun, SameChoice } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import type { SameObject } from '../id-map/configuration-journal.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { Correspondence } from './correspondence.ts';
import type { ObjectDecision } from './plan-objects.ts';

/** Said of an object that is to be made, whatever looks like it. */
const none = 'none';

/** By source id; null: `none`. */
type SameFile = Readonly<Record<string, SameObject | null>>;

interface SameInput {
  readonly reader: AssetsReader;
  readonly work: WorkStore;
  readonly keys: RestoreKeys;
  readonly run: RestoreRun;
  readonly choices: RestoreChoices;
  readonly scan: StoredObjects;
  readonly correspondence: Correspondence;
  readonly earlier: EarlierRestores;
}

/**
 * Takes what the input says of objects that somebody has made by hand meanwhile. Each invocation of a plan goes by what the
 * first has found. Gives the numbers of those that are to be made all the same. Throws WrongInputError.
 */
export async function takeSame(input: SameInput): Promise<ReadonlySet<number>> {
  const { work, keys, run, choices, scan, correspondence, earlier } = input;
  const allTheSame = new Set<number>();
  if (choices.same.length === 0 && choices.sameFile === null) return allTheSame;
  const known = await readJson<SameFile>(work, keys.same);
  const said = known ?? (await new SameReader(input).read());
  if (!known) await writeJson(work, keys.same, said);
  for (const [source, same] of Object.entries(said)) {
    const number = scan.numberOf.get(source) ?? -1;
    earlier.unsay(correspondence.schemaOf(number)?.target ?? '', source);
    if (same) earlier.say({ ...same, source, restore: run.restore });
    else allTheSame.add(number);
  }
  return allTheSame;
}

/** What this restore is the first to say, of objects that it is about: for its journal. */
export function saidNow(
  restore: string,
  {
    scan,
    decisions,
    earlier,
  }: { scan: StoredObjects; decisions: readonly (ObjectDecision | undefined)[]; earlier: EarlierRestores },
): Record<string, SameObject> {
  const said: Record<string, SameObject> = {};
  for (const [number, decision] of decisions.entries()) {
    const same = decision?.target && earlier.saidOf(decision.target.id);
    if (same?.restore !== restore) continue;
    said[scan.ids[number] ?? ''] = { schema: same.schema, target: same.target, key: same.key };
  }
  return said;
}

class SameReader {
  readonly #input: SameInput;
  readonly #said = new Map<number, { readonly old: string; readonly is: string; readonly same: SameObject | null }>();

  constructor(input: SameInput) {
    this.#input = input;
  }

  async read(): Promise<SameFile> {
    const { choices, scan } = this.#input;
    const numbers = new Map(scan.keys.map((key, number) => [key, number]));
    const found: Record<string, SameObject | null> = {};
    for (const choice of [...choices.same, ...(await this.#ofFile())]) {
      const { old, is } = choice;
      const number = numbers.get(old) ?? scan.numberOf.get(old) ?? -1;
      const before = this.#said.get(number);
      if (before && before.is === is) continue;
      if (before) refuse(choice, `the input says already that ${old} is ${before.is}`);
      const same = await this.#same(number, choice);
      this.#said.set(number, { old, is, same: same ?? null });
      if (same !== undefined) found[scan.ids[number] ?? ''] = same;
    }
    return found;
  }

  async #ofFile(): Promise<SameChoice[]> {
    const { work, choices } = this.#input;
    if (choices.sameFile === null) return [];
    const file = await work.read(choices.sameFile);
    if (!file) throw new WrongInputError(`There is no file ${choices.sameFile} (sameFile) in the work store.`);
    return pairsOfCsv(file.text, ['old', 'is']).map(({ line, first: old, second: is }) => {
      if (old !== '' && is) return { old, is };
      throw new WrongInputError(
        `Line ${line} of the file of --same-file needs two columns: an object, and what it is.`,
      );
    });
  }

  /** Undefined where nothing new is said. */
  async #same(number: number, choice: SameChoice): Promise<SameObject | null | undefined> {
    const { run, correspondence, reader } = this.#input;
    const { old, is } = choice;
    const schema = correspondence.schemaOf(number);
    if (!schema || schema.isReferrer)
      refuse(choice, `the chosen schemas of the backup ${run.backup} have no object ${old}`);
    if (is === none) return null;
    const id = /^\d+$/.test(is) ? is : await reader.idOfKey(is);
    const there = id === undefined ? undefined : await reader.object(id as ObjectId);
    if (id === undefined || !there) refuse(choice, `the target has no object ${is} that this login sees`);
    const key = textOf(there.objectKey) ?? is;
    if (typeIdOf(there) !== correspondence.typeOf(number))
      refuse(choice, `${is} is of another object type than ${old}`);
    const taken =
      [...this.#said.values()].find(({ same }) => same?.target === id)?.old ?? this.#counterpartOf(id, number);
    if (taken !== undefined) refuse(choice, `${is} is ${taken} of the backup already`);
    const candidates = correspondence.candidates(number);
    if (candidates.some((candidate) => candidate.id === id)) return undefined;
    for (const { id: own } of candidates.filter(({ isItself, isOwn }) => isItself || isOwn)) {
      const itself = await reader.object(own as ObjectId);
      if (itself) refuse(choice, `${old} is there already, as ${textOf(itself.objectKey) ?? own}`);
    }
    return { schema: schema.target ?? '', target: id, key };
  }

  /** Key of another object of the backup that an object of the target is known to be. */
  #counterpartOf(id: string, number: number): string | undefined {
    const { correspondence, scan, earlier } = this.#input;
    const itself = scan.numberOf.get(id);
    const isItself =
      itself !== undefined &&
      correspondence.candidates(itself).some((candidate) => candidate.isItself && candidate.id === id);
    const source = isItself ? id : (earlier.sourceOf(id) ?? earlier.saidOf(id)?.source);
    if (source === undefined || source === scan.ids[number]) return undefined;
    return scan.keys[scan.numberOf.get(source) ?? -1] ?? source;
  }
}

function refuse({ old, is }: SameChoice, reason: string): never {
  throw new WrongInputError(`--same ${old}=${is}: ${reason}.`);
}
