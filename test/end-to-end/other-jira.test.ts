import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Quirks, Simulator } from '../../simulator/start-simulator.ts';
import { backUp } from './local-run.ts';
import { afterAccident, linkedSite, linksOf, relink } from './relink-run.ts';
import { restore } from './restore-run.ts';
import { undo } from './undo-run.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

type Body = Record<string, unknown>;
type Issue = Body & { readonly fields?: Body };
type Answered = Body & {
  readonly issues?: readonly Issue[];
  readonly nextPageToken?: unknown;
  readonly isLast?: unknown;
};

interface Changed {
  readonly status: number;
  /** Missing where there is no body. */
  readonly json?: Answered;
}

/** What another implementation of Jira makes of a request before it is answered, or of the answer of ours. */
interface Jira {
  readonly refuses?: (request: Exchange) => Changed | undefined;
  readonly answers?: (request: Exchange, answer: Changed) => Changed;
  readonly quirks?: Partial<Quirks>;
}

/** Stands between the product and the simulator, and answers as another Jira would. */
async function behind(simulator: Simulator, { refuses, answers }: Jira): Promise<Simulator> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [method, path, bytes] = [request.method ?? '', request.url ?? '', Buffer.concat(chunks)];
    const exchange = { method, path, body: bytes.toString() };
    const isJira = path.includes('/rest/api/3/');
    const refused = isJira ? refuses?.(exchange) : undefined;
    if (refused) return send(response, refused);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as IncomingHttpHeaders;
    const answer = await fetch(`${simulator.url}${path}`, {
      method,
      headers: headers as Record<string, string>,
      ...(bytes.length > 0 && { body: bytes }),
    });
    const given = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? 'application/json';
    if (!isJira || !answers || !type.includes('json')) {
      response.writeHead(answer.status, { 'content-type': type }).end(given);
      return;
    }
    const json = given.length > 0 ? JSON.parse(given.toString()) : undefined;
    send(response, answers(exchange, { status: answer.status, json }));
  });
  const send = (response: import('node:http').ServerResponse, { status, json }: Changed) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(json === undefined ? '' : JSON.stringify(json));
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new Proxy(simulator, { get: (target, name) => (name === 'url' ? url : Reflect.get(target, name)) });
}

const isSearch = ({ path }: Exchange) => path.includes('/search/jql');
const isBulk = ({ path }: Exchange) => path.includes('/bulkfetch');
const isOne = ({ method, path }: Exchange) => method === 'GET' && /\/issue\/[^/?]+/.test(path);
const isWrite = ({ method }: Exchange) => method === 'PUT';

/** Each issue of an answer, however it stands there. */
function eachIssue(request: Exchange, answer: Changed, change: (issue: Issue) => Body): Changed {
  if (answer.status >= 300 || answer.json === undefined) return answer;
  const { json } = answer;
  if (isSearch(request) || isBulk(request))
    return { ...answer, json: { ...json, issues: (json.issues ?? []).map(change) } };
  return isOne(request) ? { ...answer, json: change(json) } : answer;
}

const eachValue = (change: (value: Body[]) => unknown) => (request: Exchange, answer: Changed) =>
  eachIssue(request, answer, (issue) => ({
    ...issue,
    fields: Object.fromEntries(
      Object.entries(issue.fields ?? {}).map(([id, value]) => [id, Array.isArray(value) ? change(value) : value]),
    ),
  }));

const others: Record<string, Jira> = {
  'objects in no order': { answers: eachValue((list) => list.toReversed()) },
  'ids of objects and issues as numbers': {
    answers: (request, answer) =>
      eachIssue(
        request,
        eachValue((list) => list.map((one) => ({ ...one, objectId: Number(one.objectId) })))(request, answer),
        (issue) => ({ ...issue, id: Number(issue.id) }),
      ),
  },
  'objects by their global id alone': { answers: eachValue((list) => list.map(({ id }) => ({ id }))) },
  'objects with more than three fields': {
    answers: eachValue((list) => list.map((one) => ({ ...one, label: 'An office', objectKey: 'FAC-1' }))),
  },
  'no fields at all where they are empty': {
    answers: (request, answer) =>
      eachIssue(request, answer, ({ fields = {}, ...issue }) => {
        const held = Object.entries(fields).filter(([, value]) => value !== null);
        return held.length > 0 ? { ...issue, fields: Object.fromEntries(held) } : issue;
      }),
  },
  'a key only for whoever asks for it': {
    answers: (request, answer) =>
      isSearch(request) && !(JSON.parse(request.body) as { fields: string[] }).fields.includes('key')
        ? eachIssue(request, answer, ({ key: _, ...issue }) => issue)
        : answer,
  },
  'no bulk, as an unknown route': {
    refuses: (request) =>
      isBulk(request)
        ? { status: 404, json: { type: 'about:blank', title: 'Not Found', status: 404, detail: 'No static resource' } }
        : undefined,
  },
  'no bulk, forbidden': {
    refuses: (request) => (isBulk(request) ? { status: 403, json: { errorMessages: [], errors: {} } } : undefined),
  },
  'an empty token behind the last page': {
    answers: (request, answer) =>
      isSearch(request) && answer.status === 200
        ? { ...answer, json: { ...answer.json, nextPageToken: answer.json?.nextPageToken ?? '' } }
        : answer,
  },
  'a last page that says nothing of it': {
    answers: (request, answer) => {
      if (!isSearch(request) || answer.status !== 200) return answer;
      const { isLast: _, ...json } = answer.json ?? {};
      return { ...answer, json: { ...json, nextPageToken: json.nextPageToken ?? null } };
    },
  },
  'a last page with a token all the same, which is refused': {
    refuses: (request) =>
      isSearch(request) && request.body.includes('behind-the-end')
        ? { status: 400, json: { errorMessages: ['The token is invalid.'] } }
        : undefined,
    answers: (request, answer) =>
      isSearch(request) && answer.json?.isLast === true
        ? { ...answer, json: { ...answer.json, nextPageToken: 'behind-the-end' } }
        : answer,
  },
  'a search by GET alone': {
    refuses: (request) => (isSearch(request) && request.method === 'POST' ? { status: 405, json: {} } : undefined),
  },
  'a write answered with the issue': {
    answers: (request, answer) =>
      isWrite(request) && answer.status === 204 ? { status: 200, json: { id: '1' } } : answer,
  },
};

describe.each(Object.entries(others))('a Jira with %s', (_, jira) => {
  it.each(['dropped', 'kept'] as const)(
    'has its issues read, linked again and taken back, where it has %s',
    async (way) => {
      const linked = linkedSite();
      const before = linksOf(linked);
      const quirks = { ...jira.quirks, issueFieldsOfDeleted: way };
      const accident = await afterAccident(linked, { quirks, through: (simulator) => behind(simulator, jira) });
      const { simulator, directory, backup } = accident;
      const sorted = (links: Record<string, string[]>) =>
        Object.fromEntries(Object.entries(links).map(([place, names]) => [place, names.toSorted()]));

      const { result, error, report } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
      expect(error).toBeUndefined();
      expect(report?.losses).toEqual([]);
      expect(result).toMatchObject({ outcome: 'restored', issues: 12, losses: 0 });
      expect(sorted(linksOf(accident))).toEqual(sorted(before));
      const again = await relink(simulator, directory, { relink: result?.restore ?? '' });
      expect(again.report?.issues).toMatchObject({ issues: 0, already: 12, others: 0, lost: 0 });
      const night = await backUp(simulator, { directory });
      expect(night.manifest).toMatchObject({ status: 'complete', gaps: [] });
      expect(night.manifest?.notOffered.map(({ what }) => what)).toEqual([]);
      const planned = await undo(simulator, directory, { undo: result?.restore ?? '' });
      const undone = await undo(simulator, directory, {
        undo: result?.restore ?? '',
        approve: planned.result?.hash ?? null,
      });
      expect(undone.report?.counts).toMatchObject({ setBackIssues: 12, deleted: { object: 6 } });
    },
  );
});
