import { type Answer, errorAnswer, htmlPage } from './answer.ts';
import type { Fault } from './faults.ts';

/** The answer that a fault puts in place of the true one; undefined for faults that change or lose the true one. */
export function replacementAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'status': {
      const retryAfter: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
      const base = errorAnswer(fault.status, [`Simulated failure with status ${fault.status}`]);
      return {
        ...base,
        ...('body' in fault ? { json: fault.body } : {}),
        headers: { ...retryAfter, ...fault.headers },
      };
    }
    case 'html':
      return fault.body === undefined
        ? htmlPage(fault.status ?? 502)
        : { ...htmlPage(fault.status ?? 502), bytes: Buffer.from(fault.body) };
    case 'empty':
      return { status: 200 };
    case 'wrong-shape':
      return { status: 200, json: fault.body };
    default:
      return undefined;
  }
}

/** Faults after which nobody sees what the site would have answered; with the others the site does its work anyway. */
export function losesTrueAnswer(fault: Fault): boolean {
  return ['status', 'html', 'empty', 'wrong-shape', 'close', 'hang'].includes(fault.kind);
}

/** Drops or repeats an item of a list answer: the list itself, its `values`, or its `tickets`. */
export function changeList(json: unknown, index: number, change: 'drop-item' | 'repeat-item'): unknown {
  if (Array.isArray(json)) return changedItems(json, index, change);
  if (typeof json !== 'object' || json === null) return json;
  for (const key of ['values', 'tickets']) {
    const list: unknown = Reflect.get(json, key);
    if (Array.isArray(list)) return { ...json, [key]: changedItems(list, index, change) };
  }
  return json;
}

function changedItems(items: readonly unknown[], index: number, change: 'drop-item' | 'repeat-item'): unknown[] {
  if (index >= items.length) return [...items];
  return change === 'drop-item' ? items.toSpliced(index, 1) : items.toSpliced(index, 0, items[index]);
}
