import type { IncomingHttpHeaders } from 'node:http';
import { parseLosslessJson } from '../../core/lossless-json.ts';
import { removeMediaTokens } from '../../core/media-tokens.ts';
import { isRecord, type Json } from '../../core/model/json.ts';
import { checkExtent } from './json-extent.ts';

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
    const value = this.#json();
    removeMediaTokens(value);
    return value;
  }

  /**
   * The `mediaJwtToken` at the top of the body: a secret, which must go into a header and nowhere else. Throws WrongAnswer, also
   * for what cannot stand in a header.
   */
  mediaToken(): string {
    const value = this.#json();
    const token = isRecord(value) ? value.mediaJwtToken : undefined;
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new WrongAnswer('JSON without a media token');
    return token;
  }

  #json(): Json {
    const text = this.#text();
    if (text.trim() === '') throw new WrongAnswer('nothing instead of JSON');
    if (isPage(this.headers, text)) throw new WrongAnswer('a web page instead of JSON');
    checkExtent(this.bytes, this.#mostValues);
    try {
      return parseLosslessJson(text);
    } catch {
      // The error of JSON.parse quotes the body, so it is no cause to keep.
      throw new WrongAnswer('JSON that is cut or not valid');
    }
  }

  /** A web page comes from a proxy or another site, whatever its status: it says nothing about what was asked for. */
  get isWebPage(): boolean {
    return isPage(this.headers, new TextDecoder().decode(this.bytes.subarray(0, 100)));
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

  #text(): string {
    try {
      // Not lenient: a replacement character in place of a broken byte would be stored as if it were the data.
      return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes);
    } catch {
      throw new WrongAnswer('text that is not valid UTF-8');
    }
  }
}

function isPage(headers: IncomingHttpHeaders, text: string): boolean {
  return text.trimStart().startsWith('<') || (headers['content-type'] ?? '').includes('text/html');
}
