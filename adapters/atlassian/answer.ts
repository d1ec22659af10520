import type { IncomingHttpHeaders } from 'node:http';
import { giveBackIfWhole } from '../../core/give-back.ts';
import { removeMediaTokens } from '../../core/media-tokens.ts';
import { isRecord, type Json } from '../../core/model/json.ts';
import { type JsonScan, scanJson } from './json-scan.ts';
import { parsedJson, type ReceivedItem, type ReceivedJson, receivedJson, utf8 } from './received-items.ts';

/** Spaces of JSON are this and what comes before it. */
const space = 0x20;

/** What an answer is instead of what was asked for, to go after "answered". Never quotes it: it may hold values. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
  /** Whether what was asked for was certainly not done, so that it may be asked for again. */
  readonly isSurelyUndone: boolean;

  constructor(message: string, { isSurelyUndone = false } = {}) {
    super(message);
    this.isSurelyUndone = isSurelyUndone;
  }
}

/** A whole answer of the site. */
export class Answer {
  readonly status: number;
  /** By names in small letters. */
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
  readonly #mostValues: number;

  /** @param mostValues that its JSON may have */
  constructor(status: number, headers: IncomingHttpHeaders, bytes: Uint8Array, mostValues: number) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
    this.#mostValues = mostValues;
  }

  /** The body without media tokens, every number as it was spelt. Throws WrongAnswer, and ExcessiveAnswer for too much of it. */
  json(): Json {
    return this.#parsed(({ mayHaveTokens, hasPlainNumbers }) => {
      const value = parsedJson(utf8.decode(this.bytes), hasPlainNumbers);
      if (mayHaveTokens) removeMediaTokens(value);
      return value;
    });
  }

  /**
   * The same, with the items of a list still to be parsed, each when its turn comes, and their bytes where they came as they are to be
   * stored: parts of the answer's own, which are given back behind the last item where none of it is. To be called once.
   */
  received(list: string): ReceivedJson {
    const { json, items } = this.#parsed((scan) => receivedJson(this.bytes, scan, list));
    return { json, items: this.#inTurn(items) };
  }

  *#inTurn(items: Iterable<ReceivedItem>): Generator<ReceivedItem> {
    const turns = items[Symbol.iterator]();
    let isKept = false;
    for (;;) {
      const turn = inWords(() => turns.next());
      if (turn.done) break;
      isKept ||= turn.value.own !== undefined;
      yield turn.value;
    }
    if (!isKept) giveBackIfWhole(this.bytes);
  }

  /**
   * The `mediaJwtToken` at the top of the body: a secret, which must go into a header and nowhere else. Throws WrongAnswer, also
   * for what cannot stand in a header.
   */
  mediaToken(): string {
    const value = this.#parsed(({ hasPlainNumbers }) => parsedJson(utf8.decode(this.bytes), hasPlainNumbers));
    const token = isRecord(value) ? value.mediaJwtToken : undefined;
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new WrongAnswer('JSON without a media token');
    return token;
  }

  #parsed<T>(parse: (scan: JsonScan) => T): T {
    const start = this.bytes.findIndex((byte) => byte > space);
    if (start === -1) throw new WrongAnswer('nothing instead of JSON');
    if (isPage(this.headers, this.bytes.subarray(start))) throw new WrongAnswer('a web page instead of JSON');
    const scan = scanJson(this.bytes, this.#mostValues);
    return inWords(() => parse(scan));
  }

  /** A web page comes from a proxy or another site, whatever its status: it says nothing about what was asked for. */
  get isWebPage(): boolean {
    return isPage(this.headers, this.bytes);
  }

  /** A 404 that says nothing about the thing that was asked for: the site does not have the endpoint (JSDCLOUD-17071). */
  get isUnknownRoute(): boolean {
    const isProblem = (this.headers['content-type'] ?? '').includes('application/problem+json');
    return this.status === 404 && (isProblem || /no static resource/i.test(new TextDecoder().decode(this.bytes)));
  }

  /**
   * Scoped tokens are refused with this text where they lack a scope, and at endpoints for which no scope exists (reference,
   * section 5; the text is known, the JSON around it is not).
   */
  get saysScopeMismatch(): boolean {
    return this.status === 401 && /scope does not match/i.test(new TextDecoder().decode(this.bytes));
  }
}

function inWords<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // The error of JSON.parse quotes the body, so it is no cause to keep. A decoder's is a TypeError.
    throw new WrongAnswer(
      error instanceof TypeError ? 'text that is not valid UTF-8' : 'JSON that is cut or not valid',
    );
  }
}

function isPage(headers: IncomingHttpHeaders, body: Uint8Array): boolean {
  const beginning = new TextDecoder().decode(body.subarray(0, 100));
  return beginning.trimStart().startsWith('<') || (headers['content-type'] ?? '').includes('text/html');
}
