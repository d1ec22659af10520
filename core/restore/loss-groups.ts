import { counted } from '../counted.ts';
import { type Loss, type LossGroup, lostValuesOf } from '../model/restore.ts';

const shownOfGroup = 3;
/** Reasons in a site's own words may all differ: what is over counts, and stands in the files only. */
const mostGroups = 1_000;

interface OpenGroup {
  losses: number;
  values: number;
  objects: number;
  last: string;
  readonly first: Loss[];
}

/** Puts losses together that one sentence names: those of an attribute, or of whole things of a kind, for one reason. */
export class LossGroups {
  readonly #groups = new Map<string, OpenGroup>();

  /** Those that lose the most come first. */
  get grouped(): LossGroup[] {
    const groups = [...this.#groups.values()].toSorted((a, b) => b.values - a.values);
    return groups.map(({ losses, values, objects, first }) => ({ losses, values, objects, first }));
  }

  /** Losses of one object are added one after the other. */
  add(loss: Loss): void {
    const { kind, attribute, reason, refersTo, source } = loss;
    const name = JSON.stringify([kind, schemaOf(loss), attribute, reason, refersTo !== undefined]);
    let group = this.#groups.get(name);
    if (!group) {
      if (this.#groups.size === mostGroups) return;
      group = { losses: 0, values: 0, objects: 0, last: '', first: [] };
      this.#groups.set(name, group);
    }
    group.losses += 1;
    group.values += lostValuesOf(loss);
    if (group.last !== source) group.objects += 1;
    group.last = source;
    if (group.first.length < shownOfGroup) group.first.push(loss);
  }
}

/**
 * Losses for people, with the values that each line stands for: `ASSETS-670 Vendor: ASSETS-667 → ASSETS-2555 (reason)`, and of
 * many `ASSETS Vendor: 300 references of 210 objects (reason), such as ASSETS-670: ASSETS-667 → ASSETS-2555, ...`.
 */
export function lossLines(groups: readonly LossGroup[]): { readonly text: string; readonly values: number }[] {
  return groups.flatMap((group) =>
    group.losses > group.first.length
      ? [{ text: groupLine(group), values: group.values }]
      : group.first.map((loss) => ({ text: lossLine(loss), values: lostValuesOf(loss) })),
  );
}

function lossLine(loss: Loss): string {
  const { kind, where, attribute, values, reason } = loss;
  if (attribute !== undefined) return `${where} ${attribute}: ${whatIsLost(loss)} (${reason})`;
  return `${wordOf(kind)} ${where}${values > 1 ? `: ${counted(values, 'value')}` : ''} (${reason})`;
}

function groupLine({ losses, values, objects, first }: LossGroup): string {
  const [one] = first;
  if (!one) return '';
  const { kind, attribute, reason, refersTo } = one;
  const schema = schemaOf(one);
  const place = [schema, attribute].filter((name) => name !== undefined).join(' ');
  // Of an object several comments may be lost in one: then what adds up is the values.
  const amount =
    attribute === undefined && (kind !== 'comment' || values === losses)
      ? counted(losses, wordOf(kind))
      : `${counted(values, refersTo ? 'reference' : 'value')} of ${counted(objects, 'object')}`;
  const examples = first.map((loss) => (loss.refersTo ? `${loss.where}: ${whatIsLost(loss)}` : loss.where));
  return `${place === '' ? '' : `${place}: `}${amount} (${reason}), such as ${examples.join(', ')}`;
}

/** `ASSETS-667 → ASSETS-2555`: what a reference led to, and the key that this has now, where it is another one. */
function whatIsLost({ values, refersTo }: Loss): string {
  if (!refersTo) return counted(values, 'value');
  const { key, now } = refersTo;
  return now === null || now === key ? key : `${key} → ${now}`;
}

/** The schema of an object, by its key. */
function schemaOf({ kind, where }: Loss): string | undefined {
  return kind === 'object' ? where.match(/^(\S+)-\d+$/)?.[1] : undefined;
}

const wordOf = (kind: Loss['kind']) => kind.replaceAll('-', ' ');
