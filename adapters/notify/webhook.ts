import { setTimeout as sleep } from 'node:timers/promises';
import { isSafeAddress } from '../../validation/safe-address.ts';
import { chatLine } from './chat-text.ts';
import { noticeDocument } from './notice-document.ts';

/** How long it is tried, in milliseconds. */
export interface WebhookTimes {
  /** For one try, until its answer begins. */
  readonly try: number;
  /** Before each further try; as many as there are. */
  readonly pauses: readonly number[];
}

/** Some twenty seconds at most: a run is over, and somebody waits for its end. */
const defaultTimes: WebhookTimes = { try: 5_000, pauses: [500, 2_000] };

/** Why a try failed, and whether another one may do better. */
interface Refusal {
  readonly reason: string;
  readonly mayPass: boolean;
}

/** An address that takes notices: whoever knows it may write there, so nothing of it is shown anywhere. */
export class Webhook {
  readonly #url: URL;

  private constructor(url: URL) {
    this.#url = url;
  }

  /** Undefined for what is no https address, or http to this machine: a name and a password in it are none that fetch sends. */
  static at(text: string): Webhook | undefined {
    const url = URL.parse(text.trim());
    return url && isSafeAddress(url) && url.username === '' && url.password === '' ? new Webhook(url) : undefined;
  }

  /**
   * Leaves some lines there, as one text: a POST, which is tried again where the network fails or the server says that it is its own fault or too much; a
   * text that is there twice does no harm. No redirect is followed, since it would carry the text to somebody else. Gives why it could
   * not be left, to end a sentence; undefined where it was. Nothing of the address stands in that.
   */
  async leave(lines: readonly string[], times = defaultTimes): Promise<string | undefined> {
    const text = lines.map(chatLine).join('\n');
    let refusal = await this.#tried(text, times.try);
    for (const pause of times.pauses) {
      if (refusal?.mayPass !== true) break;
      await sleep(pause);
      refusal = await this.#tried(text, times.try);
    }
    return refusal?.reason;
  }

  async #tried(text: string, milliseconds: number): Promise<Refusal | undefined> {
    const signal = AbortSignal.timeout(milliseconds);
    try {
      const { ok, status, body } = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'assets-backup' },
        body: JSON.stringify(noticeDocument(this.#url, text)),
        redirect: 'manual',
        signal,
      });
      // What else it says is nobody's matter, and may have no end.
      body?.cancel().catch(() => {});
      if (ok) return undefined;
      if (status >= 300 && status < 400) {
        return { reason: `it was answered ${status}: it leads elsewhere, and is not followed`, mayPass: false };
      }
      return { reason: `it was answered ${status}`, mayPass: status === 408 || status === 429 || status >= 500 };
    } catch (error) {
      if (signal.aborted) return { reason: `no answer came within ${milliseconds / 1000} seconds`, mayPass: true };
      // Its message, and those of its causes, may name the host.
      const code = codeOf(error);
      return { reason: `it could not be reached${code === undefined ? '' : ` (${code})`}`, mayPass: true };
    }
  }
}

/** `ECONNREFUSED` and the like, of the error or what led to it. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(cause.code)) return cause.code;
  }
  return undefined;
}
