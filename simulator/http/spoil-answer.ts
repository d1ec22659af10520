import { gzipSync } from 'node:zlib';
import type { Quirks } from '../site/quirks.ts';
import type { JsonObject } from '../site/raw-json.ts';
import { type Answer, errorAnswer, htmlPage } from './answer.ts';
import type { Fault } from './faults.ts';
import type { SimulatedRequest } from './request.ts';

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

/** Drops or repeats an item of a list answer: the list itself, its `values`, its `tickets`, or its `issues`. */
export function changeList(json: unknown, index: number, change: 'drop-item' | 'repeat-item'): unknown {
  if (Array.isArray(json)) return changedItems(json, index, change);
  if (typeof json !== 'object' || json === null) return json;
  for (const key of ['values', 'tickets', 'issues']) {
    const list: unknown = Reflect.get(json, key);
    if (Array.isArray(list)) return { ...json, [key]: changedItems(list, index, change) };
  }
  return json;
}

function changedItems(items: readonly unknown[], index: number, change: 'drop-item' | 'repeat-item'): unknown[] {
  if (index >= items.length) return [...items];
  return change === 'drop-item' ? items.toSpliced(index, 1) : items.toSpliced(index, 0, items[index]);
}

/** The bytes before so many blanks, which JSON allows, as gzip. */
export function packed(bytes: Buffer, blanks: number): Buffer {
  return gzipSync(Buffer.concat([bytes, Buffer.alloc(blanks, ' ')]));
}

const heavy = new Map<number, Buffer>();

/** JSON that weighs so much: many small records. Made once for all answers of a rule. */
export function heavyJson(bytes: number): Buffer {
  const known = heavy.get(bytes);
  if (known) return known;
  const record = '{"name":"weight","value":"0123456789 and so on and on"}';
  const records = Array.from({ length: Math.ceil(bytes / (record.length + 1)) }, () => record);
  const json = Buffer.from(`[${records.join()}]`);
  heavy.set(bytes, json);
  return json;
}

/** JSON of lists in lists. */
export function nestedJson(depth: number): Buffer {
  return Buffer.from('['.repeat(depth) + ']'.repeat(depth));
}

/** An answer whose records, all or the one of this id, have one field more: in pieces, so that many share a heavy value. */
export function withField(json: unknown, value: Buffer, id: string | number | undefined): Buffer[] {
  const marker = 'the value of a field that nothing documents';
  const marked = changeRecords(json, (record) =>
    id === undefined || String(record.id) === String(id) ? { ...record, undocumented: marker } : record,
  );
  const parts = JSON.stringify(marked).split(JSON.stringify(marker));
  return parts.flatMap((part, index) => (index === 0 ? [Buffer.from(part)] : [value, Buffer.from(part)]));
}

/** Which page of an endless list is asked for, and the request for the true first one. Pages of issues go by tokens. */
export function endlessRequest(
  request: SimulatedRequest,
  { maxPageSize = Number.POSITIVE_INFINITY }: Readonly<Quirks>,
): { readonly first: SimulatedRequest; readonly startAt: number; readonly maxResults: number } {
  const query = new URLSearchParams(request.query);
  query.set('startAt', '0');
  if (request.endpoint !== 'issue-search') {
    const startAt = Number(request.query.get('startAt') ?? 0);
    const maxResults = Math.min(Number(request.query.get('maxResults') ?? 25), maxPageSize);
    return { first: { ...request, query }, startAt, maxResults };
  }
  const { nextPageToken, ...body } = request.body as JsonObject;
  const startAt = Number(/\d+$/.exec(String(nextPageToken))?.[0] ?? 0);
  return { first: { ...request, query, body }, startAt, maxResults: Number(body.maxResults ?? 50) };
}

/** A page of a list that never ends, made of its true first page: the place of each record gives it its id. */
export function endlessPage(firstPage: unknown, startAt: number, maxResults: number): unknown {
  if (hasIssues(firstPage)) return { ...firstPage, nextPageToken: `endless-${startAt + maxResults}`, isLast: false };
  const first = recordsIn(firstPage);
  const page = Array.from({ length: maxResults }, (_, index) => {
    const at = startAt + index;
    const record = first[at % first.length];
    return at < first.length ? record : { ...record, ...inventedIds(record, at) };
  });
  if (Array.isArray(firstPage)) return page;
  return { ...Object(firstPage), startAt, values: page, isLast: false, last: false };
}

type AnyRecord = Record<string, unknown>;

function inventedIds(record: AnyRecord | undefined, at: number): AnyRecord {
  const number = 1_000_000_000 + at;
  const ids: AnyRecord = { id: String(number), objectKey: `X-${number}`, accountId: `${number}`, name: `${number}` };
  return Object.fromEntries(Object.entries(ids).filter(([field]) => record && field in record));
}

function recordsIn(json: unknown): AnyRecord[] {
  if (Array.isArray(json)) return json as AnyRecord[];
  return (hasIssues(json) ? json.issues : (json as { values: unknown[] }).values) as AnyRecord[];
}

function hasIssues(json: unknown): json is { readonly issues: unknown[] } {
  return typeof json === 'object' && json !== null && Array.isArray(Reflect.get(json, 'issues'));
}

function changeRecords(json: unknown, change: (record: AnyRecord) => AnyRecord): unknown {
  if (Array.isArray(json)) return json.map(change);
  if (hasIssues(json)) return { ...json, issues: (json.issues as AnyRecord[]).map(change) };
  const { values } = json as { values?: unknown };
  return Array.isArray(values) ? { ...Object(json), values: values.map(change) } : change(json as AnyRecord);
}
