import { comparableValues, kindsOf, objectDigest } from '../../comparison/object-values.ts';
import { NotFoundError, PermissionRefusedError } from '../../errors.ts';
import { idOf, type ObjectId, type ObjectTypeId, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, isRecord, type Json } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import { type AttributeKind, kind } from '../../reading/attribute-kinds.ts';
import { accountOf, creatorIn } from '../../reading/history-entry.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { AsLeft } from './as-left.ts';
import type { ObjectMade, ObjectsMade } from './made-objects.ts';
import type { OwnComments } from './own-comments.ts';
import type { OwnLinks } from './own-links.ts';
import type { UntouchedObject } from './undo-files.ts';

/** What has become of an object that a restore has made. */
export type Looked =
  | 'gone'
  | { readonly touched: string }
  | { readonly untouched: UntouchedObject; readonly found: ApiRecord; readonly comments: readonly Json[] };

interface LookInput {
  readonly reader: AssetsReader;
  readonly stage: ObjectStage;
  readonly asLeft: AsLeft;
  readonly comments: OwnComments;
  readonly made: ObjectsMade;
  readonly links: OwnLinks;
  /** Whether an undo has deleted it already. */
  readonly isDeleted: (id: string) => boolean;
}

/**
 * Looks whether somebody has touched an object since a restore made it. Only what is known not to be so counts as untouched: what
 * the site does not tell counts as touched.
 */
export class ObjectLook {
  readonly #input: LookInput;
  readonly #kinds = new Map<string, Promise<ReadonlyMap<string, AttributeKind | undefined>>>();

  constructor(input: LookInput) {
    this.#input = input;
  }

  async look(made: ObjectMade): Promise<Looked> {
    const { target, type } = made.entry;
    const found = await this.#input.reader.object(target as ObjectId);
    if (!found) return 'gone';
    if (typeIdOf(found) !== type) return { touched: 'somebody has moved it to another object type' };
    try {
      const touched = attached(found) ?? (await this.#changed(made, found));
      if (touched !== undefined) return { touched };
      const used = await this.#used(made, found);
      if ('touched' in used) return used;
      return { found, untouched: await this.#untouched(made, found), comments: used.comments };
    } catch (error) {
      if (!(error instanceof PermissionRefusedError || error instanceof NotFoundError)) throw error;
      return { touched: 'the site does not tell this login all that would show whether somebody has touched it' };
    }
  }

  /** Kinds of the attributes of a type, whose values the site does not make itself. */
  kindsOf(type: string): Promise<ReadonlyMap<string, AttributeKind | undefined>> {
    const known = this.#kinds.get(type) ?? this.#input.reader.attributes(type as ObjectTypeId).then(kindsOf);
    this.#kinds.set(type, known);
    return known;
  }

  async #changed({ source, shard, entry }: ObjectMade, found: ApiRecord): Promise<string | undefined> {
    const { stage, asLeft, isDeleted } = this.#input;
    const stored = (await stage.objects(shard)).get(source);
    if (!stored) return 'the backup does not hold it any more, so nobody can say how it was left';
    const now = comparableValues(found, await this.kindsOf(entry.type));
    const [changed] = asLeft.changedIn(entry, stored, now, isDeleted);
    if (changed === undefined) return undefined;
    const name = asLeft.nameOf(changed) ?? 'an attribute that the restore did not write';
    return asLeft.wasWrong(entry.target, changed)
      ? `${name} differs from what the restore wrote, and did so when it came to its end`
      : `somebody has changed ${name}`;
  }

  async #used(
    made: ObjectMade,
    found: ApiRecord,
  ): Promise<{ readonly touched: string } | { readonly comments: readonly Json[] }> {
    const { reader, comments: own, links } = this.#input;
    const id = made.entry.target as ObjectId;
    const [history, comments, tickets] = await Promise.all([
      reader.history(id),
      reader.comments(id),
      reader.connectedTickets(id),
    ]);
    if (!comments.offered) return { touched: 'the site does not list its comments' };
    if (tickets === undefined) return { touched: 'the site does not say whether an issue is connected to it' };
    const isOurs = (issue: string) => links.isOurs(issue, id);
    // What the site says beside the list nobody can tell from what the restore wrote.
    const isTold = tickets.length > 0 || !hasIssues(found);
    if (!isTold || !tickets.every(isOurs)) return { touched: 'an issue is connected to it' };
    if (!(await own.areAll(made, comments.value))) return { touched: 'somebody has commented on it' };
    const touched = historyOfOthers(history);
    return touched === undefined ? { comments: comments.value } : { touched };
  }

  async #untouched({ source, entry }: ObjectMade, found: ApiRecord): Promise<UntouchedObject> {
    const { reader, made } = this.#input;
    const { target, type, key } = entry;
    const kinds = await this.kindsOf(type);
    const values = [...comparableValues(found, kinds)].map(([id, texts]) => {
      const isReference = kinds.get(id)?.type === kind.reference;
      return { id, texts, ours: isReference ? texts.filter((text) => made.has(text)) : [] };
    });
    return {
      ...{ source, target, type, key },
      refersTo: values.flatMap(({ ours }) => [...new Set(ours)]),
      inbound: await reader.inboundReferences(idOf(found)),
      digest: objectDigest(
        new Map(values.map(({ id, texts, ours }) => [id, texts.filter((text) => !ours.includes(text))])),
      ),
    };
  }
}

function attached({ extendedInfo }: ApiRecord): string | undefined {
  const { attachmentsExists } = isRecord(extendedInfo) ? extendedInfo : {};
  if (attachmentsExists === true) return 'somebody has attached something to it';
  return attachmentsExists === false ? undefined : 'the site does not say whether something is attached to it';
}

function hasIssues({ extendedInfo }: ApiRecord): boolean {
  return isRecord(extendedInfo) && extendedInfo.openIssuesExists === true;
}

/** Whoever has created it is the account of the restore. */
function historyOfOthers(history: readonly Json[]): string | undefined {
  const creator = creatorIn(history);
  if (creator === undefined) return 'its history does not say who has created it';
  const isOfOthers = history.some((entry) => !isRecord(entry) || accountOf(entry) !== creator);
  return isOfOthers ? 'somebody else has changed it' : undefined;
}
