import type { Json } from '../model/json.ts';

const [head, foot] = ['[\n', '\n]\n'];

/**
 * The items of a JSON list, one after the other. Of a list that has an item a line, as the files of a backup have it, no more than one is
 * in memory; any other is parsed whole. Throws SyntaxError where it is not JSON, maybe after some items.
 * @param list is one, or no JSON
 */
export function* listItems(list: string): Generator<Json> {
  const last = list.length - foot.length;
  let given = 0;
  for (let at = head.length; at < last && list.startsWith(head) && list.endsWith(foot); ) {
    const end = list.indexOf('\n', at);
    const isLast = end === last;
    if (isLast === (list[end - 1] === ',')) break;
    const item = parsed(list.slice(at, isLast ? end : end - 1));
    if (item === undefined) break;
    yield item;
    if (isLast) return;
    given += 1;
    at = end + 1;
  }
  // What was given were the first items of it, since JSON tells where a value ends.
  yield* (JSON.parse(list) as Json[]).slice(given);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
