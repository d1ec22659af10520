import type { StoredObject } from '../simulator/site/records.ts';
import type { SimulatedSite } from '../simulator/site/simulated-site.ts';

export interface Comparison {
  /** All of it is there, and nothing besides. */
  readonly isEqual: boolean;
  readonly sentence: string;
}

/** What objects are apart from ids and keys, which a restore cannot bring back: each goes by its type and name. */
interface Contents {
  readonly objects: readonly string[];
  readonly values: readonly string[];
  readonly comments: readonly { readonly object: string; readonly text: string }[];
}

/**
 * Remembers objects that are about to be lost. Gives a function that holds what the site has then against them: it looks
 * at the site itself and uses nothing of the product, whose mistakes it is to find.
 */
export function rememberObjects(site: SimulatedSite, doomed: readonly StoredObject[]): () => Comparison {
  const before = contentsOf(site, doomed);
  const others = new Set(site.objects.all().map(({ id }) => id));
  for (const { id } of doomed) others.delete(id);

  return () => {
    const after = contentsOf(
      site,
      [...site.objects.all()].filter(({ id }) => !others.has(id)),
    );
    const objects = before.objects.filter((name) => after.objects.includes(name));
    const values = before.values.filter((value) => after.values.includes(value));
    const comments = before.comments.filter(({ object, text }) =>
      // Who wrote it and when now stands in front of it.
      after.comments.some((comment) => comment.object === object && comment.text.includes(text)),
    );
    const isEqual =
      comments.length === before.comments.length &&
      isSame(before.objects, objects, after.objects) &&
      isSame(before.values, values, after.values);
    const back = `${objects.length} of ${before.objects.length} objects are back`;
    const what = `${share(values, before.values)} values and ${share(comments, before.comments)} comments`;
    return { isEqual, sentence: `${back}, with ${what}${isEqual ? '; their keys are new.' : ': not as they were!'}` };
  };
}

/** Remembers the owners of objects. Gives a function that says how many have theirs today. */
export function rememberOwners(site: SimulatedSite, objects: readonly StoredObject[]): () => Comparison {
  const ownerOf = (object: StoredObject) =>
    JSON.stringify([...object.values].filter(([id]) => site.attribute(id).name === 'Owner'));
  const before = new Map(objects.map((object) => [object.id, ownerOf(object)]));
  return () => {
    const same = objects.filter(({ id }) => {
      const object = site.objects.get(id);
      return object && ownerOf(object) === before.get(id);
    });
    const isEqual = same.length === objects.length;
    return { isEqual, sentence: `${same.length} of ${objects.length} laptops have the owner that they had.` };
  };
}

/** Remembers what issues hold, by the names of the objects. Gives a function that says how many hold the same today. */
export function rememberIssues(site: SimulatedSite): () => Comparison {
  const before = heldByIssues(site);
  return () => {
    const after = heldByIssues(site);
    const same = [...before].filter(([key, held]) => after.get(key) === held).length;
    const isEqual = same === before.size && after.size === before.size;
    return { isEqual, sentence: `${same} of ${before.size} issues of Jira hold what they held.` };
  };
}

/** By the key of the issue; of what is gone nothing is shown. */
function heldByIssues(site: SimulatedSite): Map<string, string> {
  const nameOf = (object: StoredObject) => `${site.type(object.typeId).name} ${site.label(object)}`;
  const named = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const object = site.objects.get(Number(id));
      return object ? [nameOf(object)] : [];
    });
  return new Map(
    [...site.issues.all()].map(({ key, values }) => [
      key,
      JSON.stringify([...values].flatMap(([field, ids]) => (named(ids).length > 0 ? [[field, named(ids)]] : []))),
    ]),
  );
}

/** Remembers a whole site. Gives a function that says whether it is the same today, ids and keys included, but for times and history. */
export function rememberSite(site: SimulatedSite): () => Comparison {
  const contents = () =>
    JSON.stringify([
      [...site.objects.all()].map(({ id, typeId, values }) => [id, typeId, [...values]]),
      [...site.objects.all()].map(({ id }) => site.commentsOf(id).map(({ text }) => text)),
      [...heldByIssues(site)],
      [...site.types.values()],
      [...site.attributes.values()],
    ]);
  const before = contents();
  return () => {
    const isEqual = contents() === before;
    const count = `${site.objects.size.toLocaleString('en-US')} objects`;
    return {
      isEqual,
      sentence: `The site is ${isEqual ? `as it was before the restore: ${count}, ids included.` : 'not as it was!'}`,
    };
  };
}

function contentsOf(site: SimulatedSite, objects: readonly StoredObject[]): Contents {
  const nameOf = (object: StoredObject) => `${site.type(object.typeId).name} ${site.label(object)}`;
  const valuesOf = ({ values }: StoredObject) =>
    [...values].flatMap(([id, texts]) => {
      const isReference = site.attribute(id).kind === 'reference';
      return texts.map((text, index) => {
        const target = isReference ? site.objects.get(Number(text)) : undefined;
        return [id, index, target ? nameOf(target) : text];
      });
    });
  return {
    objects: objects.map(nameOf),
    values: objects.flatMap((object) => valuesOf(object).map((value) => JSON.stringify([nameOf(object), ...value]))),
    comments: objects.flatMap((object) =>
      site.commentsOf(object.id).map(({ text }) => ({ object: nameOf(object), text })),
    ),
  };
}

function isSame({ length }: readonly string[], found: readonly string[], all: readonly string[]): boolean {
  return found.length === length && all.length === length;
}

/** `all 614` or `612 of 614`. */
function share(found: readonly unknown[], { length }: readonly unknown[]): string {
  return found.length === length ? `all ${length}` : `${found.length} of ${length}`;
}
