import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A pretend S3 with one bucket, of what S3's documentation says about PutObject with conditions and checksums, CopyObject
 * with the conditions of both sides, HeadObject, GetObject with ranges, ListObjectsV2 in pages, DeleteObjects, GetObjectRetention and
 * GetObjectLegalHold. Faults are put in by `before` and `after`.
 */
export class PretendS3 {
  readonly objects = new Map<string, Uint8Array>();
  /** SHA-256 (base64) that S3 keeps with a file, and does not look at again. */
  readonly sums = new Map<string, string>();
  readonly requests: { readonly method: string; readonly key: string; readonly headers: IncomingMessage['headers'] }[] =
    [];
  /** Answers in the place of S3 where it gives one: before anything was done. */
  before: (request: IncomingMessage, key: string) => Fault | undefined = () => undefined;
  /** The same, after it was done: the answer is lost. */
  after: (request: IncomingMessage, key: string) => Fault | undefined = () => undefined;
  /** Account that the bucket belongs to: requests that expect another one are refused. */
  owner = '123456789012';
  /** What a copy is said to have, and is kept with it; undefined: nothing, as of an emulator that keeps none. */
  sumOfCopy: (bytes: Uint8Array) => string | undefined = sumOf;
  /** Whether the bucket was made with Object Lock: until when files are locked (ISO 8601), and which are held. */
  hasLocks = true;
  readonly retentions = new Map<string, string>();
  readonly held = new Set<string>();
  /** Keys of each request to delete. */
  readonly deletes: (readonly string[])[] = [];
  /** The code with which a file is refused in the answer to a request to delete several. */
  refuseDelete: (key: string) => string | undefined = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  static async start(): Promise<PretendS3> {
    const s3 = new PretendS3();
    await new Promise<void>((resolve) => s3.#server.listen(0, '127.0.0.1', resolve));
    return s3;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://s3');
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const body = await bytesOf(request);
    this.requests.push({ method: request.method ?? '', key, headers: request.headers });
    const before = this.before(request, key);
    if (before) return fail(response, before);
    const expected = request.headers['x-amz-expected-bucket-owner'] ?? this.owner;
    if (expected !== this.owner) return fail(response, { status: 403, code: 'AccessDenied' });
    const answer = this.#carryOut(request, url, key, body);
    const after = this.after(request, key);
    if (after) return fail(response, after);
    if ('code' in answer) return fail(response, answer);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  #carryOut(request: IncomingMessage, url: URL, key: string, body: Uint8Array): Answer | Fault {
    if (request.method === 'PUT' && request.headers['x-amz-copy-source']) return this.#copy(request, key);
    if (request.method === 'PUT') return this.#put(request, key, body);
    if (request.method === 'HEAD') return this.#head(request, key);
    if (request.method === 'POST') return this.#delete(request, body);
    for (const what of ['retention', 'legal-hold'] as const)
      if (url.searchParams.has(what)) return this.#lock(what, key);
    return key === '' ? this.#list(url.searchParams) : this.#get(request, key);
  }

  #put({ headers }: IncomingMessage, key: string, body: Uint8Array): Answer | Fault {
    const sum = sumOf(body);
    if (sum !== headers['x-amz-checksum-sha256']) return { status: 400, code: 'BadDigest' };
    const there = this.objects.get(key);
    if (headers['if-none-match'] === '*' && there) return { status: 412, code: 'PreconditionFailed' };
    const version = headers['if-match'];
    if (version !== undefined && !there) return { status: 404, code: 'NoSuchKey' };
    if (version !== undefined && there && version !== etag(there)) return { status: 412, code: 'PreconditionFailed' };
    this.objects.set(key, body);
    this.sums.set(key, sum);
    return { status: 200, headers: { etag: etag(body) } };
  }

  #copy({ headers }: IncomingMessage, key: string): Answer | Fault {
    // What follows a `?` is a version of the file; all else is encoded.
    const [source = ''] = String(headers['x-amz-copy-source']).split('?');
    const from = decodeURIComponent(source.split('/').slice(1).join('/'));
    const there = this.objects.get(from);
    if (headers['x-amz-source-expected-bucket-owner'] !== this.owner) return { status: 403, code: 'AccessDenied' };
    if (!there) return { status: 404, code: 'NoSuchKey' };
    const isOther = headers['x-amz-copy-source-if-match'] !== etag(there);
    if (isOther || (headers['if-none-match'] === '*' && this.objects.has(key)))
      return { status: 412, code: 'PreconditionFailed' };
    this.objects.set(key, there);
    this.sums.delete(key);
    const sum = this.sumOfCopy(there);
    if (sum !== undefined) this.sums.set(key, sum);
    const checksum = sum === undefined ? '' : `<ChecksumSHA256>${sum}</ChecksumSHA256>`;
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?><CopyObjectResult><ETag>${xml(etag(there))}</ETag>${checksum}</CopyObjectResult>`,
    };
  }

  #head({ headers }: IncomingMessage, key: string): Answer | Fault {
    const there = this.objects.get(key);
    if (!there) return { status: 404, code: 'NoSuchKey' };
    const sum = headers['x-amz-checksum-mode'] === 'ENABLED' ? this.sums.get(key) : undefined;
    return {
      status: 200,
      headers: {
        etag: etag(there),
        'content-length': String(there.length),
        ...(sum !== undefined && { 'x-amz-checksum-sha256': sum }),
      },
    };
  }

  #get({ headers }: IncomingMessage, key: string): Answer | Fault {
    const there = this.objects.get(key);
    if (!there) return { status: 404, code: 'NoSuchKey' };
    const [range, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const from = Number(first ?? 0);
    if (range !== undefined && from >= there.length) return { status: 416, code: 'InvalidRange' };
    const body = there.subarray(from, last ? Number(last) + 1 : undefined);
    return {
      status: range === undefined ? 200 : 206,
      headers: { etag: etag(there), 'content-length': String(body.length) },
      body,
    };
  }

  #delete({ headers }: IncomingMessage, body: Uint8Array): Answer | Fault {
    const text = Buffer.from(body).toString();
    // S3 demands one of these, and checks it.
    if (!Object.keys(headers).some((name) => /^(content-md5|x-amz-checksum-(crc32|sha256))$/.test(name)))
      return { status: 400, code: 'InvalidRequest' };
    const keys = [...text.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key = '']) => unescaped(key));
    this.deletes.push(keys);
    // A version that is deleted is gone for good: nothing of ours may ask for that.
    if (text.includes('<VersionId>')) return { status: 403, code: 'AccessDenied' };
    if (keys.length > 1000) return { status: 400, code: 'MalformedXML' };
    const refused = keys.flatMap((key) => {
      const code = this.refuseDelete(key);
      if (code === undefined) this.objects.delete(key);
      return code === undefined ? [] : [`<Error><Key>${xml(key)}</Key><Code>${code}</Code></Error>`];
    });
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?><DeleteResult>${refused.join('')}</DeleteResult>`,
    };
  }

  #lock(what: 'retention' | 'legal-hold', key: string): Answer | Fault {
    if (!this.objects.has(key)) return { status: 404, code: 'NoSuchKey' };
    if (!this.hasLocks)
      return { status: 400, code: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' };
    const until = this.retentions.get(key);
    const isSet = what === 'retention' ? until !== undefined : this.held.has(key);
    if (!isSet) return { status: 404, code: 'NoSuchObjectLockConfiguration' };
    const body =
      what === 'retention'
        ? `<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`
        : '<LegalHold><Status>ON</Status></LegalHold>';
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter');
    const after = query.get('continuation-token');
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const entries = [
      ...new Set(
        keys.map((key) => {
          const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
          return end < 0 ? key : key.slice(0, end + 1);
        }),
      ),
    ];
    const start = after === null ? 0 : entries.indexOf(Buffer.from(after, 'base64').toString()) + 1;
    const page = entries.slice(start, start + pageSize);
    const next = start + pageSize < entries.length ? Buffer.from(page.at(-1) ?? '').toString('base64') : undefined;
    const items = page.map((entry) => {
      const object = this.objects.get(entry);
      return object
        ? `<Contents><Key>${xml(entry)}</Key><Size>${object.length}</Size></Contents>`
        : `<CommonPrefixes><Prefix>${xml(entry)}</Prefix></CommonPrefixes>`;
    });
    const token = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
    const isCut = `<IsTruncated>${next !== undefined}</IsTruncated>`;
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>${isCut}${token}${items.join('')}</ListBucketResult>`,
    };
  }
}

/** `code` `cut` breaks the connection off after the first half of an answer's bytes. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  /** @default the code */
  readonly message?: string;
  /** Of a cut answer: what it would have been. */
  readonly bytes?: Uint8Array;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

const pageSize = 1000;

function fail(response: ServerResponse, { status, code, message = code, bytes }: Fault): void {
  if (code === 'cut') {
    if (!bytes) {
      response.destroy();
      return;
    }
    response.writeHead(200, { etag: etag(bytes), 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => response.destroy(), 20));
    return;
  }
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

const etag = (bytes: Uint8Array) => `"${createHash('md5').update(bytes).digest('hex')}"`;

const xml = (text: string) => text.replace(/[&<>"\r]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const unescaped = (text: string) =>
  text
    .replace(/&#x?([0-9a-f]+);/gi, (all, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, all.includes('x') ? 16 : 10)),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
