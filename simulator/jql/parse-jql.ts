// The part of JQL that the simulator understands; all else is refused, so that nothing is matched by chance.
// Source: Jira's documentation of JQL; the reference, section 8, for Assets fields.

/** What the site says to a query that it does not understand; answered 400. */
export class JqlError extends Error {
  override readonly name = 'JqlError';
}

export type JqlCondition = { readonly kind: 'and' | 'or'; readonly parts: readonly JqlCondition[] } | JqlComparison;

export interface JqlComparison {
  readonly kind: 'comparison';
  /** As it stands there, without quotes: a name, or `cf[10100]`. */
  readonly field: string;
  readonly operator: 'is empty' | 'is not empty' | 'in' | 'not in';
  /** Of `in`, and of `=`, which is an `in` of one. */
  readonly values: readonly string[];
  /** The AQL of `in aqlFunction("…")`. */
  readonly aql: string | undefined;
}

export interface Jql {
  /** Undefined for a query that asks for every issue. */
  readonly condition: JqlCondition | undefined;
  readonly order: readonly { readonly field: string; readonly isDescending: boolean }[];
}

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Jira allows no more fields in an ORDER BY. */
const mostOrderFields = 7;

export function parseJql(text: string): Jql {
  return new Parser(tokenise(text)).query();
}

function tokenise(query: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|[=(),])|([^\s"'=<>!(),]+)/gsy;
  while (pattern.lastIndex < query.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(query);
    if (!match) throw new JqlError(`Error in the JQL Query near '${query.slice(start, start + 20)}'.`);
    const [, double, single, sign, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ text: quoted.replaceAll(/\\(.)/gs, '$1'), isQuoted: true });
    else if (sign ?? word) tokens.push({ text: sign ?? word ?? '', isQuoted: false });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Jql {
    const isOrderOnly = this.#tokens.length === 0 || this.#sees('order');
    const condition = isOrderOnly ? undefined : this.#or();
    const order = this.#accept('order') ? this.#order() : [];
    if (this.#position < this.#tokens.length) throw this.#unexpected();
    return { condition, order };
  }

  #order(): Jql['order'] {
    this.#expect('by');
    const order: { field: string; isDescending: boolean }[] = [];
    do {
      const field = this.#word();
      const isDescending = this.#accept('desc');
      if (!isDescending) this.#accept('asc');
      order.push({ field, isDescending });
    } while (this.#accept(','));
    if (order.length > mostOrderFields) throw new JqlError('The query orders by too many fields.');
    return order;
  }

  #or(): JqlCondition {
    const parts = [this.#and()];
    while (this.#accept('or')) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as JqlCondition) : { kind: 'or', parts };
  }

  #and(): JqlCondition {
    const parts = [this.#primary()];
    while (this.#accept('and')) parts.push(this.#primary());
    return parts.length === 1 ? (parts[0] as JqlCondition) : { kind: 'and', parts };
  }

  #primary(): JqlCondition {
    if (!this.#accept('(')) return this.#comparison();
    const inner = this.#or();
    this.#expect(')');
    return inner;
  }

  #comparison(): JqlComparison {
    const base = { kind: 'comparison', field: this.#word(), aql: undefined } as const;
    if (this.#accept('is')) {
      const isNegated = this.#accept('not');
      if (!this.#accept('empty')) this.#expect('null');
      return { ...base, operator: isNegated ? 'is not empty' : 'is empty', values: [] };
    }
    if (this.#accept('=')) return { ...base, operator: 'in', values: [this.#word()] };
    if (this.#accept('!=')) return { ...base, operator: 'not in', values: [this.#word()] };
    const operator = this.#accept('not') ? 'not in' : 'in';
    this.#expect('in');
    if (this.#accept('aqlfunction')) {
      this.#expect('(');
      const aql = this.#word();
      this.#expect(')');
      return { ...base, operator, values: [], aql };
    }
    this.#expect('(');
    const values = [this.#word()];
    while (this.#accept(',')) values.push(this.#word());
    this.#expect(')');
    return { ...base, operator, values };
  }

  #word(): string {
    const token = this.#tokens[this.#position];
    if (!token || (!token.isQuoted && /^[=(),]|^!=$/.test(token.text))) throw this.#unexpected();
    this.#position += 1;
    return token.text;
  }

  #sees(text: string): boolean {
    const token = this.#tokens[this.#position];
    return token !== undefined && !token.isQuoted && token.text.toLowerCase() === text;
  }

  #accept(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#position += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected();
  }

  #unexpected(): JqlError {
    return new JqlError(`Error in the JQL Query: unexpected '${this.#tokens[this.#position]?.text ?? 'end'}'.`);
  }
}
