import { AqlError, type Comparison, type Condition, type Operator, type Query } from './query.ts';
import { type Token, tokenise } from './tokenise.ts';

const end: Token = { kind: 'end', text: 'end of query' };
const reserved = new Set(['and', 'or', 'order', 'by', 'in', 'not', 'is', 'like', 'startswith', 'endswith', 'having']);

/** Reads a query; throws AqlError for anything that the simulator does not know, so that nothing is matched by chance. */
export function parseQuery(text: string, nowMs: number): Query {
  return new Parser(tokenise(text), nowMs).query();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #nowMs: number;
  #position = 0;

  constructor(tokens: readonly Token[], nowMs: number) {
    this.#tokens = tokens;
    this.#nowMs = nowMs;
  }

  query(): Query {
    const condition = this.#or();
    const orderBy = this.#accept('order') ? this.#order() : undefined;
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return { condition, orderBy };
  }

  #order(): Query['orderBy'] {
    this.#expect('by');
    const field = this.#name();
    if (this.#accept('desc')) return { field, isDescending: true };
    this.#accept('asc');
    return { field, isDescending: false };
  }

  #or(): Condition {
    const parts = [this.#and()];
    while (this.#accept('or')) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'or', parts };
  }

  #and(): Condition {
    const parts = [this.#primary()];
    while (this.#accept('and')) parts.push(this.#primary());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'and', parts };
  }

  #primary(): Condition {
    if (this.#accept('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Comparison {
    const field = this.#name();
    const operator = this.#operator();
    const base = { kind: 'comparison', field, operator } as const;
    if (operator === 'is empty' || operator === 'is not empty') return { ...base, values: [], withChildren: false };
    if (operator !== 'in' && operator !== 'not in') return { ...base, values: [this.#value()], withChildren: false };
    const withChildren = this.#accept('objecttypeandchildren');
    this.#expect('(');
    const values = [this.#value()];
    while (this.#accept(',')) values.push(this.#value());
    this.#expect(')');
    return { ...base, values, withChildren };
  }

  #operator(): Operator {
    for (const sign of ['=', '!=', '<', '>', '<=', '>='] as const) if (this.#accept(sign)) return sign;
    for (const word of ['like', 'startswith', 'endswith', 'in'] as const) if (this.#accept(word)) return word;
    if (this.#accept('not')) {
      if (this.#accept('in')) return 'not in';
      this.#expect('like');
      return 'not like';
    }
    this.#expect('is');
    const isNegated = this.#accept('not');
    this.#expect('empty');
    return isNegated ? 'is not empty' : 'is empty';
  }

  #value(): string {
    if (this.#peek().kind === 'word' && this.#peek().text.toLowerCase() === 'now') return this.#nowFunction();
    const token = this.#next();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.#unexpected(token);
    // A word before a bracket would be a function; those that matter for backups are known above, the others are not.
    if (token.kind === 'word' && this.#peek().text === '(') throw new AqlError(`Function ${token.text}() is not known`);
    return token.text;
  }

  /** `now()` and `now("-2h 15m")`, as a time in ISO form. */
  #nowFunction(): string {
    this.#next();
    this.#expect('(');
    const offset = this.#peek().kind === 'quoted' ? this.#next().text : '';
    this.#expect(')');
    let ms = this.#nowMs;
    const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
    const sign = offset.startsWith('-') ? -1 : 1;
    for (const part of offset.split(/\s+/).filter((text) => text !== '')) {
      const match = /^[+-]?(\d+)([mhdw])$/.exec(part);
      if (!match) throw new AqlError(`now("${offset}") cannot be read`);
      ms += sign * Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0);
    }
    return new Date(ms).toISOString();
  }

  #name(): string {
    const token = this.#next();
    const isReserved = token.kind === 'word' && reserved.has(token.text.toLowerCase());
    if ((token.kind !== 'word' && token.kind !== 'quoted') || isReserved) throw this.#unexpected(token);
    return token.text;
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? end;
  }

  #next(): Token {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }

  #accept(text: string): boolean {
    const token = this.#peek();
    if (token.kind === 'quoted' || token.kind === 'end' || token.text.toLowerCase() !== text) return false;
    this.#position += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected();
  }

  #unexpected(token: Token = this.#peek()): AqlError {
    return new AqlError(`The query is not valid at: ${token.text}`);
  }
}
