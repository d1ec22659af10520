import type { EndpointName } from './endpoint.ts';
import type { SimulatedRequest } from './request.ts';

/** One way in which a request can go wrong. */
export type Fault =
  /** An answer with any status and a JSON body (default: the API's own error body). */
  | { kind: 'status'; status: number; body?: unknown; retryAfter?: number | string; headers?: Record<string, string> }
  /** A web page instead of JSON, as proxies and maintenance pages give. Status 502 unless told, 200 included. */
  | { kind: 'html'; status?: number; body?: string }
  /** 200 without a body. */
  | { kind: 'empty' }
  /** 200 with valid JSON of another shape. */
  | { kind: 'wrong-shape'; body: unknown }
  /** The true answer cut in half, with a Content-Length that fits the half. */
  | { kind: 'truncated' }
  /** The true answer's headers and half of its body, then the connection is closed. */
  | { kind: 'cut' }
  /** The true answer's headers and half of its body, and then nothing more, ever. */
  | { kind: 'stall' }
  /** The true answer before so many blanks, packed (gzip): some kilobytes on the way. */
  | { kind: 'packed'; bytes: number }
  /** The true answer with records, all or the one of this id, that are so much heavier by a field that nothing documents. */
  | { kind: 'heavy'; bytesEach: number; id?: string | number }
  /** The same with a value nested so deep. */
  | { kind: 'nested'; depth: number; id?: string | number }
  /**
   * A list without an end: whichever page is asked for is full of records, invented ones after the true first page. A search for issues
   * brings its first page again, each time with a new token.
   */
  | { kind: 'endless' }
  /** The connection is closed without an answer. */
  | { kind: 'close' }
  /** No answer, ever. */
  | { kind: 'hang' }
  /** The true answer, late. */
  | { kind: 'delay'; ms: number }
  /** A list answer lacks its item number `index`, while totals and isLast stay as if it were there. */
  | { kind: 'drop-item'; index: number }
  /** A list answer has its item number `index` twice. */
  | { kind: 'repeat-item'; index: number };

export interface FaultRule {
  /** One endpoint, several, or `*` for all. */
  endpoint: EndpointName | readonly EndpointName[] | '*';
  /** How often it strikes; for ever by default. */
  times?: number;
  /** So many matching requests pass first. */
  skip?: number;
  /** Only requests for which this holds. */
  match?: (request: SimulatedRequest) => boolean;
  /**
   * For `status`, `html`, `empty`, `wrong-shape`, `close` and `hang`: the site does the work and only its answer is lost,
   * as when a gateway times out. By default the request never reaches the site.
   */
  workDone?: boolean;
  fault: Fault;
}

/** The faults in force; rules may be added and removed while the simulator runs. The first rule that strikes wins. */
export class Faults {
  readonly #rules: { rule: FaultRule; passed: number; struck: number }[] = [];

  constructor(rules: readonly FaultRule[] = []) {
    for (const rule of rules) this.add(rule);
  }

  /** Adds a rule; the returned function removes it. */
  add(rule: FaultRule): () => void {
    const entry = { rule, passed: 0, struck: 0 };
    this.#rules.push(entry);
    return () => {
      const index = this.#rules.indexOf(entry);
      if (index >= 0) this.#rules.splice(index, 1);
    };
  }

  remove(rule: FaultRule): void {
    const index = this.#rules.findIndex((entry) => entry.rule === rule);
    if (index >= 0) this.#rules.splice(index, 1);
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** How often a rule has struck. */
  struck(rule: FaultRule): number {
    return this.#rules.find((entry) => entry.rule === rule)?.struck ?? 0;
  }

  /** The rule that strikes this request, if any; counts it. */
  strike(request: SimulatedRequest): FaultRule | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (!concerns(rule, request.endpoint) || entry.struck >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      if (rule.match && !rule.match(request)) continue;
      if (entry.passed < (rule.skip ?? 0)) {
        entry.passed += 1;
        continue;
      }
      entry.struck += 1;
      return rule;
    }
    return undefined;
  }
}

function concerns(rule: FaultRule, endpoint: EndpointName): boolean {
  if (rule.endpoint === '*') return true;
  return typeof rule.endpoint === 'string' ? rule.endpoint === endpoint : rule.endpoint.includes(endpoint);
}
